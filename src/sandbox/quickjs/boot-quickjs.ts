/**
 * Boots one process with a QuickJS machine in it, confined, up to its first sign of life, and is the host's end
 * of its pipe. Which run it serves is the pool's; what the frames' payloads say is the bridge's.
 */
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { CodemodeError } from "../../errors.ts";
import type { GuestProgram } from "../../spec/engine.ts";
import { spawnConfined } from "../process/spawn-confined.ts";
import type { ConfinedProcess } from "../process/start-confined.ts";
import type { BootSettings } from "../session/create-pooled-engine.ts";
import type { RunHandlers, SandboxConnection, SandboxProcess } from "../session/sandbox-process.ts";
import { createFrameReader, writeFrame, type FrameKind } from "./child/pipe-frames.ts";
import { readSandboxFiles } from "./sandbox-files.ts";
import { refusalToError } from "./refusal-to-error.ts";

/** RLIMIT_DATA of an idle process. */
const baselineMb = 640;
/** Megabytes that Node.js itself may need beside the machine: copies of messages, mostly. */
const overheadMb = 96;
/** Megabytes of an idle machine, and of what it needs beside what its runtime counts. */
const machineMb = 32;
const bootMs = 10_000;
/** Milliseconds between the end of a process's pipe and its own. */
const closingMs = 100;
/** Milliseconds a process may take to finish with a run that has ended. */
const renewMs = 1_000;
/** Bytes of what a process may say while no program runs in it. */
const idleBytes = 1_024;

/**
 * The stack lets QuickJS meet its own limit first, which a snippet can catch. Nothing may be read but the folder
 * that is the working folder, and no process, worker or addon started.
 */
const flags = [
  "--permission",
  "--allow-fs-read=.",
  "--stack-size=6500",
  "--expose-gc",
  "--disallow-code-generation-from-strings",
  "--max-old-space-size=256",
  "--no-warnings",
];

/** Throws `sandbox_unavailable`. */
export async function bootQuickJs({ memoryMb, level }: BootSettings): Promise<SandboxProcess> {
  const confined = await spawnConfined({
    command: process.execPath,
    args: [...flags, "main.mjs", String(memoryMb + machineMb)],
    files: readSandboxFiles().files,
    env: { TZ: "UTC" },
    memory: { baselineMb, budgetMb: memoryMb + overheadMb },
    pipes: 1,
    ...(level !== undefined && { level }),
  });
  try {
    const [pipe] = confined.pipes;
    if (pipe === undefined) throw new CodemodeError("internal", "The sandbox has no pipe.");
    const link = createLink(pipe);
    await untilReady(confined, link);
    await confined.seal();
    return {
      pid: confined.pid,
      exited: confined.exited,
      kill: () => confined.kill(),
      takeConnection: () => Promise.resolve(link.connect()),
      async renewConnection() {
        pipe.write(writeFrame("renew", ""));
        await within(renewMs, link.ready());
      },
    };
  } catch (thrown) {
    await confined.kill();
    throw thrown;
  }
}

async function untilReady(confined: ConfinedProcess, link: Link): Promise<void> {
  const fail = (how: string): CodemodeError => {
    const message = `The QuickJS process ${how}: ${confined.stderr().trim() || "it said nothing"}`;
    return new CodemodeError("sandbox_unavailable", message, { hint: "Run codemode doctor." });
  };
  const ended = confined.exited.then((): never => {
    throw fail("ended before it was ready");
  });
  const ready = link.ready().catch(async (): Promise<never> => {
    // The pipe is seen to close before its process is seen to end.
    await Promise.race([ended, delay(closingMs)]);
    throw fail("closed its pipe before it was ready");
  });
  const late = new AbortController();
  const tooLate = delay(bootMs, undefined, { signal: late.signal }).then((): never => {
    throw fail(`did not start within ${bootMs} ms`);
  });
  for (const promise of [ended, ready, tooLate]) promise.catch(() => undefined);
  try {
    await Promise.race([ready, ended, tooLate]);
  } finally {
    late.abort();
  }
}

interface Link {
  readonly connect: () => SandboxConnection;
  /** Resolves at the process's next sign that it is ready. Rejects with `sandbox_died`. */
  readonly ready: () => Promise<void>;
}

/** One run at a time has the pipe; what comes while none has breaks it. */
function createLink(pipe: Duplex): Link {
  let handlers: RunHandlers | undefined;
  let program = "";
  let awaited: PromiseWithResolvers<void> | undefined;

  const end = (): void => {
    pipe.destroy();
    awaited?.reject(new CodemodeError("sandbox_died", "The sandbox process does not answer."));
    awaited = undefined;
    handlers?.onClosed();
    handlers = undefined;
  };

  function take(kind: FrameKind, payload: Buffer): void {
    if (kind === "ready" && awaited !== undefined) {
      handlers = undefined;
      awaited.resolve();
      awaited = undefined;
    } else if (kind === "message" && handlers !== undefined) handlers.onMessage(payload);
    else if (kind === "refused" && handlers !== undefined) {
      handlers.onRefused(refusalToError(payload.toString("utf8"), program));
    } else violate("a frame of the pipe is out of turn");
  }

  function violate(reason: string): void {
    handlers?.onViolation(reason);
    end();
  }

  pipe.on(
    "data",
    createFrameReader({
      maxBytes: () => handlers?.maxMessageBytes ?? idleBytes,
      onFrame: take,
      onViolation: violate,
    }),
  );
  pipe.on("close", end);

  return {
    connect: () => ({
      run({ code, modules, limits }: GuestProgram, given) {
        handlers = given;
        program = code;
        if (pipe.destroyed) return end();
        const { cpuMs, memoryMb } = limits;
        pipe.write(writeFrame("program", JSON.stringify({ code, modules, limits: { cpuMs, memoryMb } })));
      },
      send(message) {
        if (!pipe.destroyed) pipe.write(writeFrame("message", message));
      },
      listen(on) {
        if (on) pipe.resume();
        else pipe.pause();
      },
      close() {
        handlers = undefined;
      },
    }),
    ready() {
      const { promise } = (awaited = Promise.withResolvers<void>());
      promise.catch(() => undefined);
      if (pipe.destroyed) end();
      return promise;
    },
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new CodemodeError("sandbox_died", `The sandbox process did not answer within ${ms} ms.`));
  }, ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
