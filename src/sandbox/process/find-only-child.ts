/**
 * Finds the sandbox behind a wrapper that makes a pid namespace: such a wrapper forks once and waits, so
 * the sandbox is its only child. Linux only.
 */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { readProcStat } from "./proc-stat.ts";

const everyMs = 1;
const deadlineMs = 5_000;

/** Throws when it has no child after five seconds. */
export async function findOnlyChild(parent: number): Promise<number> {
  const deadline = performance.now() + deadlineMs;
  while (performance.now() < deadline) {
    const child = firstChild(parent);
    if (child !== undefined) return child;
    await delay(everyMs);
  }
  throw new Error(`no process was started in its namespace within ${deadlineMs} ms`);
}

function firstChild(parent: number): number | undefined {
  try {
    const [first] = readFileSync(`/proc/${parent}/task/${parent}/children`, "latin1").split(" ");
    return first ? Number(first) : undefined;
  } catch {
    // A kernel without this list (CONFIG_PROC_CHILDREN): look through all processes.
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .find((pid) => readProcStat(pid)?.parent === parent);
  }
}
