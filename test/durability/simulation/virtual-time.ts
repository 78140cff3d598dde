/**
 * Time that passes only when nothing else happens. `vi`'s timers are moved; macrotasks are the machine's own.
 */
import { setImmediate as macrotask } from "node:timers";
import { vi } from "vitest";

export interface VirtualTime {
  /** Something happened: it is not quiet yet. */
  readonly active: () => void;
  /** Work outside this thread has begun or ended. */
  readonly busy: (change: 1 | -1) => void;
  /** Lets everything happen, and time pass, until the work is settled. */
  until(work: Promise<unknown>): Promise<void>;
  /** What was begun goes on while so much time passes. */
  pass(ms: number): Promise<void>;
}

/** More macrotasks without a sign of life mean that all waits for time. */
const quietRounds = 4;

export function createVirtualTime(): VirtualTime {
  let activity = 0;
  let outside = 0;

  async function settle(): Promise<void> {
    for (let quiet = 0, seen = activity; quiet < quietRounds;) {
      await new Promise<void>((resolve) => macrotask(resolve));
      const still = seen === activity && outside === 0;
      quiet = still ? quiet + 1 : 0;
      seen = activity;
    }
  }

  async function until(work: Promise<unknown>): Promise<void> {
    let settled = false;
    const done = (): void => void (settled = true);
    work.then(done, done);
    for (let steps = 0; ; steps += 1) {
      await settle();
      if (settled) return;
      if (steps > 100_000) throw new Error("the simulation does not come to an end");
      vi.advanceTimersToNextTimer();
    }
  }

  return {
    active: () => void (activity += 1),
    busy: (change) => {
      outside += change;
      activity += 1;
    },
    until,
    pass: (ms) => until(new Promise((resolve) => setTimeout(resolve, ms))),
  };
}
