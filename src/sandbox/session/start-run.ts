/**
 * One run in one leased process, for any engine: ties the bridge's session to the connection, to the watch over CPU and
 * memory, and to the life of the process, and gives the process back or kills it.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { CodemodeError } from "../../errors.ts";
import type {
  EngineSession,
  GuestError,
  GuestListener,
  GuestProgram,
  GuestUsage,
} from "../../spec/engine.ts";
import { createHostSession, maxMessageBytes, type HostSession } from "../bridge/host-session.ts";
import { explainDeath } from "../process/explain-death.ts";
import type { Lease } from "../process/process-pool.ts";
import { lowerPriority, restorePriority } from "../process/process-priority.ts";
import { usageWatcher } from "../process/watch-usage.ts";
import { confineProgram } from "./confine-program.ts";
import type { SandboxConnection, SandboxProcess } from "./sandbox-process.ts";

export interface RunOptions {
  readonly program: GuestProgram;
  readonly listener: GuestListener;
  readonly lease: () => Promise<Lease<SandboxProcess>>;
  /** What the program's beginning waits for, once it is loaded. */
  readonly after: Promise<unknown> | undefined;
}

export async function startRun({ program, listener, lease, after }: RunOptions): Promise<EngineSession> {
  const confined = confineProgram(program);
  if (!confined.ok) return failedSession(confined.error);
  const leased = await lease();
  const connection = await leased.process.takeConnection();
  return runLeased({ program: { ...program, ...confined.texts }, listener, leased, connection, after });
}

interface LeasedRun {
  readonly program: GuestProgram;
  readonly listener: GuestListener;
  readonly leased: Lease<SandboxProcess>;
  readonly connection: SandboxConnection;
  readonly after: Promise<unknown> | undefined;
}

function runLeased({ program, listener, leased, connection, after }: LeasedRun): EngineSession {
  const { limits } = program;
  let begun = performance.now();
  let released = Promise.resolve();
  let final: GuestUsage | undefined;
  let lowered = false;

  const session = createHostSession({ program, listener, send: connection.send, onEnd });
  const watch = usageWatcher.watch({
    pid: leased.process.pid,
    limits,
    onBreach: ({ code, message, hint }) =>
      session.end({ code, message, ...(hint !== undefined && { hint }) }),
    onHeavy: () => {
      lowered = lowerPriority(leased.process.pid);
    },
    ...(process.platform !== "linux" && { ping: () => session.idle() }),
  });

  function usage(): GuestUsage {
    const { cpuMs } = watch.usage();
    return final ?? { queueMs: leased.queueMs, runMs: performance.now() - begun, cpuMs };
  }

  function onEnd(clean: boolean): void {
    final = usage();
    watch[Symbol.dispose]();
    // Whoever has the process next, or waits for its end, hears it.
    connection.listen(true);
    const reusable = clean && (!lowered || restorePriority(leased.process.pid));
    released = reusable ? giveBack(leased, connection, session) : leased.release({ kill: true });
    if (!reusable) connection.close();
  }

  connection.run(program, {
    maxMessageBytes: maxMessageBytes(limits),
    onMessage: session.receive,
    onRefused: session.refuse,
    onViolation: session.violate,
    onClosed: () =>
      void explainClose(leased.process, () => watch.usage().addedBytes, limits.memoryMb).then(session.end),
  });
  const begin = (): void => {
    begun = performance.now();
    session.start();
  };
  if (after === undefined) begin();
  else after.then(begin, () => session.refuse(cancelled));

  return {
    outcome: session.outcome,
    deliver: session.deliver,
    idle: session.idle,
    listen(on) {
      connection.listen(on);
      session.listen(on);
    },
    unseen: session.unseen,
    cancel: (reason = cancelled) => session.end(reason),
    usage,
    async [Symbol.asyncDispose]() {
      session.end(cancelled);
      await released;
    },
  };
}

/** The process may serve again once it answers on a new connection, having had time to say a last word. */
async function giveBack(
  leased: Lease<SandboxProcess>,
  connection: SandboxConnection,
  session: HostSession,
): Promise<void> {
  try {
    await leased.process.renewConnection();
    connection.close();
    await leased.release({ kill: session.tainted });
  } catch {
    connection.close();
    await leased.release({ kill: true });
  }
}

/** A closed connection is a death, or a guest that hung up, which is the end of its process as well. */
async function explainClose(
  process: SandboxProcess,
  addedBytes: () => number,
  memoryMb: number,
): Promise<GuestError> {
  const exit = await Promise.race([process.exited, delay(deathMs)]);
  if (exit === undefined) {
    return { code: "sandbox_died", message: "The sandbox closed its connection during the run." };
  }
  return toGuestError(explainDeath(exit, { addedBytes: addedBytes(), memoryMb }));
}

function toGuestError({ code, message, hint }: CodemodeError): GuestError {
  return { code, message, ...(hint !== undefined && { hint }) };
}

function failedSession(error: GuestError): EngineSession {
  return {
    outcome: Promise.resolve({ status: "failed", error }),
    deliver: () => {},
    idle: () => Promise.resolve({ issued: 0 }),
    listen: () => {},
    cancel: () => {},
    usage: () => ({ queueMs: 0, runMs: 0, cpuMs: 0 }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Milliseconds in which a process whose connection closed is seen to be dead. */
const deathMs = 1_000;
const cancelled: GuestError = { code: "run_cancelled", message: "The run was cancelled." };
