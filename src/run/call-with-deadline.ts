/**
 * Gives one tool call its deadline, whether or not the source keeps it, and the run's cancelling. The deadline rests
 * while the source waits for somebody whom it asked.
 */
import { CodemodeError } from "../errors.ts";
import type { Tool } from "../spec/tool.ts";

export interface Deadline {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export interface CallClock {
  /** Aborts when the source is to give up. */
  readonly signal: AbortSignal;
  /** Aborts when the call is over, however it ended. */
  readonly over: AbortSignal;
  /** The deadline rests until it has settled. */
  readonly hold: <T>(work: Promise<T>) => Promise<T>;
}

/** Sends nothing when the run has ended already. Rejects with `source_timeout` or `run_cancelled` as soon as either is due; the call itself is aborted. */
export async function callWithDeadline<T>(
  tool: Tool,
  { signal, timeoutMs }: Deadline,
  call: (clock: CallClock) => Promise<T>,
): Promise<T> {
  if (signal.aborted)
    throw new CodemodeError("run_cancelled", `The run ended before tools.${tool.path} was called.`, {
      data: { sent: false },
    });
  const abort = new AbortController();
  const over = new AbortController();
  const given = Promise.withResolvers<never>();
  const giveUp = (error: CodemodeError): void => {
    given.reject(error);
    abort.abort(error);
  };
  const cancel = (): void =>
    giveUp(new CodemodeError("run_cancelled", `The run ended before tools.${tool.path} answered.`));
  const timer = new RestingTimer(timeoutMs, () => {
    giveUp(
      new CodemodeError("source_timeout", `tools.${tool.path} did not answer within ${timeoutMs} ms.`, {
        hint: "Ask for less at once, or try again later.",
      }),
    );
  });
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const work = call({ signal: abort.signal, over: over.signal, hold: (asked) => timer.hold(asked) });
    work.catch(() => undefined);
    return await Promise.race([given.promise, work]);
  } finally {
    timer.stop();
    over.abort();
    signal.removeEventListener("abort", cancel);
    given.promise.catch(() => undefined);
  }
}

class RestingTimer {
  readonly #due: () => void;
  #left: number;
  #since = Date.now();
  #timer: NodeJS.Timeout | undefined;
  #held = 0;
  #stopped = false;

  constructor(ms: number, due: () => void) {
    this.#due = due;
    this.#left = ms;
    this.#timer = setTimeout(due, ms);
  }

  async hold<T>(work: Promise<T>): Promise<T> {
    if (this.#held === 0) {
      clearTimeout(this.#timer);
      this.#left -= Date.now() - this.#since;
    }
    this.#held += 1;
    try {
      return await work;
    } finally {
      this.#held -= 1;
      if (this.#held === 0 && !this.#stopped) {
        this.#since = Date.now();
        this.#timer = setTimeout(this.#due, Math.max(0, this.#left));
      }
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
