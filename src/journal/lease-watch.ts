/**
 * Says when the holder of a lease has been silent for so long that another may take its run. The wall's clock has no
 * part in it: a host whose clock is ahead takes no living host's run, and one whose clock was set back waits no longer
 * than others.
 *
 * On the machine's own clock the lease's age is read. A lease from elsewhere is watched: it is over once it has not
 * been renewed for its whole length, measured here from when it was first seen. Both wait a margin longer than the
 * holder itself goes by, since the holder may still be about to act on what it found out a moment ago.
 */
import { createLeaseClock, type LeaseClock } from "./lease-clock.ts";

/** A lease as its row in the store has it. */
export interface StoredLease {
  readonly owner: string;
  readonly fence: number;
  /** When it was taken or last renewed, by the clock of this name. */
  readonly renewedAt: number;
  readonly clock: string | undefined;
  readonly ttlMs: number;
}

/** Of a lease's length, waited beyond its end. */
const marginShare = 1 / 6;
/** Runs that are watched at once; of more the first seen are forgotten, and waited for anew. */
const mostWatched = 10_000;

export class LeaseWatch {
  readonly clock: LeaseClock;
  readonly #seen = new Map<string, { readonly mark: string; readonly since: number }>();

  constructor(clock: LeaseClock = createLeaseClock()) {
    this.clock = clock;
  }

  isOver(runId: string, { owner, fence, renewedAt, clock, ttlMs }: StoredLease): boolean {
    const now = this.clock.now();
    const lasts = ttlMs * (1 + marginShare);
    if (clock !== undefined && clock === this.clock.name) return now - renewedAt > lasts;
    const mark = `${owner} ${fence} ${renewedAt}`;
    const seen = this.#seen.get(runId);
    if (seen?.mark === mark) return now - seen.since > lasts;
    this.#seen.delete(runId);
    this.#seen.set(runId, { mark, since: now });
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > mostWatched && oldest !== undefined) this.#seen.delete(oldest);
    return false;
  }
}
