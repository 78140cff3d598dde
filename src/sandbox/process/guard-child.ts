/**
 * Owns a started child process until it is dead: keeps both ends of its stderr, notes it down for a later
 * start to sweep, kills all of it, and sees to it that it does not outlive this process.
 */
import type { ChildProcess } from "node:child_process";
import { writeFile, rm } from "node:fs/promises";
import { constants } from "node:os";
import { watchOver } from "./host-watchdog.ts";
import { readProcStat } from "./proc-stat.ts";
import { identifyProcess, untilDead, type ProcessIdentity } from "./process-identity.ts";

export interface ConfinedExit {
  readonly code: number | null;
  /** The signal that ended it, also when a wrapper reported it as 128 + number. */
  readonly signal: NodeJS.Signals | null;
  /** The first 2 and the last 6 KiB of its stderr. */
  readonly stderr: string;
}

export interface ChildGuard {
  /** Resolves once the child is dead and its streams have ended. Never rejects. */
  readonly exited: Promise<ConfinedExit>;
  readonly stderr: () => string;
  /** Tells which process is the sandbox itself. */
  readonly adopt: (pid: number) => Promise<void>;
  /** SIGKILL to all of it; resolves when it is gone and released. Idempotent. */
  readonly kill: () => Promise<void>;
}

export interface GuardOptions {
  /** Where the sandbox is noted down. */
  readonly record: string;
  /** Called once, after its death, and waited for by `kill`. */
  readonly release: () => Promise<void>;
}

const headBytes = 2048;
const tailBytes = 6144;
/** A descendant that left the group may hold the streams; the child's own death is not made to wait longer. */
const drainMs = 500;

/** The groups to kill when this process ends in an orderly way; where it is killed, the kernel does it. */
const living = new Set<() => void>();
let hooked = false;

export function guardChild(child: ChildProcess, options: GuardOptions): ChildGuard {
  const { record, release } = options;
  let head = "";
  let tail = "";
  let sandbox: ProcessIdentity | undefined;
  let dead = child.pid === undefined;

  child.stderr?.setEncoding("latin1").on("data", (text: string) => {
    // An allocator says first that it has no memory, and then at length how it had used it.
    const room = headBytes - head.length;
    head += text.slice(0, Math.max(0, room));
    tail = (tail + text.slice(Math.max(0, room))).slice(-tailBytes);
  });
  const stderr = (): string => Buffer.from(head + tail, "latin1").toString("utf8");
  // A broken pipe is told by the death that caused it.
  for (const stream of child.stdio) stream?.on("error", () => undefined);

  const strike = (): void => {
    // First the sandbox itself, which may have left the group; its pid is its own while its start time is.
    if (sandbox && String(readProcStat(sandbox.pid)?.startTicks) === sandbox.started) signal(sandbox.pid);
    if (!dead && child.pid !== undefined) signal(-child.pid);
  };
  hookExit();
  living.add(strike);
  const watched = child.pid === undefined ? undefined : watchOver(child.pid);

  const exited = untilGone(child, () => {
    // A wrapper that died before its child was told to die with it leaves that child in the group.
    strike();
    dead = true;
  }).then(({ code, signal }) => {
    living.delete(strike);
    return { ...unwrapSignal(code, signal), stderr: stderr() };
  });
  const clean = async (): Promise<void> => {
    await exited;
    strike();
    // A wrapper may be seen to end before the process that it waited for.
    if (sandbox) await untilDead(sandbox);
    watched?.[Symbol.dispose]();
    await release();
    await rm(record, { force: true });
  };
  const released = clean();

  return {
    exited,
    stderr,
    adopt: async (pid) => {
      sandbox = await identifyProcess(pid);
      await writeFile(record, JSON.stringify(sandbox), { mode: 0o600 });
    },
    kill: () => {
      strike();
      return released;
    },
  };
}

interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function untilGone(child: ChildProcess, onDeath: () => void): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once("error", () => {
      if (child.pid === undefined) resolve({ code: null, signal: null });
    });
    child.once("exit", () => {
      onDeath();
      const drained = setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy();
      }, drainMs);
      child.once("close", () => clearTimeout(drained));
    });
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

/** `unshare` and `bwrap` stay outside as parents and report the sandbox's signal as a code. */
function unwrapSignal(code: number | null, signal: NodeJS.Signals | null): ChildEnd {
  if (code === null || code <= 128) return { code, signal };
  const name = signalNames.find((candidate) => constants.signals[candidate] === code - 128);
  return name === undefined ? { code, signal } : { code: null, signal: name };
}

/** What ends a process from outside or by its own fault. */
const signalNames = [
  "SIGKILL",
  "SIGTRAP",
  "SIGABRT",
  "SIGSEGV",
  "SIGILL",
  "SIGBUS",
  "SIGFPE",
  "SIGTERM",
  "SIGSYS",
  "SIGXFSZ",
  "SIGXCPU",
] as const satisfies readonly NodeJS.Signals[];

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

function hookExit(): void {
  if (hooked) return;
  hooked = true;
  process.on("exit", () => {
    for (const strike of living) strike();
  });
}
