/**
 * The events of a run as a stream of snapshots: the latest one whenever it is asked for, never more often than a
 * screen can show, and none that says the same again.
 */
import type { RunEvent } from "../../index.ts";

export interface ProgressCall {
  readonly call: number;
  readonly path: string;
  readonly state: "running" | "done" | "failed";
  /** The tool's own word on how far it is. */
  readonly message?: string;
}

/** How a run stands while it goes on. */
export interface RunProgress {
  readonly kind: "progress";
  readonly runId: string;
  /** Calls issued so far. */
  readonly issued: number;
  /** The latest of them. */
  readonly calls: readonly ProgressCall[];
  /** The latest lines of the console. */
  readonly logs: readonly string[];
}

const mostCalls = 20;
const mostLines = 10;
const mostLineChars = 500;
const shortestPauseMs = 100;

export class ProgressStream {
  readonly #calls = new Map<number, ProgressCall>();
  readonly #logs: string[] = [];
  #runId: string | undefined;
  #issued = 0;
  #changed = Promise.withResolvers<void>();
  #dirty = false;
  #ended = false;

  readonly event = (event: RunEvent): void => {
    this.#runId ??= event.runId;
    if (!this.#take(event)) return;
    this.#dirty = true;
    this.#changed.resolve();
  };

  /** Nothing further is told; whoever waits is let go. */
  end(): void {
    this.#ended = true;
    this.#changed.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RunProgress, void> {
    for (;;) {
      await this.#changed.promise;
      if (this.#ended) return;
      this.#changed = Promise.withResolvers();
      const runId = this.#runId;
      if (this.#dirty && runId !== undefined) {
        this.#dirty = false;
        yield this.#snapshot(runId);
      }
      await this.#pause();
    }
  }

  #take(event: RunEvent): boolean {
    switch (event.type) {
      case "call":
        this.#issued += 1;
        this.#calls.set(event.call, { call: event.call, path: event.path, state: "running" });
        for (const seq of this.#calls.keys()) if (this.#calls.size > mostCalls) this.#calls.delete(seq);
        return true;
      case "outcome":
        return this.#update(event.call, { path: event.path, state: event.ok ? "done" : "failed" });
      case "progress": {
        const { message = `${event.done}${event.total === undefined ? "" : ` of ${event.total}`}` } = event;
        return this.#update(event.call, {
          path: event.path,
          state: "running",
          message: message.slice(0, mostLineChars),
        });
      }
      case "log":
        this.#logs.push(event.text.slice(0, mostLineChars));
        if (this.#logs.length > mostLines) this.#logs.shift();
        return true;
      case "status":
        return false;
    }
  }

  #update(call: number, change: Omit<ProgressCall, "call">): boolean {
    if (!this.#calls.has(call)) return false;
    this.#calls.set(call, { call, ...change });
    return true;
  }

  #snapshot(runId: string): RunProgress {
    return {
      kind: "progress",
      runId,
      issued: this.#issued,
      calls: [...this.#calls.values()],
      logs: [...this.#logs],
    };
  }

  /** A run that ends meanwhile is not held up. */
  async #pause(): Promise<void> {
    const until = Date.now() + shortestPauseMs;
    while (!this.#ended && Date.now() < until) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, until - Date.now());
      await Promise.race([promise, this.#changed.promise.then(() => (this.#ended ? undefined : promise))]);
      clearTimeout(timer);
      resolve();
    }
  }
}
