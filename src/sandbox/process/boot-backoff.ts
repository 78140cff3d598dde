/**
 * When to try again after a sandbox process failed to boot, and when to stop hoping.
 */

export interface BootBackoff {
  /** Milliseconds until the next attempt may be made; 0 is now. */
  waitMs(now: number): number;
  /** The reason once three attempts in a row have failed. */
  readonly givenUp: unknown;
  failed(now: number, reason: unknown): void;
  succeeded(): void;
}

const firstMs = 100;
const mostMs = 10_000;
const patience = 3;

export function createBootBackoff(): BootBackoff {
  let failures = 0;
  let last: unknown;
  let until = 0;
  return {
    waitMs: (now) => Math.max(0, until - now),
    get givenUp() {
      return failures >= patience ? last : undefined;
    },
    failed: (now, reason) => {
      // Processes boot side by side: what failed while one waits is the same failure.
      if (now < until) return;
      failures += 1;
      last = reason;
      until = now + Math.min(mostMs, firstMs * 2 ** (failures - 1));
    },
    succeeded: () => {
      failures = 0;
      last = undefined;
      until = 0;
    },
  };
}
