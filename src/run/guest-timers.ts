/**
 * The timers of one guest: calls that are answered by time alone.
 */
import { CodemodeError } from "../errors.ts";
import type { GuestCall, GuestError } from "../spec/engine.ts";
import { toGuestError } from "./to-guest-error.ts";

const maxMs = 2 ** 31 - 1;

export class GuestTimers {
  readonly #limit: number;
  readonly #due: (call: GuestCall) => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  #started = 0;

  constructor(limit: number, due: (call: GuestCall) => void) {
    this.#limit = limit;
    this.#due = due;
  }

  /** The error that ends the run when it has started more timers than its limit. */
  start(call: GuestCall): GuestError | undefined {
    this.#started += 1;
    if (this.#started > this.#limit) {
      return toGuestError(
        new CodemodeError("timer_limit", `A run may start ${this.#limit} timers.`),
        call.line,
      );
    }
    const asked = Number(call.args[0] ?? 0);
    const ms = Number.isFinite(asked) ? Math.min(Math.max(0, asked), maxMs) : 0;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#due(call);
    }, ms);
    this.#timers.add(timer);
    return undefined;
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
