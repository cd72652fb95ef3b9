import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import { healthServer } from "../src/health.js";
import { jsonLog } from "../src/log.js";
import { Poller } from "../src/poller.js";
import { readSettings, SettingsError } from "../src/settings.js";

const COMPLETE = {
  ORDERS_URL: "http://orders:8010",
  OUTBOX_TOKEN: "reader-token-of-tests",
  WEBHOOK_URL: "http://gateway/messages",
};

test("settings have defaults, and a missing or wrong one is named", (t) => {
  const before = { ...process.env };
  t.after(() => {
    process.env = before;
  });
  process.env = { ...COMPLETE };
  assert.equal(readSettings().port, 8020);
  process.env = { ...COMPLETE, POLL_SECONDS: "soon" };
  assert.throws(readSettings, new SettingsError("POLL_SECONDS is not a whole number from 1 to 3600: soon"));
  process.env = { ...COMPLETE, WEBHOOK_URL: "" };
  assert.throws(readSettings, new SettingsError("WEBHOOK_URL is not set"));
  process.env = { ...COMPLETE, ORDERS_URL: "orders" };
  assert.throws(readSettings, SettingsError);
});

test("the poller goes on after a failed round and stops when told", async () => {
  let rounds = 0;
  const lines: string[] = [];
  const work = async () => {
    rounds += 1;
    if (rounds === 1) {
      throw new Error("fetch failed", { cause: new Error("connection refused") });
    }
    poller.stop();
  };
  const poller = new Poller(work, 0.01, jsonLog((line) => lines.push(line)));
  assert.equal(poller.succeededWithin(60), false);
  await poller.run();
  assert.equal(rounds, 2);
  assert.equal(poller.succeededWithin(60), true);
  assert.match(lines.join(""), /fetch failed: connection refused/);
});

test("health follows what the service says of itself", async (t) => {
  let ready = false;
  const server = healthServer(() => ready);
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const status = async (path: string, method = "GET") => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    await answer.text();
    return answer.status;
  };
  assert.equal(await status("/health/live"), 200);
  assert.equal(await status("/health/ready"), 503);
  ready = true;
  assert.equal(await status("/health/ready"), 200);
  assert.equal(await status("/metrics"), 404);
  assert.equal(await status("/health/live", "POST"), 405);
});
