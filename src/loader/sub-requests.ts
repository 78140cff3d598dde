/**
 * The calls of bindings and requests that a worker has under way: so many at once, each for so long, and none that
 * begins or is answered once the worker has ended.
 */
import { CodemodeError } from "../errors.ts";
import type { Deliveries } from "./deliveries.ts";
import type { WorkerLimits } from "./worker-limits.ts";

export interface SubRequestOptions {
  readonly limits: Pick<WorkerLimits, "subRequestsInFlight" | "subRequestMs">;
  readonly deliveries: Pick<Deliveries, "answer" | "refuse">;
}

/** The signal aborts when nobody waits for the answer any more. */
type Work = (signal: AbortSignal) => unknown;

export class SubRequests implements Disposable {
  readonly #options: SubRequestOptions;
  readonly #waiting: (() => void)[] = [];
  readonly #underWay = new Set<AbortController>();
  #closed = false;

  constructor(options: SubRequestOptions) {
    this.#options = options;
  }

  take(seq: number, work: Work): void {
    if (this.#closed) return;
    this.#waiting.push(() => void this.#run(seq, work));
    this.#next();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#waiting.length = 0;
    for (const controller of this.#underWay) controller.abort();
  }

  #next(): void {
    while (this.#underWay.size < this.#options.limits.subRequestsInFlight) {
      const begin = this.#waiting.shift();
      if (begin === undefined) return;
      begin();
    }
  }

  async #run(seq: number, work: Work): Promise<void> {
    const { limits, deliveries } = this.#options;
    const controller = new AbortController();
    this.#underWay.add(controller);
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const message = `The host did not answer within ${limits.subRequestMs} ms.`;
      late.reject(new CodemodeError("source_timeout", message));
    }, limits.subRequestMs);
    try {
      const value = await Promise.race([(async () => work(controller.signal))(), late.promise]);
      if (!this.#closed) deliveries.answer(seq, value);
    } catch (thrown) {
      if (!this.#closed) deliveries.refuse(seq, toBindingError(thrown));
    } finally {
      clearTimeout(timer);
      controller.abort();
      this.#underWay.delete(controller);
      if (!this.#closed) this.#next();
    }
  }
}

/** Its message alone, as calls between Workers have it: the stack is the host's. */
function toBindingError(thrown: unknown): CodemodeError {
  if (thrown instanceof CodemodeError) return thrown;
  return new CodemodeError("tool_failed", thrown instanceof Error ? thrown.message : String(thrown));
}
