/**
 * The clock that leases are measured by: one that nobody can set. On Linux all processes of a machine share it, so
 * that the age of a lease is known to each of them; elsewhere, and between machines, it has no name, and a lease is
 * watched instead of read (`LeaseWatch`).
 */
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";

export interface LeaseClock {
  /** Two clocks of one name show the same time; nothing where that cannot be known. */
  readonly name: string | undefined;
  /** Milliseconds from a beginning that only clocks of the same name share. */
  readonly now: () => number;
}

export function createLeaseClock(): LeaseClock {
  return { name: nameMachine(), now: () => Number(process.hrtime.bigint() / 1_000_000n) };
}

/** This boot of this machine, and the time namespace, whose monotonic clock may begin elsewhere. */
function nameMachine(): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return createHash("sha256").update(`${boot} ${timeNamespace()}`).digest("hex").slice(0, 16);
  } catch {
    return undefined;
  }
}

function timeNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/time");
  } catch {
    return "none";
  }
}
