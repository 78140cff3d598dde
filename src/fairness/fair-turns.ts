/**
 * Lets so many through at once, fair between all who ask, and lets go of who no longer wants to wait. What a refusal
 * means to a caller is the caller's to say.
 */
import { createFairQueue, type Waiter } from "./fair-queue.ts";

export interface FairTurnsOptions {
  readonly atOnce: number;
  /** How many of them may be of one path. Default: all. */
  readonly ofOne?: number;
  /** How many may wait. Default: any number. */
  readonly waiting?: number;
  /** Whether there is room for another at all; `look` is called when that may have changed. */
  readonly hasRoom?: () => boolean;
}

export interface TurnRequest {
  readonly path: readonly string[];
  /** Milliseconds to wait. Default: for ever. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Why no turn came: the queue was full, it took too long, or the signal aborted. */
export type TurnRefusal = "full" | "late" | "aborted";

/** Ends when it is disposed. */
export type Turn = Disposable;

interface Asked extends Waiter {
  readonly grant: () => void;
  readonly refuse: (why: TurnRefusal) => void;
}

export class FairTurns {
  readonly #options: FairTurnsOptions;
  readonly #queue = createFairQueue<Asked>();
  #under = 0;
  #looking = false;

  constructor(options: FairTurnsOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Resolves with a turn, or with why there is none. */
  async enter({ path, waitMs, signal }: TurnRequest): Promise<Turn | TurnRefusal> {
    if (signal?.aborted === true) return "aborted";
    const { promise, resolve } = Promise.withResolvers<Turn | TurnRefusal>();
    const asked: Asked = { path, grant: () => resolve(this.#begin(path)), refuse: resolve };
    const leave = (why: TurnRefusal): void => {
      if (this.#queue.leave(asked)) resolve(why);
    };
    const abort = (): void => leave("aborted");
    const joined = this.#queue.join(asked, this.#options.waiting ?? Number.POSITIVE_INFINITY);
    if (!joined.joined) return "full";
    joined.evicted?.refuse("full");
    const timer = waitMs === undefined ? undefined : setTimeout(leave, waitMs, "late");
    signal?.addEventListener("abort", abort, { once: true });
    this.look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** There may be room for who waits. */
  look(): void {
    while (this.#under < this.#options.atOnce && this.#serveOne());
  }

  #serveOne(): boolean {
    const { ofOne = Number.POSITIVE_INFINITY, hasRoom } = this.#options;
    if (this.#queue.size === 0 || hasRoom?.() === false) return false;
    for (const asked of this.#queue.heads()) {
      if (this.#queue.held(asked.path) >= ofOne) continue;
      this.#under += 1;
      this.#queue.take(asked);
      asked.grant();
      return true;
    }
    return false;
  }

  #begin(path: readonly string[]): Turn {
    let ended = false;
    return {
      [Symbol.dispose]: () => {
        if (ended) return;
        ended = true;
        this.#under -= 1;
        this.#queue.give(path);
        this.#lookSoon();
      },
    };
  }

  /** Not at once: who has just written to this process is heard before the next of those who wait is served. */
  #lookSoon(): void {
    if (this.#looking || this.#queue.size === 0) return;
    this.#looking = true;
    setImmediate(() => {
      this.#looking = false;
      this.look();
    });
  }
}
