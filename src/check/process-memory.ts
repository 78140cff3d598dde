/**
 * Resident memory of another process, where the system tells it cheaply.
 */
import { readFileSync } from "node:fs";

const pageBytes = 4_096;

/** Megabytes (2^20 bytes); `undefined` where it is not known: not on Linux, or the process is gone. */
export function processMemory(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1];
    return (Number(pages) * pageBytes) / 2 ** 20;
  } catch {
    return undefined;
  }
}
