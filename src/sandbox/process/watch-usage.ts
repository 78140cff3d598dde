/**
 * Watches what a run uses of its process, from outside, and says when it is too much. It kills nothing:
 * whoever watches decides. Wall time is not its business, since that stands still while tools are awaited.
 */
import { CodemodeError } from "../../errors.ts";
import type { Limits } from "../../spec/limits.ts";
import { createPsMeter, procMeter, type Usage, type UsageMeter } from "./usage-meter.ts";

export interface WatchOptions {
  readonly pid: number;
  readonly limits: Pick<Limits, "cpuMs" | "memoryMb">;
  /** Called at most once: `cpu_limit` or `memory_limit`. */
  readonly onBreach: (breach: CodemodeError) => void;
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

/** The watcher of this machine. One timer for all processes, and none while nothing runs. */
export const usageWatcher: UsageWatcher = createUsageWatcher(
  process.platform === "linux" ? procMeter : createPsMeter(),
);

export function createUsageWatcher(meter: UsageMeter): UsageWatcher {
  const ticks = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  const start = (tick: () => void): void => {
    ticks.add(tick);
    timer ??= setInterval(() => {
      for (const each of ticks) each();
    }, meter.everyMs).unref();
  };
  const stop = (tick: () => void): void => {
    ticks.delete(tick);
    if (ticks.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    means: { cpu: meter.name, memory: meter.name },
    watch: ({ pid, limits, onBreach, ping }) => {
      const gauge = meter.open(pid);
      const silence = ping && countSilence(ping);
      let base = gauge.read();
      let now: Usage | undefined = base;
      let mostBytes = base?.residentBytes ?? 0;

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
      const tick = (): void => {
        silence?.tick();
        const breach = toBreach(usage(), limits);
        if (!breach) return;
        stop(tick);
        onBreach(breach);
      };
      start(tick);
      return {
        usage,
        [Symbol.dispose]: () => {
          stop(tick);
          gauge[Symbol.dispose]();
        },
      };
    },
  };
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
