/**
 * `setTimeout` and its kin as calls to the host, so that they are journaled and replay like any other call.
 */
import { ToolError } from "./tool-error.ts";

export interface TimersOptions {
  /** Timers started in total. */
  readonly limit: number;
  readonly issue: (ms: number) => Promise<unknown>;
  /** A callback threw; nobody else will hear of it. */
  readonly onThrown: (thrown: unknown) => void;
}

export interface Timers {
  readonly setTimeout: (callback: unknown, ms?: unknown, ...args: unknown[]) => number;
  readonly clearTimeout: (id?: unknown) => void;
  readonly setInterval: (callback: unknown, ms?: unknown, ...args: unknown[]) => number;
  readonly clearInterval: (id?: unknown) => void;
}

export function createTimers({ limit, issue, onThrown }: TimersOptions): Timers {
  const live = new Set<unknown>();
  let ids = 0;
  let started = 0;

  function wait(ms: number, then: () => void): void {
    if (started >= limit) {
      const message = `The snippet started more than ${limit} timers.`;
      throw new ToolError({
        code: "timer_limit",
        message,
        hint: "Wait for one timer before the next is started.",
      });
    }
    started++;
    issue(ms).then(then, () => {});
  }

  function begin(callback: unknown, ms: number, repeat: boolean, args: unknown[]): number {
    if (typeof callback !== "function") throw new TypeError("A timer's callback must be a function.");
    const id = ++ids;
    const fire = (): void => {
      if (!live.has(id)) return;
      if (!repeat) live.delete(id);
      try {
        callback(...args);
        if (live.has(id)) wait(ms, fire);
      } catch (thrown) {
        onThrown(thrown);
      }
    };
    wait(ms, fire);
    live.add(id);
    return id;
  }

  return {
    setTimeout: (callback, ms, ...args) => begin(callback, toDelay(ms, 0), false, args),
    clearTimeout: (id) => void live.delete(id),
    setInterval: (callback, ms, ...args) => begin(callback, toDelay(ms, 1), true, args),
    clearInterval: (id) => void live.delete(id),
  };
}

function toDelay(ms: unknown, least: number): number {
  const delay = Number(ms);
  return delay > least ? Math.min(Math.floor(delay), 2 ** 31 - 1) : least;
}
