/** Settings of the service, read from the environment and checked once at the start. */

export interface Settings {
  ordersUrl: URL;
  outboxToken: string;
  webhookUrl: URL;
  port: number;
  pollSeconds: number;
  timeoutSeconds: number;
}

export class SettingsError extends Error {}

export function readSettings(): Settings {
  return {
    ordersUrl: url("ORDERS_URL", process.env.ORDERS_URL),
    outboxToken: required("OUTBOX_TOKEN", process.env.OUTBOX_TOKEN),
    webhookUrl: url("WEBHOOK_URL", process.env.WEBHOOK_URL),
    port: whole("NOTIFICATIONS_PORT", process.env.NOTIFICATIONS_PORT ?? "8020", 65535),
    pollSeconds: whole("POLL_SECONDS", process.env.POLL_SECONDS ?? "2", 3600),
    timeoutSeconds: whole("TIMEOUT_SECONDS", process.env.TIMEOUT_SECONDS ?? "5", 60),
  };
}

function required(name: string, value: string | undefined): string {
  if (!value) {
    throw new SettingsError(`${name} is not set`);
  }
  return value;
}

function url(name: string, value: string | undefined): URL {
  const text = required(name, value);
  if (!URL.canParse(text)) {
    throw new SettingsError(`${name} is not a URL: ${text}`);
  }
  return new URL(text);
}

function whole(name: string, text: string, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new SettingsError(`${name} is not a whole number from 1 to ${max}: ${text}`);
  }
  return value;
}
