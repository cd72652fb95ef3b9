/** Runs the service until it is told to stop; the round under way is finished first. */

import { once } from "node:events";

import { deliver } from "./delivery.js";
import { healthServer } from "./health.js";
import { jsonLog, reason } from "./log.js";
import { HttpOutbox } from "./outbox.js";
import { Poller } from "./poller.js";
import { readSettings } from "./settings.js";
import { webhook } from "./webhook.js";

/** The service is ready while a round succeeded within this many pauses. */
const PAUSES_MISSED_MAX = 10;

const log = jsonLog((line) => process.stdout.write(line));

async function main(): Promise<void> {
  const settings = readSettings();
  const outbox = new HttpOutbox(settings.ordersUrl, settings.outboxToken, settings.timeoutSeconds);
  const send = webhook(settings.webhookUrl, settings.timeoutSeconds);
  const work = async () => {
    const round = await deliver(outbox, send, log);
    if (round.delivered + round.failed > 0) {
      log.info("round finished", { ...round });
    }
  };
  const poller = new Poller(work, settings.pollSeconds, log);
  const patience = settings.pollSeconds * PAUSES_MISSED_MAX;
  const server = healthServer(() => poller.succeededWithin(patience));

  const stop = (signal: string) => {
    log.info("stopping", { signal });
    poller.stop();
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);

  server.listen(settings.port);
  await once(server, "listening");
  log.info("started", { port: settings.port });
  await poller.run();
  server.close();
  server.closeAllConnections();
  log.info("stopped");
}

main().catch((error: unknown) => {
  log.error("the service cannot run", { reason: reason(error) });
  process.exitCode = 1;
});
