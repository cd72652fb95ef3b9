/** The outbox of the orders service, over HTTP. Nothing that it answers is trusted unread. */

export interface OrderEvent {
  id: string;
  kind: "order-placed" | "order-cancelled";
  order_id: string;
  customer: string;
  total_cents: number;
}

export interface Outbox {
  undelivered(limit: number): Promise<OrderEvent[]>;
  markDelivered(id: string): Promise<void>;
}

export class HttpOutbox implements Outbox {
  constructor(
    private readonly base: URL,
    private readonly token: string,
    private readonly timeoutSeconds: number,
  ) {}

  async undelivered(limit: number): Promise<OrderEvent[]> {
    const response = await this.call(`/outbox?limit=${limit}`, "GET");
    const body: unknown = await response.json();
    if (!Array.isArray(body) || !body.every(isOrderEvent)) {
      throw new Error("the outbox answered something that is no list of events");
    }
    return body;
  }

  async markDelivered(id: string): Promise<void> {
    await this.call(`/outbox/${encodeURIComponent(id)}/delivered`, "POST");
  }

  private async call(path: string, method: string): Promise<Response> {
    const response = await fetch(new URL(path, this.base), {
      method,
      headers: { authorization: `Bearer ${this.token}` },
      signal: AbortSignal.timeout(this.timeoutSeconds * 1000),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path} answered ${response.status}`);
    }
    return response;
  }
}

function isOrderEvent(value: unknown): value is OrderEvent {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const event = value as Record<string, unknown>;
  return (
    typeof event.id === "string" &&
    (event.kind === "order-placed" || event.kind === "order-cancelled") &&
    typeof event.order_id === "string" &&
    typeof event.customer === "string" &&
    typeof event.total_cents === "number"
  );
}
