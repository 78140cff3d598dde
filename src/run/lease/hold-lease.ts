/**
 * Keeps a run's lease while it goes on, says when it was lost, and whether a call may leave right now.
 *
 * A host may be stopped between any two of its steps, for longer than its lease lasts (SIGSTOP, a suspended machine),
 * and another may have taken the run over meanwhile. So a write leaves only while the last renewal that the store has
 * confirmed, counted from before it was asked for, is younger than the lease by every clock that has moved. Where it
 * is not, the store is asked first: who still holds the run goes on, who does not sends nothing.
 */
import { randomUUID } from "node:crypto";
import { CodemodeError } from "../../errors.ts";
import type { Journal, Lease } from "../../spec/journal.ts";
import { momentNow, msSince, type Moment } from "./moment.ts";

/** A host that has not renewed for this long counts as dead, unless another length is configured. */
export const defaultLeaseMs = 30_000;

/** A run writes often; its holder looks at most this often whether it is still its holder. */
const noticeMs = 200;

/** A name no other holder has: two sessions of one host are rivals like any others. */
export function newOwner(): string {
  return `${process.pid}-${randomUUID()}`;
}

/** A lease with when it was asked for: it may have begun at any time since. */
export interface TakenLease {
  readonly lease: Lease;
  readonly asked: Moment;
}

/** Takes a lease as `take` does; nothing where that gets none. */
export async function takeLease<L extends Lease | undefined>(
  take: () => Promise<L>,
): Promise<L extends Lease ? TakenLease : TakenLease | undefined>;
export async function takeLease(take: () => Promise<Lease | undefined>): Promise<TakenLease | undefined> {
  const asked = momentNow();
  const lease = await take();
  return lease === undefined ? undefined : { lease, asked };
}

/** What must hold of a lease when a call leaves. */
export interface SendingRight {
  /** Resolves once the store has confirmed that this host holds the run. Rejects with `lease_lost` or `store_*`. */
  confirm(): Promise<void>;
  /** To be asked directly before bytes leave, without waiting between. Throws `lease_lost`; it may be had again by `confirm`. */
  check(): void;
}

export interface HoldOptions {
  readonly leaseMs: number;
  /** Called once when another host has taken over. */
  readonly onLost: () => void;
}

/** Renews until disposed. */
export class HeldLease implements SendingRight, AsyncDisposable {
  readonly #journal: Journal;
  readonly #lease: Lease;
  readonly #options: HoldOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #watching: Disposable;
  #confirmed: Moment;
  #checking: NodeJS.Timeout | undefined;
  #lost = false;

  constructor(journal: Journal, { lease, asked }: TakenLease, options: HoldOptions) {
    this.#journal = journal;
    this.#lease = lease;
    this.#options = options;
    this.#confirmed = asked;
    // A store that cannot be asked now may be asked again; the lease itself runs out when it never can.
    const renew = (): void => void this.#renew().catch(() => undefined);
    this.#timer = setInterval(renew, options.leaseMs / 3).unref();
    // Whoever takes the run writes to it: that is noticed at once, not when the lease is next renewed.
    this.#watching = journal.watch(lease.runId, () => {
      this.#checking ??= setTimeout(() => {
        this.#checking = undefined;
        renew();
      }, noticeMs).unref();
    });
  }

  async confirm(): Promise<void> {
    if (!this.#isFresh()) await this.#renew();
    if (this.#lost) throw takenOver(this.#lease);
  }

  check(): void {
    if (this.#lost || !this.#isFresh()) throw takenOver(this.#lease);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
    await this.#journal.release(this.#lease).catch(() => undefined);
  }

  #isFresh(): boolean {
    return msSince(this.#confirmed) < this.#options.leaseMs;
  }

  async #renew(): Promise<void> {
    if (this.#lost) return;
    const asked = momentNow();
    if (await this.#journal.renew(this.#lease, this.#options.leaseMs)) this.#confirmed = asked;
    else this.#lose();
  }

  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#stop();
    this.#options.onLost();
  }

  #stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#checking);
    this.#watching[Symbol.dispose]();
  }
}

function takenOver({ runId }: Lease): CodemodeError {
  return new CodemodeError("lease_lost", `Another host has taken over the run ${runId}.`, {
    hint: "Wait for it there; nothing was sent here.",
  });
}
