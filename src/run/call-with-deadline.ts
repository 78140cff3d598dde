/**
 * Gives one tool call its deadline, whether or not the source keeps it, and the run's cancelling. The deadline rests
 * while the source waits for somebody whom it asked.
 */
import { CallError, outcomeOf, withOutcome } from "../call-error.ts";
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

/** A source that gives up says at once what became of the call; one that does not leaves it unknown. */
const lastWordMs = 100;

/**
 * Sends nothing when the run has ended already. Rejects with `source_timeout` or `run_cancelled` when either is due: the
 * call itself is aborted, and the source may still say what became of it, or answer.
 */
export async function callWithDeadline<T>(
  tool: Tool,
  { signal, timeoutMs }: Deadline,
  call: (clock: CallClock) => Promise<T>,
): Promise<T> {
  if (signal.aborted)
    throw new CallError("run_cancelled", `The run ended before tools.${tool.path} was called.`, {
      outcome: "not_sent",
    });
  const abort = new AbortController();
  const over = new AbortController();
  const due = Promise.withResolvers<CodemodeError>();
  const giveUp = (error: CodemodeError): void => {
    due.resolve(error);
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
    const answer = work.then((value) => ({ value }));
    answer.catch(() => undefined);
    const first = await Promise.race([due.promise, answer]);
    return first instanceof CodemodeError ? await lastWord(work, first) : first.value;
  } finally {
    timer.stop();
    over.abort();
    signal.removeEventListener("abort", cancel);
  }
}

async function lastWord<T>(work: Promise<T>, givenUp: CodemodeError): Promise<T> {
  const silent = Promise.withResolvers<never>();
  const timer = setTimeout(() => silent.reject(givenUp), lastWordMs);
  try {
    return await Promise.race([work, silent.promise]);
  } catch (thrown) {
    const isAnswer =
      thrown instanceof CallError && thrown.code !== "run_cancelled" && thrown.code !== "source_timeout";
    throw isAnswer ? thrown : withOutcome(givenUp, outcomeOf(thrown));
  } finally {
    clearTimeout(timer);
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
