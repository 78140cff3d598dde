/**
 * The quickjs engine, for machines that workerd has no build for: a pool of Node.js processes with a QuickJS
 * machine in each, and for each run a lease, a fresh machine and a session. What differs from workerd is in
 * docs/engines.md.
 */
import type { Engine, EngineReport, GuestListener, GuestProgram, IsolationLevel } from "../../spec/engine.ts";
import { defaultLimits } from "../../spec/limits.ts";
import type { ProcessPoolOptions } from "../process/pool-settings.ts";
import { probeIsolation, requireIsolation } from "../process/probe-isolation.ts";
import { createProcessPool } from "../process/process-pool.ts";
import { usageWatcher } from "../process/watch-usage.ts";
import type { SandboxProcess } from "../session/sandbox-process.ts";
import { startRun } from "../session/start-run.ts";
import { bootQuickJs } from "./boot-quickjs.ts";
import { readSandboxFiles } from "./sandbox-files.ts";

/** The pool's options are described where the pool is. */
export interface QuickJsEngineOptions extends Omit<ProcessPoolOptions<SandboxProcess>, "boot" | "memoryMb"> {
  /** Megabytes a run may use at most; a run's own limit may be lower. Default that of `defaultLimits`. */
  readonly memoryMb?: number;
  /** `ready` throws `sandbox_too_weak` when the machine gives less. */
  readonly require?: IsolationLevel;
  /** The highest level of isolation to use, for tests and measurements. Default: the best there is. */
  readonly level?: IsolationLevel;
}

export function createQuickJsEngine(options: QuickJsEngineOptions = {}): Engine {
  const { memoryMb = defaultLimits.memoryMb, require: required, level, ...poolOptions } = options;
  const pool = createProcessPool<SandboxProcess>({
    ...poolOptions,
    memoryMb,
    boot: () => bootQuickJs({ memoryMb, level }),
  });

  async function ready(): Promise<EngineReport> {
    const { build } = readSandboxFiles();
    const isolation = await probeIsolation();
    if (required !== undefined) requireIsolation(isolation, required);
    await pool.ready();
    const { cpu, memory } = usageWatcher.means;
    const means = {
      ...isolation.means,
      wall: "timer of the host",
      cpu: `${cpu}, interrupts of the engine past it`,
      memory: `cap of the engine, cap of private memory where the system has one, ${memory}`,
    };
    return { engine: "quickjs", build, level: level ?? isolation.level, means, missing: isolation.missing };
  }

  return {
    name: "quickjs",
    ready,
    async start(program: GuestProgram, listener: GuestListener, { signal } = {}) {
      return startRun({
        program,
        listener,
        lease: () => pool.lease({ principal: program.principal, signal }),
      });
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}
