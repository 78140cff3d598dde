/**
 * Lets checks through one after the other, fair between who asks for them, and lets go of who no longer wants to wait.
 */
import { CodemodeError } from "../errors.ts";
import { FairTurns } from "../fairness/fair-turns.ts";

export interface TurnOptions {
  /** Milliseconds to wait for the turn. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Who asks, from the widest to the narrowest. Default: all are one. */
  readonly client?: readonly string[] | undefined;
}

export class TurnQueue {
  readonly #turns = new FairTurns({ atOnce: 1 });
  readonly #under = new Set<Promise<unknown>>();

  /**
   * Throws `check_timeout` when the turn does not come in time, `run_cancelled` when the signal aborts (also
   * while the work goes on, which then ends unheard).
   */
  async run<T>(work: () => Promise<T>, { waitMs, signal, client = [] }: TurnOptions): Promise<T> {
    const turn = await this.#turns.enter({ path: client, waitMs, signal });
    if (turn === "late" || turn === "full")
      throw new CodemodeError("check_timeout", `The type check waited ${waitMs} ms for its turn.`);
    if (turn === "aborted") throw cancelled();
    const mine = work().finally(() => turn[Symbol.dispose]());
    const ended = mine.catch(() => undefined).finally(() => this.#under.delete(ended));
    this.#under.add(ended);
    const { promise: abandoned, reject } = Promise.withResolvers<never>();
    abandoned.catch(() => undefined);
    const abort = (): void => reject(cancelled());
    signal?.addEventListener("abort", abort, { once: true });
    try {
      return await Promise.race([mine, abandoned]);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Resolves when nothing is under way and nobody waits. */
  async idle(): Promise<void> {
    while (this.#under.size > 0 || this.#turns.waiting > 0) {
      await Promise.all(this.#under);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function cancelled(): CodemodeError {
  return new CodemodeError("run_cancelled", "The type check was cancelled.");
}
