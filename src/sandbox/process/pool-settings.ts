/**
 * What a process pool is told, with the defaults filled in.
 */
import { machinePoolBound } from "./pool-bound.ts";

/** What the pool must know of a process; an engine's own has more. */
export interface PooledProcess {
  readonly pid: number;
  /** Resolves once it is dead, for whatever reason. Never rejects. */
  readonly exited: Promise<unknown>;
  /** Ends it without asking. Resolves when it is gone. Idempotent, never rejects. */
  kill(): Promise<void>;
}

export interface RecycleRules {
  /** Runs after which a process is replaced. */
  readonly runs: number;
  /** Milliseconds after which it is. */
  readonly ageMs: number;
  /** Resident megabytes at the end of a run from which on it is. */
  readonly residentMb: number;
}

export interface ProcessPoolOptions<P extends PooledProcess> {
  /** Starts one process and resolves when it can take a run. Rejects once the signal aborts. */
  readonly boot: (signal: AbortSignal) => Promise<P>;
  /** Megabytes a run may add to a process; with the machine's memory it makes the default of `most`. */
  readonly memoryMb: number;
  /** Processes kept ready. Default 2, never above `most`. */
  readonly prewarm?: number;
  /** Processes at once. Default: what the machine's memory has room for. */
  readonly most?: number;
  /** Leases that may wait. Default 256. */
  readonly queue?: number;
  /** False: every lease gets a process that nothing ran in. Default true. */
  readonly reuse?: boolean;
  /** True: a process may serve one principal after another. Default false. */
  readonly shareAcrossPrincipals?: boolean;
  readonly recycle?: Partial<RecycleRules>;
  /** Milliseconds a boot may take. Default 10,000. */
  readonly bootMs?: number;
  /** Milliseconds after which an idle process beyond the prewarmed ones is ended. Default 60,000. */
  readonly idleMs?: number;
  /**
   * Milliseconds that a principal may be made to wait while another one's process goes on with that one's
   * next run, which saves a boot. Default 250.
   */
  readonly patienceMs?: number;
}

export type PoolSettings<P extends PooledProcess> = Required<Omit<ProcessPoolOptions<P>, "recycle">> & {
  readonly recycle: RecycleRules;
};

const defaultRecycle: RecycleRules = { runs: 500, ageMs: 1_800_000, residentMb: 384 };

export function toPoolSettings<P extends PooledProcess>(options: ProcessPoolOptions<P>): PoolSettings<P> {
  const most = Math.max(1, options.most ?? machinePoolBound(options.memoryMb));
  return {
    boot: options.boot,
    memoryMb: options.memoryMb,
    most,
    prewarm: Math.min(options.prewarm ?? 2, most),
    queue: options.queue ?? 256,
    reuse: options.reuse ?? true,
    shareAcrossPrincipals: options.shareAcrossPrincipals ?? false,
    recycle: { ...defaultRecycle, ...options.recycle },
    bootMs: options.bootMs ?? 10_000,
    idleMs: options.idleMs ?? 60_000,
    patienceMs: options.patienceMs ?? 250,
  };
}
