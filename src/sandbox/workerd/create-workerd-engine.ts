/**
 * The workerd engine: leases a process for each run, loads the program into a fresh isolate, and ties the
 * bridge's session to the process's life. What the guest may say is the bridge's; how a process is confined,
 * watched and pooled is `sandbox/process`.
 */
import { CodemodeError } from "../../errors.ts";
import type {
  Engine,
  EngineReport,
  EngineSession,
  GuestError,
  GuestListener,
  GuestProgram,
} from "../../spec/engine.ts";
import { defaultLimits } from "../../spec/limits.ts";
import { createHostSession, maxMessageBytes } from "../bridge/host-session.ts";
import { probeIsolation } from "../process/probe-isolation.ts";
import { bootWorkerd, type WorkerdProcess } from "./boot-workerd.ts";
import { refusalToError } from "./refusal-to-error.ts";
import { findWorkerdBinary } from "./workerd-binary.ts";

export interface WorkerdEngineOptions {
  /** Megabytes a run may use at most; a run's own limit may be lower. Default that of `defaultLimits`. */
  readonly memoryMb?: number;
}

export function createWorkerdEngine(options: WorkerdEngineOptions = {}): Engine {
  const memoryMb = options.memoryMb ?? defaultLimits.memoryMb;
  const idle: WorkerdProcess[] = [];
  const all = new Set<WorkerdProcess>();
  let closed = false;

  async function boot(): Promise<WorkerdProcess> {
    const process = await bootWorkerd({ binary: findWorkerdBinary(), memoryMb });
    all.add(process);
    void process.confined.exited.then(() => all.delete(process));
    return process;
  }

  async function ready(): Promise<EngineReport> {
    const { level, means, missing } = await probeIsolation();
    idle.push(idle.pop() ?? (await boot()));
    return { engine: "workerd", build: findWorkerdBinary().build, level, means, missing };
  }

  async function start(program: GuestProgram, listener: GuestListener): Promise<EngineSession> {
    if (closed) throw new CodemodeError("sandbox_unavailable", "The engine has been closed.");
    const queued = performance.now();
    const process = idle.pop() ?? (await boot());
    const connection = await process.connect();
    const queueMs = performance.now() - queued;
    const begun = performance.now();
    let runMs = 0;
    const session = createHostSession({
      program,
      listener,
      send: connection.send,
      onEnd(clean) {
        runMs = performance.now() - begun;
        connection.close();
        if (clean && !closed) idle.push(process);
        else void process.confined.kill();
      },
    });
    connection.run(program.code, {
      maxMessageBytes: maxMessageBytes(program.limits),
      onMessage: session.receive,
      onRefused: (reason) => session.end(refusalToError(reason)),
      onViolation: (reason) => session.end({ code: "bridge_violation", message: reason }),
      onClosed: () => session.end(deathError),
    });
    session.start();
    const cancel = (
      reason: GuestError = { code: "run_cancelled", message: "The run was cancelled." },
    ): void => session.end(reason);
    return {
      outcome: session.outcome,
      deliver: session.deliver,
      idle: session.idle,
      cancel,
      usage: () => ({ queueMs, runMs: runMs || performance.now() - begun, cpuMs: 0 }),
      [Symbol.asyncDispose]: () => {
        cancel();
        return Promise.resolve();
      },
    };
  }

  return {
    name: "workerd",
    ready,
    start,
    async [Symbol.asyncDispose]() {
      closed = true;
      await Promise.all([...all].map((process) => process.confined.kill()));
    },
  };
}

const deathError: GuestError = {
  code: "sandbox_died",
  message: "The sandbox process died during the run.",
  hint: "Look at the writes that were made before the run is started again.",
};
