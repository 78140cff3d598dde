/**
 * Lets work through one after the other, in the order it came, and lets go of who no longer wants to wait.
 */
import { CodemodeError } from "../errors.ts";

export interface TurnOptions {
  /** Milliseconds to wait for the turn. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}

export class TurnQueue {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Throws `check_timeout` when the turn does not come in time, `run_cancelled` when the signal aborts (also
   * while the work goes on, which then ends unheard).
   */
  async run<T>(work: () => Promise<T>, { waitMs, signal }: TurnOptions): Promise<T> {
    const { promise: abandoned, reject } = Promise.withResolvers<never>();
    abandoned.catch(() => undefined);
    let left: CodemodeError | undefined;
    const leave = (error: CodemodeError): void => {
      left = error;
      reject(error);
    };
    const abort = (): void => leave(new CodemodeError("run_cancelled", "The type check was cancelled."));
    const timer = setTimeout(
      () => leave(new CodemodeError("check_timeout", `The type check waited ${waitMs} ms for its turn.`)),
      waitMs,
    );
    if (signal?.aborted === true) abort();
    signal?.addEventListener("abort", abort, { once: true });
    const mine = this.#last.then(() => {
      clearTimeout(timer);
      if (left !== undefined) throw left;
      return work();
    });
    this.#last = mine.catch(() => undefined);
    try {
      return await Promise.race([mine, abandoned]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Resolves when all that was let in so far has ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
