/**
 * When the checker has worked long enough at one thing. A busy machine gives its process little time: what counts is then
 * the processor time it had, and the clock only bounds it, so that an ordinary program is not refused for the load of
 * others.
 */
import { readFileSync } from "node:fs";

/** By the clock, in deadlines, whatever the process was given. */
const mostDeadlines = 5;
/** Of the deadline; the rest is spent on waiting for files and the pipe. */
const leastWorked = 0.8;
const tickMs = 10;

export class WorkDeadline {
  readonly #pid: number | undefined;
  readonly #deadlineMs: number;
  readonly #began = performance.now();
  readonly #before: number | undefined;

  constructor(pid: number | undefined, deadlineMs: number) {
    this.#pid = pid;
    this.#deadlineMs = deadlineMs;
    this.#before = processorMs(pid);
  }

  get passed(): boolean {
    const ms = performance.now() - this.#began;
    if (ms < this.#deadlineMs) return false;
    if (ms >= this.#deadlineMs * mostDeadlines) return true;
    const now = processorMs(this.#pid);
    if (now === undefined || this.#before === undefined) return true;
    return now - this.#before >= this.#deadlineMs * leastWorked;
  }
}

/** User and system time of a process; `undefined` where it is not known: not on Linux, or the process is gone. */
function processorMs(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== "linux") return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program, which may hold blanks and brackets, is the second field.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * tickMs;
  } catch {
    return undefined;
  }
}
