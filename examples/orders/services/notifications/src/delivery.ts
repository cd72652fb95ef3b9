/**
 * Delivery: takes events from the outbox, sends a message for each, and reports it.
 *
 * An event that cannot be sent stays in the outbox and does not hold up the others. It is tried
 * again in the next round, so a customer may get a message twice, but never none.
 */

import type { Log } from "./log.js";
import { reason } from "./log.js";
import { messageFor } from "./message.js";
import type { Outbox } from "./outbox.js";
import type { Send } from "./webhook.js";

const BATCH = 50;

export interface Round {
  delivered: number;
  failed: number;
}

export async function deliver(outbox: Outbox, send: Send, log: Log): Promise<Round> {
  const round: Round = { delivered: 0, failed: 0 };
  for (const event of await outbox.undelivered(BATCH)) {
    try {
      await send(messageFor(event), event.id);
      await outbox.markDelivered(event.id);
      round.delivered += 1;
    } catch (error) {
      round.failed += 1;
      log.error("event not delivered", { event: event.id, reason: reason(error) });
    }
  }
  return round;
}
