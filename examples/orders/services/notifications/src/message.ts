/** What a customer reads. */

import type { OrderEvent } from "./outbox.js";

export interface Message {
  customer: string;
  subject: string;
  text: string;
}

export function messageFor(event: OrderEvent): Message {
  const total = euros(event.total_cents);
  switch (event.kind) {
    case "order-placed":
      return {
        customer: event.customer,
        subject: `We received your order ${event.order_id}`,
        text: `Thank you. The total is ${total}, and the goods are reserved for you.`,
      };
    case "order-cancelled":
      return {
        customer: event.customer,
        subject: `Your order ${event.order_id} is cancelled`,
        text: `You will not be charged the ${total}.`,
      };
  }
}

/** Whole cents to text, without ever computing with fractions. */
export function euros(cents: number): string {
  const rest = String(cents % 100).padStart(2, "0");
  return `${Math.trunc(cents / 100)}.${rest} EUR`;
}
