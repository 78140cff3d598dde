/**
 * Tries one confinement on a process that only sleeps, and looks at it from outside through `/proc`:
 * a step counts when the kernel shows its effect, not when a program exits with 0.
 */
import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Confinement, NamespaceKind } from "./confinement.ts";
import { startConfined } from "./start-confined.ts";

export type Trial = { readonly ok: true } | { readonly ok: false; readonly reason: string };

const deadlineMs = 3_000;
/** Far more than `sleep` has, so that a cap fitted to it is told from the one it was started with. */
const memory = { baselineMb: 64, budgetMb: 16 };

export async function tryConfinement(confinement: Confinement, sleep: string): Promise<Trial> {
  const ended = new AbortController();
  try {
    await using sandbox = await startConfined({ command: sleep, args: ["60"], memory }, confinement);
    const died = sandbox.exited.then(({ stderr }) => {
      throw new Error(stderr.trim() || "the process ended at once");
    });
    await Promise.race([untilRunning(sandbox.pid, basename(sleep), ended.signal), died]);
    await sandbox.seal();
    const lacking = findLacking(sandbox.pid, confinement);
    return lacking ? { ok: false, reason: lacking } : { ok: true };
  } catch (thrown) {
    // The wrapping sentence is the same for all; what it wraps tells them apart.
    const told = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
    return { ok: false, reason: firstLine(told instanceof Error ? told.message : String(told)) };
  } finally {
    ended.abort();
  }
}

/** Until the last program of the chain has become the command. */
async function untilRunning(pid: number, name: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (statusField(pid, "Name") !== name) {
    if (performance.now() > deadline) throw new Error(`it did not start within ${deadlineMs} ms`);
    await delay(1, undefined, { signal });
  }
}

/** What the kernel does not show of the wanted confinement. */
function findLacking(
  pid: number,
  { limits, privileges, namespaces, filter, jail }: Confinement,
): string | undefined {
  if (limits && kernelLimit(pid, "core file size") + kernelLimit(pid, "file size") > 0) {
    return "files could still be written";
  }
  // What the shell sets is not fitted later.
  const fitted = (limits?.by === "prlimit" ? 1 : 2) * memory.baselineMb * 2 ** 20;
  if (limits && kernelLimit(pid, "data size") >= fitted) return "memory could not be capped";
  if (privileges) {
    if (statusField(pid, "NoNewPrivs") !== "1") return "no-new-privileges was not set";
    if (!/^0+$/.test(statusField(pid, "CapEff"))) return "capabilities were left";
    const uids = statusField(pid, "Uid").split(/\s+/);
    if (privileges.user === "own" && uids.includes("0")) return "the user was not dropped";
  }
  if ((jail?.seccomp || (filter && !jail)) && statusField(pid, "Seccomp") !== "2")
    return "no system call filter was set";
  const wanted: readonly NamespaceKind[] = jail
    ? ["user", "net", "ipc", "pid", "uts"]
    : (namespaces?.kinds ?? []);
  return wanted.filter((kind) => !hasOwn(pid, kind)).map((kind) => `no ${kind} namespace was made`)[0];
}

/** The soft limit; `unlimited` is infinite. */
function kernelLimit(pid: number, name: string): number {
  const limits = readFileSync(`/proc/${pid}/limits`, "latin1");
  return Number(new RegExp(`^Max ${name}\\s+(\\d+)`, "m").exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
}

function hasOwn(pid: number, kind: NamespaceKind): boolean {
  if (kind === "pid")
    return (
      statusField(pid, "NSpid").split(/\s+/).length > statusField(process.pid, "NSpid").split(/\s+/).length
    );
  const name = kind === "mount" ? "mnt" : kind;
  try {
    return readlinkSync(`/proc/${pid}/ns/${name}`) !== readlinkSync(`/proc/self/ns/${name}`);
  } catch {
    // The kernel shows these links only to who may trace the process; then the exit code has to do.
    return true;
  }
}

function statusField(pid: number, name: string): string {
  try {
    return (
      new RegExp(`^${name}:\\s*(.*)$`, "m").exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? ""
    );
  } catch {
    return "";
  }
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").slice(0, 200).replace(/\.$/, "");
}
