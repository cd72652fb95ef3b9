/** Hands messages to the gateway that knows the addresses of customers. */

import type { Message } from "./message.js";

/** Sends a message; `key` lets the gateway recognise a repetition. */
export type Send = (message: Message, key: string) => Promise<void>;

export function webhook(target: URL, timeoutSeconds: number): Send {
  return async (message, key) => {
    const answer = await fetch(target, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    if (!answer.ok) {
      throw new Error(`the gateway answered ${answer.status}`);
    }
  };
}
