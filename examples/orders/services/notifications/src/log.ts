/** Structured logging: one JSON object per line on standard output. */

export type Fields = Record<string, unknown>;

export interface Log {
  info(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

export function jsonLog(write: (line: string) => void): Log {
  const entry = (level: string, message: string, fields: Fields = {}) => {
    write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
  };
  return {
    info: (message, fields) => entry("info", message, fields),
    error: (message, fields) => entry("error", message, fields),
  };
}

/** What an error says, with the cause that `fetch` hides. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
