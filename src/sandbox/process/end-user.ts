/**
 * Ends every process of a sandbox's own user, for sandboxes without a pid namespace: a child that left the
 * process group is found by nothing else. Linux only.
 */
import { readdirSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { readProcStat } from "./proc-stat.ts";

const rounds = 50;
const everyMs = 2;

/** Resolves when none is left, or after 50 rounds of SIGKILL. */
export async function endUser(user: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const left = processesOf(user);
    if (left.length === 0) return;
    for (const pid of left) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Gone since it was listed.
      }
    }
    await delay(everyMs);
  }
}

function processesOf(user: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return statSync(`/proc/${pid}`).uid === user && readProcStat(pid)?.state !== "Z";
      } catch {
        return false;
      }
    });
}
