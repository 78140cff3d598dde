/**
 * A moment by every clock that a process has. One alone is not enough to know how long ago something was: the wall's
 * clock is set, the monotonic one rests while the machine is suspended, and that since boot has no name everywhere.
 */
import { uptime } from "node:os";

export interface Moment {
  readonly wall: number;
  readonly steady: number;
  readonly sinceBoot: number;
}

export function momentNow(): Moment {
  return { wall: Date.now(), steady: performance.now(), sinceBoot: uptime() * 1_000 };
}

/** Milliseconds that have passed by the clock on which most have; never less than the monotonic one says. */
export function msSince(then: Moment): number {
  const now = momentNow();
  return Math.max(now.wall - then.wall, now.steady - then.steady, now.sinceBoot - then.sinceBoot);
}
