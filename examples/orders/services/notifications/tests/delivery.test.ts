import assert from "node:assert/strict";
import { test } from "node:test";

import { deliver } from "../src/delivery.js";
import { jsonLog } from "../src/log.js";
import { euros, messageFor, type Message } from "../src/message.js";
import type { OrderEvent, Outbox } from "../src/outbox.js";

function event(id: string, kind: OrderEvent["kind"] = "order-placed"): OrderEvent {
  return { id, kind, order_id: `o-${id}`, customer: "c-17", total_cents: 2505 };
}

class MemoryOutbox implements Outbox {
  constructor(public events: OrderEvent[]) {}

  async undelivered(limit: number): Promise<OrderEvent[]> {
    return this.events.slice(0, limit);
  }

  async markDelivered(id: string): Promise<void> {
    this.events = this.events.filter((kept) => kept.id !== id);
  }
}

test("each event becomes one message and leaves the outbox", async () => {
  const outbox = new MemoryOutbox([event("1"), event("2", "order-cancelled")]);
  const sent: [string, Message][] = [];
  const send = async (message: Message, key: string) => void sent.push([key, message]);
  const round = await deliver(outbox, send, jsonLog(() => {}));
  assert.deepEqual(round, { delivered: 2, failed: 0 });
  assert.deepEqual(outbox.events, []);
  assert.deepEqual(sent.map(([key]) => key), ["1", "2"]);
});

test("an event that cannot be sent stays, and does not hold up the next one", async () => {
  const outbox = new MemoryOutbox([event("1"), event("2")]);
  const lines: string[] = [];
  const send = async (_: Message, key: string) => {
    if (key === "1") {
      throw new Error("the gateway answered 500");
    }
  };
  const round = await deliver(outbox, send, jsonLog((line) => lines.push(line)));
  assert.deepEqual(round, { delivered: 1, failed: 1 });
  assert.deepEqual(outbox.events.map(({ id }) => id), ["1"]);
  const [line] = lines;
  assert.ok(line);
  assert.equal(JSON.parse(line).reason, "the gateway answered 500");
});

test("a message names the order and the total", () => {
  const message = messageFor(event("1"));
  assert.equal(message.customer, "c-17");
  assert.match(message.subject, /o-1/);
  assert.match(message.text, /25\.05 EUR/);
  assert.match(messageFor(event("1", "order-cancelled")).subject, /cancelled/);
  assert.equal(euros(7), "0.07 EUR");
});
