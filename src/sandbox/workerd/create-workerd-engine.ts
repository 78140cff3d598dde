/**
 * The workerd engine: a pool of processes, and for each run a lease, a fresh isolate and a session
 * (`session/start-run.ts`). What the guest may say is the bridge's; how a process is confined, watched and pooled is
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
import type { SandboxProcess } from "../session/sandbox-process.ts";
import { startRun } from "../session/start-run.ts";
import { bootWorkerd } from "./boot-workerd.ts";
import { findWorkerdBinary } from "./workerd-binary.ts";

/** The pool's options are described where the pool is. */
export interface WorkerdEngineOptions extends Omit<ProcessPoolOptions<SandboxProcess>, "boot" | "memoryMb"> {
  /** Megabytes a run may use at most; a run's own limit may be lower. Default that of `defaultLimits`. */
  readonly memoryMb?: number;
  /** `ready` throws `sandbox_too_weak` when the machine gives less. */
  readonly require?: IsolationLevel;
  /** The highest level of isolation to use, for tests and measurements. Default: the best there is. */
  readonly level?: IsolationLevel;
}

export function createWorkerdEngine(options: WorkerdEngineOptions = {}): Engine {
  const { memoryMb = defaultLimits.memoryMb, require: required, level, ...poolOptions } = options;
  const pool = createProcessPool<SandboxProcess>({
    ...poolOptions,
    memoryMb,
    boot: () => bootWorkerd({ binary: findWorkerdBinary(), memoryMb, level }),
  });

  async function ready(): Promise<EngineReport> {
    const { build } = findWorkerdBinary();
    const isolation = await probeIsolation();
    const reached = isolationLevels.find((each) => each === level || each === isolation.level) ?? "process";
    if (required !== undefined) requireIsolation({ ...isolation, level: reached }, required);
    await pool.ready();
    const { cpu, memory } = usageWatcher.means;
    const means = {
      ...isolation.means,
      wall: "timer of the host",
      cpu,
      memory: `heap cap of ${memoryMb} MB, cap of private memory where the system has one, ${memory}`,
    };
    return { engine: "workerd", build, level: reached, means, missing: isolation.missing };
  }

  return {
    name: "workerd",
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
