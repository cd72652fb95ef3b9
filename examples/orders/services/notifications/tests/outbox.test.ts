import assert from "node:assert/strict";
import { test } from "node:test";

import { HttpOutbox } from "../src/outbox.js";
import { webhook } from "../src/webhook.js";
import { gateway } from "./gateway.js";

const EVENT = {
  id: "e-1",
  kind: "order-placed",
  order_id: "o-1",
  customer: "c-17",
  total_cents: 2500,
  created_at: "2025-03-01T10:00:00Z",
};

test("events are read and reported with the token", async (t) => {
  const { url, calls } = await gateway(t, {
    "GET /outbox?limit=5": [200, [EVENT]],
    "POST /outbox/e-1/delivered": [204, undefined],
  });
  const outbox = new HttpOutbox(url, "t", 2);
  assert.deepEqual(await outbox.undelivered(5), [EVENT]);
  await outbox.markDelivered("e-1");
  assert.equal(calls.length, 2);
  assert.ok(calls.every(({ headers }) => headers.authorization === "Bearer t"));
});

test("an answer that breaks the contract is an error", async (t) => {
  const { url } = await gateway(t, {
    "GET /outbox?limit=1": [200, [{ ...EVENT, kind: "order-lost" }]],
    "GET /outbox?limit=2": [503, { code: "database-unavailable" }],
  });
  const outbox = new HttpOutbox(url, "t", 2);
  await assert.rejects(outbox.undelivered(1), /no list of events/);
  await assert.rejects(outbox.undelivered(2), /answered 503/);
});

test("the gateway gets the message under the key of its event", async (t) => {
  const { url, calls } = await gateway(t, { "POST /": [202, undefined] });
  const message = { customer: "c-17", subject: "s", text: "t" };
  await webhook(url, 2)(message, "e-1");
  const [call] = calls;
  assert.equal(call?.headers["idempotency-key"], "e-1");
  assert.deepEqual(JSON.parse(call?.body ?? ""), message);
  await assert.rejects(webhook(new URL("/gone", url), 2)(message, "e-1"), /answered 404/);
});
