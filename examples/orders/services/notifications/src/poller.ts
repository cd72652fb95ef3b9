/** Runs rounds of work one after the other until it is stopped; remembers how the last one went. */

import { setTimeout as sleep } from "node:timers/promises";

import type { Log } from "./log.js";
import { reason } from "./log.js";

export class Poller {
  private readonly stopping = new AbortController();
  private lastSuccess: number | undefined;

  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly pauseSeconds: number,
    private readonly log: Log,
  ) {}

  /** Resolves after `stop`, when the round under way is finished. */
  async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.work();
        this.lastSuccess = Date.now();
      } catch (error) {
        this.log.error("round failed", { reason: reason(error) });
      }
      await sleep(this.pauseSeconds * 1000, undefined, { signal }).catch(ignoreAbort);
    }
  }

  stop(): void {
    this.stopping.abort();
  }

  /** Whether a round has succeeded within the last `seconds`. */
  succeededWithin(seconds: number): boolean {
    return this.lastSuccess !== undefined && Date.now() - this.lastSuccess <= seconds * 1000;
  }
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error) || error.name !== "AbortError") {
    throw error;
  }
}
