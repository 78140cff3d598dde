/**
 * Fits the memory cap of the kernel to a booted process: what it maps while idle differs by machine (each
 * core brings arenas of its own), and only from there on does a budget mean what it says. Linux only.
 */
import { readFile } from "node:fs/promises";
import { runProgram } from "../../child-process/run-program.ts";
import type { Confinement } from "./confinement.ts";

export interface FitOptions {
  readonly confinement: Confinement;
  readonly user: number | undefined;
  /** Bytes beyond what it has now. */
  readonly budgetBytes: number;
}

/** False where it cannot be done; then the cap it was started with stays. */
export async function fitDataLimit(
  pid: number,
  { confinement, user, budgetBytes }: FitOptions,
): Promise<boolean> {
  const { limits, privileges } = confinement;
  const idleBytes = await readDataBytes(pid);
  if (limits?.by !== "prlimit" || idleBytes === undefined) return false;
  // A user may lower the limits of its own processes; root without CAP_SYS_RESOURCE those of nobody else.
  const asUser =
    privileges && user !== undefined
      ? [privileges.setpriv, `--reuid=${user}`, `--regid=${user}`, "--clear-groups", "--"]
      : [];
  const line = [limits.path, `--pid=${pid}`, `--data=${idleBytes + budgetBytes}`];
  const [command = limits.path, ...args] = [...asUser, ...line];
  return runProgram(command, args, { env: {}, timeoutMs: 2_000 }).then(
    () => true,
    () => false,
  );
}

/** Bytes of private writable memory it has mapped, which is what RLIMIT_DATA counts. */
export async function readDataBytes(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
  const match = /^VmData:\s+(\d+) kB/m.exec(status);
  return match ? Number(match[1]) * 1024 : undefined;
}
