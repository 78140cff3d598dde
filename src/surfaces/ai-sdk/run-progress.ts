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
  readonly #over = Promise.withResolvers<void>();
  #changed = Promise.withResolvers<void>();
  #ended = false;

  readonly event = (event: RunEvent): void => {
    this.#runId ??= event.runId;
    if (this.#take(event)) this.#changed.resolve();
  };

  /** Nothing further is told; whoever waits is let go. */
  end(): void {
    this.#ended = true;
    this.#over.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RunProgress, void> {
    for (;;) {
      await Promise.race([this.#changed.promise, this.#over.promise]);
      if (this.#ended) return;
      this.#changed = Promise.withResolvers();
      yield this.#snapshot();
      await this.#rest();
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

  #snapshot(): RunProgress {
    return {
      kind: "progress",
      runId: this.#runId ?? "",
      issued: this.#issued,
      calls: [...this.#calls.values()],
      logs: [...this.#logs],
    };
  }

  /** A run that ends meanwhile is not held up. */
  async #rest(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, shortestPauseMs);
    await Promise.race([promise, this.#over.promise]);
    clearTimeout(timer);
  }
}
