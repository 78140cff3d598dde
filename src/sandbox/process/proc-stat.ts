/**
 * Reads what the kernel says of one process in `/proc/<pid>/stat`. Linux only; elsewhere everything here
 * answers `undefined`.
 */
import { readFileSync } from "node:fs";

/** Clock ticks per second in `/proc`; fixed at 100 on every architecture that Node.js runs on. */
const ticksPerSecond = 100;
const pageBytes = readPageBytes();

export interface ProcStat {
  /** `R`, `S`, `D`, `Z` (dead, not yet waited for), … */
  readonly state: string;
  readonly parent: number;
  /** User and system time together. */
  readonly cpuMs: number;
  /** Clock ticks after boot at which it started: with the pid, its identity. */
  readonly startTicks: number;
  readonly residentBytes: number;
}

export function readProcStat(pid: number): ProcStat | undefined {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return undefined;
  }
}

export function parseProcStat(text: string): ProcStat | undefined {
  // The name stands in parentheses and may hold any character, so fields count from the last one.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  const state = fields[0];
  const stat = {
    parent: field(4),
    cpuMs: ((field(14) + field(15)) * 1000) / ticksPerSecond,
    startTicks: field(22),
    residentBytes: field(24) * pageBytes,
  };
  return state === undefined || Number.isNaN(stat.residentBytes) ? undefined : { state, ...stat };
}

/** From the auxiliary vector: pairs of 64-bit words, of which number 6 is the page size. */
function readPageBytes(): number {
  try {
    const words = new BigUint64Array(new Uint8Array(readFileSync("/proc/self/auxv")).buffer);
    for (let at = 0; at + 1 < words.length; at += 2) {
      if (words[at] === 6n) return Number(words[at + 1]);
    }
  } catch {
    // No procfs: nothing here is read anyway.
  }
  return 4096;
}
