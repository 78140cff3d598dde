/**
 * Keeps a run's lease while it goes on, and says when it was lost.
 */
import { randomUUID } from "node:crypto";
import type { Journal, Lease } from "../spec/journal.ts";

/** A host that has not renewed for this long counts as dead. */
export const leaseMs = 30_000;

/** A run writes often; its holder looks at most this often whether it is still its holder. */
const noticeMs = 200;

/** A name no other holder has: two sessions of one host are rivals like any others. */
export function newOwner(): string {
  return `${process.pid}-${randomUUID()}`;
}

/** Renews until disposed; `onLost` is called once when another host has taken over. */
export function holdLease(journal: Journal, lease: Lease, onLost: () => void): AsyncDisposable {
  const renew = (): Promise<unknown> =>
    // A store that cannot be asked now may be asked again; the lease itself runs out when it never can.
    journal.renew(lease, leaseMs).then(
      (held) => held || lost(),
      () => undefined,
    );
  const timer = setInterval(() => void renew(), leaseMs / 3);
  timer.unref();
  let checking: NodeJS.Timeout | undefined;
  // Whoever takes the run writes to it: that is noticed at once, not when the lease is next renewed.
  const watching = journal.watch(lease.runId, () => {
    checking ??= setTimeout(() => {
      checking = undefined;
      void renew();
    }, noticeMs).unref();
  });
  function lost(): void {
    stop();
    onLost();
  }
  function stop(): void {
    clearInterval(timer);
    clearTimeout(checking);
    watching[Symbol.dispose]();
  }
  return {
    [Symbol.asyncDispose]: async () => {
      stop();
      await journal.release(lease).catch(() => undefined);
    },
  };
}
