/**
 * An engine over a pool of processes: for each run a lease, a fresh isolate and a session (`start-run.ts`). What
 * a process is and how it is booted is the engine's own; how it is confined, watched and pooled is
 * `sandbox/process`.
 */
import {
  isolationLevels,
  type Engine,
  type EngineReport,
  type GuestListener,
  type GuestProgram,
  type IsolationLevel,
} from "../../spec/engine.ts";
import { defaultLimits } from "../../spec/limits.ts";
import type { ProcessPoolOptions } from "../process/pool-settings.ts";
import { probeIsolation, requireIsolation } from "../process/probe-isolation.ts";
import { createProcessPool } from "../process/process-pool.ts";
import { usageWatcher } from "../process/watch-usage.ts";
import type { SandboxProcess } from "./sandbox-process.ts";
import { startRun } from "./start-run.ts";

/** The pool's options are described where the pool is. */
export interface PooledEngineOptions extends Omit<ProcessPoolOptions<SandboxProcess>, "boot" | "memoryMb"> {
  /** Megabytes a run may use at most; a run's own limit may be lower. Default that of `defaultLimits`. */
  readonly memoryMb?: number;
  /** `ready` throws `sandbox_too_weak` when the machine gives less. */
  readonly require?: IsolationLevel;
  /** The highest level of isolation to use, for tests and measurements. Default: the best there is. */
  readonly level?: IsolationLevel;
}

export interface EngineKind {
  readonly name: string;
  /** Name and version of what executes the code. Throws `sandbox_unavailable` where there is none. */
  readonly build: () => string;
  readonly boot: (settings: BootSettings) => Promise<SandboxProcess>;
  /** What the engine itself adds to holding these limits, in front of what the system does. */
  readonly holds: (memoryMb: number) => { readonly cpu?: string; readonly memory: string };
}

export interface BootSettings {
  readonly memoryMb: number;
  readonly level?: IsolationLevel | undefined;
}

export function createPooledEngine(kind: EngineKind, options: PooledEngineOptions): Engine {
  const { memoryMb = defaultLimits.memoryMb, require: required, level, ...poolOptions } = options;
  const pool = createProcessPool<SandboxProcess>({
    ...poolOptions,
    memoryMb,
    boot: () => kind.boot({ memoryMb, level }),
  });

  /** What the machine gives does not change; whether a process can be had now is said when one is leased. */
  let known: EngineReport | undefined;

  async function ready(): Promise<EngineReport> {
    return (known ??= await measure());
  }

  async function measure(): Promise<EngineReport> {
    const build = kind.build();
    const isolation = await probeIsolation();
    const reached = isolationLevels.find((each) => each === level || each === isolation.level) ?? "process";
    if (required !== undefined) requireIsolation({ ...isolation, level: reached }, required);
    await pool.ready();
    const { cpu, memory } = usageWatcher.means;
    const own = kind.holds(memoryMb);
    const means = {
      ...isolation.means,
      wall: "timer of the host",
      cpu: own.cpu === undefined ? cpu : `${own.cpu}, ${cpu}`,
      memory: `${own.memory}, cap of private memory where the system has one, ${memory}`,
    };
    return { engine: kind.name, build, level: reached, means, missing: isolation.missing };
  }

  return {
    name: kind.name,
    ready,
    async start(program: GuestProgram, listener: GuestListener, { signal, after } = {}) {
      return startRun({
        program,
        listener,
        after,
        lease: () => pool.lease({ principal: program.principal, client: program.client, signal }),
      });
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}
