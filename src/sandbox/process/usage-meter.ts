/**
 * Reads how much CPU time and memory a process has used, from outside, by the best means the system has.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { runProgram } from "../../child-process/run-program.ts";
import { parseProcStat } from "./proc-stat.ts";

export interface Usage {
  /** Of its whole life. */
  readonly cpuMs: number;
  readonly residentBytes: number;
}

export interface UsageGauge extends Disposable {
  /** Undefined once the process is gone, and before the first figures are there. */
  read(): Usage | undefined;
}

export interface UsageMeter {
  /** For people: "proc stat, every 5 to 50 ms". */
  readonly name: string;
  /** More often makes no sense. */
  readonly everyMs: number;
  open(pid: number): UsageGauge;
}

/** One open file per process, read again and again: some 5 µs each, and never another process's figures. */
export const procMeter: UsageMeter = {
  name: "proc stat, every 5 to 50 ms",
  everyMs: 5,
  open: (pid) => {
    let file: number | undefined;
    try {
      file = openSync(`/proc/${pid}/stat`, "r");
    } catch {
      // Gone before it could be watched.
    }
    const bytes = Buffer.allocUnsafe(1024);
    return {
      read: () => {
        if (file === undefined) return undefined;
        try {
          return parseProcStat(bytes.toString("latin1", 0, readSync(file, bytes, 0, bytes.length, 0)));
        } catch {
          return undefined;
        }
      },
      [Symbol.dispose]: () => {
        if (file !== undefined) closeSync(file);
        file = undefined;
      },
    };
  },
};

const psEveryMs = 250;

/**
 * Where there is no procfs: `ps` for all watched processes at once. What a process does before the first
 * answer, some 20 ms, counts as what it had.
 */
export function createPsMeter(): UsageMeter {
  const watched = new Map<number, Usage | undefined>();
  let asking = false;
  const ask = (): void => {
    if (asking || watched.size === 0) return;
    asking = true;
    const told = (stdout: string): void => {
      asking = false;
      const found = parsePs(stdout);
      for (const pid of watched.keys()) watched.set(pid, found.get(pid));
    };
    // It fails when none of them is there any more.
    void runProgram("ps", ["-o", "pid=,rss=,time=", "-p", [...watched.keys()].join(",")]).then(told, () =>
      told(""),
    );
  };
  return {
    name: `ps, every ${psEveryMs} ms`,
    everyMs: psEveryMs,
    open: (pid) => {
      watched.set(pid, undefined);
      ask();
      return {
        read: () => {
          ask();
          return watched.get(pid);
        },
        [Symbol.dispose]: () => {
          watched.delete(pid);
        },
      };
    },
  };
}

/** Lines of `<pid> <resident KiB> <[[days-]hours:]minutes:seconds>`. */
export function parsePs(text: string): Map<number, Usage> {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  return new Map(
    lines.flatMap(([pid, resident, time]) => {
      if (pid === undefined || resident === undefined || time === undefined) return [];
      const parts = time.split(/[-:]/).map(Number).toReversed();
      const scale = [1, 60, 3_600, 86_400];
      const seconds = parts.reduce((sum, part, index) => sum + part * (scale[index] ?? 0), 0);
      return [[Number(pid), { cpuMs: seconds * 1000, residentBytes: Number(resident) * 1024 }] as const];
    }),
  );
}
