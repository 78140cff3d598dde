/**
 * Watches what a run uses of its process, from outside, and says when it is too much. It kills nothing:
 * whoever watches decides. Wall time is not its business, since that stands still while tools are awaited.
 */
import { CodemodeError } from "../../errors.ts";
import type { Limits } from "../../spec/limits.ts";
import { createAgenda } from "./agenda.ts";
import { createPsMeter, procMeter, type Usage, type UsageMeter } from "./usage-meter.ts";

export interface WatchOptions {
  readonly pid: number;
  readonly limits: Pick<Limits, "cpuMs" | "memoryMb">;
  /** Called at most once: `cpu_limit` or `memory_limit`. */
  readonly onBreach: (breach: CodemodeError) => void;
  /** Called once, when the run has used more CPU time than one that calls tools does. */
  readonly onHeavy?: () => void;
  /**
   * Resolves when the process answers. Where the system cannot say how much CPU time was used, time that a
   * ping stays unanswered counts as such.
   */
  readonly ping?: () => Promise<unknown>;
}

export interface UsageWatch extends Disposable {
  /** Since the watch began; after the process's death, the last that was seen. */
  usage(): RunUsage;
}

export interface RunUsage {
  readonly cpuMs: number;
  /** Above what the process had when the watch began; the most that was seen. */
  readonly addedBytes: number;
}

export interface UsageWatcher {
  /** By which means: for `doctor` and the run's record. */
  readonly means: { readonly cpu: string; readonly memory: string };
  watch(options: WatchOptions): UsageWatch;
}

/**
 * The watcher of this machine. Looks again when a limit could be broken at the earliest, by one timer for
 * all processes, and by none while nothing runs.
 */
export const usageWatcher: UsageWatcher = createUsageWatcher(
  process.platform === "linux" ? procMeter : createPsMeter(),
);

export function createUsageWatcher(meter: UsageMeter): UsageWatcher {
  const agenda = createAgenda();
  return {
    means: { cpu: meter.name, memory: meter.name },
    watch: ({ pid, limits, onBreach, onHeavy, ping }) => {
      const gauge = meter.open(pid);
      const silence = ping && countSilence(ping);
      let base = gauge.read();
      let now: Usage | undefined = base;
      let mostBytes = base?.residentBytes ?? 0;
      let heavy = false;

      const usage = (): RunUsage => {
        const read = gauge.read();
        base ??= read;
        now = read ?? now;
        mostBytes = Math.max(mostBytes, now?.residentBytes ?? 0);
        return {
          cpuMs: Math.max((now?.cpuMs ?? 0) - (base?.cpuMs ?? 0), silence?.ms() ?? 0),
          addedBytes: mostBytes - (base?.residentBytes ?? 0),
        };
      };
      const look = (): number | undefined => {
        silence?.tick();
        const used = usage();
        if (!heavy && used.cpuMs > heavyMs) {
          heavy = true;
          onHeavy?.();
        }
        const breach = toBreach(used, limits);
        if (breach) onBreach(breach);
        return breach ? undefined : Math.max(meter.everyMs, msToBreach(used, limits));
      };
      const entry = agenda.add(look, Math.max(meter.everyMs, msToBreach(usage(), limits)));
      return {
        usage,
        [Symbol.dispose]: () => {
          entry[Symbol.dispose]();
          gauge[Symbol.dispose]();
        },
      };
    },
  };
}

const longestMs = 50;
const heavyMs = 60;
/** As fast as a process can be thought to go: this many cores, and this much memory touched. */
const cores = 4;
const bytesPerMs = 4 * 2 ** 20;

/** Milliseconds in which it cannot break a limit, however hard it tries; 50 at most. */
function msToBreach({ cpuMs, addedBytes }: RunUsage, limits: WatchOptions["limits"]): number {
  const cpu = (limits.cpuMs - cpuMs) / cores;
  const memory = (limits.memoryMb * 2 ** 20 - addedBytes) / bytesPerMs;
  return Math.min(longestMs, cpu, memory);
}

function toBreach(
  { cpuMs, addedBytes }: RunUsage,
  limits: WatchOptions["limits"],
): CodemodeError | undefined {
  if (cpuMs > limits.cpuMs) {
    return new CodemodeError("cpu_limit", `The snippet used more than ${limits.cpuMs} ms of CPU time.`, {
      hint: "Look for a loop that does not end, or do the work in smaller runs.",
    });
  }
  if (addedBytes > limits.memoryMb * 2 ** 20) {
    return new CodemodeError("memory_limit", `The snippet used more than ${limits.memoryMb} MB of memory.`, {
      hint: "Keep less at once: take what is needed of each answer and drop the rest.",
    });
  }
  return undefined;
}

/** Adds up the time that pings go unanswered, less what an answer takes when all is well. */
function countSilence(ping: () => Promise<unknown>): { tick(): void; ms(): number } {
  let sentAt: number | undefined;
  let total = 0;
  const answered = (): void => {
    if (sentAt !== undefined) total += Math.max(0, performance.now() - sentAt - graceMs);
    sentAt = undefined;
  };
  return {
    tick: () => {
      if (sentAt !== undefined) return;
      sentAt = performance.now();
      ping().then(answered, () => undefined);
    },
    ms: () => total + (sentAt === undefined ? 0 : Math.max(0, performance.now() - sentAt - graceMs)),
  };
}

const graceMs = 50;
