/**
 * Workers kept by id between calls: one per id, so many at once, each until it was idle for a while. One that has ended
 * is forgotten at once, so that the next call begins a fresh one.
 */
import { CodemodeError } from "../errors.ts";
import type { WorkerCode } from "./worker-code.ts";
import type { WorkerSession } from "./worker-session.ts";

export interface WarmWorkersOptions {
  readonly create: (code: WorkerCode) => WorkerSession;
  /** Milliseconds without a call after which one is ended. */
  readonly idleMs: number;
  readonly most: number;
}

interface Warm {
  readonly worker: Promise<WorkerSession>;
  /** Calls that it has, from before it is there. */
  calls: number;
  usedAt: number;
  timer: NodeJS.Timeout | undefined;
}

export class WarmWorkers implements AsyncDisposable {
  readonly #options: WarmWorkersOptions;
  readonly #warm = new Map<string, Warm>();

  constructor(options: WarmWorkersOptions) {
    this.#options = options;
  }

  /** Throws what `getCode` throws, `worker_invalid`, and `sandbox_busy` where all that are warm are at work. */
  async use<R>(
    id: string,
    getCode: () => WorkerCode | Promise<WorkerCode>,
    work: (worker: WorkerSession) => Promise<R>,
  ): Promise<R> {
    const warm = this.#warm.get(id) ?? this.#begin(id, getCode);
    warm.calls += 1;
    try {
      return await work(await warm.worker);
    } finally {
      warm.calls -= 1;
      warm.usedAt = performance.now();
    }
  }

  async end(id: string): Promise<void> {
    const warm = this.#warm.get(id);
    if (warm === undefined) return;
    this.#forget(id, warm);
    const worker = await warm.worker.catch(() => undefined);
    await worker?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#warm.keys()].map((id) => this.end(id)));
  }

  #begin(id: string, getCode: () => WorkerCode | Promise<WorkerCode>): Warm {
    this.#makeRoom();
    const worker = (async () => this.#options.create(await getCode()))();
    const warm: Warm = { worker, calls: 0, usedAt: performance.now(), timer: undefined };
    this.#warm.set(id, warm);
    worker.then(
      (session) => {
        void session.ended.then(() => this.#forget(id, warm));
        this.#look(id, warm);
      },
      () => this.#forget(id, warm),
    );
    return warm;
  }

  /** Ends the one that was not used for longest, of those with nothing to do. */
  #makeRoom(): void {
    if (this.#warm.size < this.#options.most) return;
    const idle = [...this.#warm]
      .filter(([, { calls }]) => calls === 0)
      .sort(([, a], [, b]) => a.usedAt - b.usedAt)[0];
    if (idle === undefined)
      throw new CodemodeError("sandbox_busy", `${this.#options.most} workers are warm and all are at work.`, {
        hint: "Try again later, or raise the loader's mostWarm.",
      });
    void this.end(idle[0]);
  }

  #look(id: string, warm: Warm): void {
    if (this.#warm.get(id) !== warm) return;
    const idleFor = warm.calls > 0 ? 0 : performance.now() - warm.usedAt;
    if (idleFor >= this.#options.idleMs) return void this.end(id);
    const inMs = Math.max(1, this.#options.idleMs - idleFor);
    warm.timer = setTimeout(() => this.#look(id, warm), inMs).unref();
  }

  #forget(id: string, warm: Warm): void {
    clearTimeout(warm.timer);
    if (this.#warm.get(id) === warm) this.#warm.delete(id);
  }
}
