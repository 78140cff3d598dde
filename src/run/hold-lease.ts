/**
 * Keeps a run's lease while it goes on, and says when it was lost.
 */
import { randomUUID } from "node:crypto";
import type { Journal, Lease } from "../spec/journal.ts";

/** A host that has not renewed for this long counts as dead. */
export const leaseMs = 30_000;

/** A name no other holder has: two sessions of one host are rivals like any others. */
export function newOwner(): string {
  return `${process.pid}-${randomUUID()}`;
}

/** Renews until disposed; `onLost` is called once when another host has taken over. */
export function holdLease(journal: Journal, lease: Lease, onLost: () => void): AsyncDisposable {
  const timer = setInterval(() => {
    // A store that cannot be asked now may be asked again; the lease itself runs out when it never can.
    journal.renew(lease, leaseMs).then(
      (held) => held || lost(),
      () => undefined,
    );
  }, leaseMs / 3);
  timer.unref();
  function lost(): void {
    clearInterval(timer);
    onLost();
  }
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await journal.release(lease).catch(() => undefined);
    },
  };
}
