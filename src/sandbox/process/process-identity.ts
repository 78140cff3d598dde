/**
 * Tells one process from a later one with the same pid, by when it started.
 */
import { readFile, readlink } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { runProgram } from "../../child-process/run-program.ts";
import { readProcStat } from "./proc-stat.ts";

export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as the system writes it; empty where it does not say. */
  readonly started: string;
}

export async function identifyProcess(pid: number): Promise<ProcessIdentity> {
  return { pid, started: await readStart(pid) };
}

/** Whether this very process still runs; one that is dead and not yet waited for does not. */
export async function isRunning({ pid, started }: ProcessIdentity): Promise<boolean> {
  const now = await readStart(pid);
  return now !== "" && now === started;
}

/** Resolves when a process that was killed is gone, or after two seconds should the kernel hold it. */
export async function untilDead(process: ProcessIdentity): Promise<void> {
  const deadline = performance.now() + 2_000;
  while ((await isRunning(process)) && performance.now() < deadline) await delay(2);
}

/** Names the boot and the pid namespace in which a pid has its meaning. */
export async function readPidRealm(): Promise<{ readonly boot: string; readonly namespace: string }> {
  const [boot, namespace] = await Promise.all([
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
    readlink("/proc/self/ns/pid").catch(() => ""),
  ]);
  return { boot: boot.trim(), namespace };
}

async function readStart(pid: number): Promise<string> {
  if (process.platform === "linux") {
    const stat = readProcStat(pid);
    return stat && stat.state !== "Z" && stat.state !== "X" ? String(stat.startTicks) : "";
  }
  if (process.platform === "win32") return "";
  const answer = await runProgram("ps", ["-o", "lstart=", "-p", String(pid)]).catch(() => "");
  return answer.trim();
}
