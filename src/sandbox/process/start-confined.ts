/**
 * Starts one process in a given confinement and owns what belongs to it until it is gone: its folder, its
 * user, its pipes. What runs inside and when it is ready is the engine's; how much a run may use is watched
 * elsewhere.
 */
import type { ChildProcess } from "node:child_process";
import { constants } from "node:fs";
import { access, chmod, chown, writeFile } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { PassThrough, type Duplex, type Readable, type Writable } from "node:stream";
import { startProcess } from "../../child-process/start-process.ts";
import { CodemodeError } from "../../errors.ts";
import type { IsolationLevel } from "../../spec/engine.ts";
import { confinementToLevel, hasPidNamespace, type Confinement } from "./confinement.ts";
import { endUser } from "./end-user.ts";
import { fitDataLimit } from "./fit-data-limit.ts";
import { findOnlyChild } from "./find-only-child.ts";
import { guardChild, type ChildGuard, type ConfinedExit } from "./guard-child.ts";
import { findLibraries } from "./find-libraries.ts";
import { returnSandboxUser, takeSandboxUser } from "./sandbox-user.ts";
import { stageReadable } from "./stage-readable.ts";
import { openStateFolder } from "./state-folder.ts";
import { toConfinedCommand } from "./to-confined-command.ts";
import { removeFolder } from "./user-state-folder.ts";

export interface ConfinedOptions {
  /** Absolute path of the program. */
  readonly command: string;
  /** A relative path among them is relative to the process's own folder, which is its working folder. */
  readonly args: readonly string[];
  /** Put into the folder before the start, readable and not writable by the sandbox. */
  readonly files?: { readonly [name: string]: string | Uint8Array };
  /** Absolute paths that it must read besides the program, the system's libraries and its folder. */
  readonly readable?: readonly string[];
  /** It may make unix sockets in its folder until `seal()`. Default false. */
  readonly makesSocket?: boolean;
  /** Default empty. Nothing of the host's environment is passed on. */
  readonly env?: { readonly [name: string]: string };
  readonly memory: {
    /** Megabytes of RLIMIT_DATA that the program has mapped when idle, roughly; `seal()` measures it. */
    readonly baselineMb: number;
    /** Megabytes beyond that. */
    readonly budgetMb: number;
  };
  /** Number of two-way pipes on the descriptors from 3 on. Default 0. */
  readonly pipes?: number;
  /** Whether stdin and stdout are pipes. Default false: nothing. both ends of stderr are always kept. */
  readonly standardStreams?: boolean;
  /** Threads and processes (RLIMIT_NPROC). Default 64. */
  readonly tasks?: number;
  /** Descriptors (RLIMIT_NOFILE). Default 256. */
  readonly openFiles?: number;
}

export interface ConfinedProcess extends AsyncDisposable {
  /** Of the sandbox process itself, never of a wrapper. */
  readonly pid: number;
  readonly level: IsolationLevel;
  /** Its folder, as both sides see it. */
  readonly folder: string;
  /** Descriptors 3, 4, … */
  readonly pipes: readonly Duplex[];
  readonly stdin: Writable | undefined;
  readonly stdout: Readable | undefined;
  /** Resolves once it is dead, for whatever reason, and its streams have ended. Never rejects. */
  readonly exited: Promise<ConfinedExit>;
  /** The last lines it wrote to stderr so far. */
  stderr(): string;
  /**
   * To be called once it is idle and ready: takes away the right to make anything in its folder, and caps
   * its memory at what it has now plus its budget.
   */
  seal(): Promise<void>;
  /** SIGKILL to all of it. Resolves when it is gone, its folder and its user with it. Idempotent. */
  kill(): Promise<void>;
}

const defaultTasks = 64;
const defaultOpenFiles = 256;

/**
 * Throws `sandbox_unavailable` when the program cannot be started, and when it ended before its process was found: a
 * sandbox waits for what it is told, so one that ends by itself has failed.
 */
export async function startConfined(
  options: ConfinedOptions,
  confinement: Confinement,
): Promise<ConfinedProcess> {
  const state = await openStateFolder();
  const folder = await state.makeSandboxFolder();
  const user = confinement.privileges?.user === "own" ? await takeSandboxUser() : undefined;
  const release = async (): Promise<void> => {
    if (user !== undefined) {
      if (!hasPidNamespace(confinement)) await endUser(user);
      returnSandboxUser(user);
    }
    removeFolder(folder);
  };
  try {
    await fillFolder(folder, options, user);
    await access(options.command, constants.X_OK);
    const seen = await toSeenPaths(options, user !== undefined);
    const pipes = Array.from({ length: options.pipes ?? 0 }, () => "pipe" as const);
    const filtered = confinement.jail ? confinement.jail.seccomp : confinement.filter !== undefined;
    await using filter = filtered ? await state.openSeccompFilter() : undefined;
    const line = toConfinedCommand(seen.command, seen.args, {
      confinement,
      limits: {
        ...(process.platform === "linux" && {
          dataBytes: bootDataBytes(options, confinement),
        }),
        openFiles: options.openFiles ?? defaultOpenFiles,
        tasks: options.tasks ?? defaultTasks,
      },
      ...(user !== undefined && { user }),
      folder,
      writable: options.makesSocket ?? false,
      readable: seen.readable,
      libraries: confinement.jail ? await findLibraries() : [],
      ...(filter && { seccompFd: 3 + pipes.length }),
    });
    const child = startProcess(line.command, line.args, {
      cwd: folder,
      env: { ...options.env },
      // A group of its own, so that all of it can be killed at once.
      detached: true,
      stdio: [
        options.standardStreams ? "pipe" : "ignore",
        options.standardStreams ? "pipe" : "ignore",
        "pipe",
        ...pipes,
        ...(filter ? [filter.fd] : []),
      ],
    });
    // Node.js throws away what a dead child wrote and nobody had begun to read.
    const stdout = child.stdout?.pipe(new PassThrough());
    const guard = guardChild(child, {
      record: `${folder}.json`,
      release,
    });
    try {
      const pid = await findSandboxPid(child, line.forks, guard.exited);
      await guard.adopt(pid);
      return toProcess({
        child,
        guard,
        stdout,
        pid,
        folder,
        user,
        confinement,
        budgetBytes: options.memory.budgetMb * 2 ** 20,
      });
    } catch (thrown) {
      await guard.kill();
      throw thrown;
    }
  } catch (thrown) {
    await release();
    if (thrown instanceof CodemodeError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodemodeError("sandbox_unavailable", `The sandbox process could not be started: ${reason}.`, {
      cause: thrown,
      hint: `Check that ${options.command} exists and can be executed.`,
    });
  }
}

/** A limit can be lowered later and never raised, so where `seal()` will fit it, booting gets room. */
function bootDataBytes({ memory }: ConfinedOptions, { limits }: Confinement): number {
  const room = limits?.by === "prlimit" ? memory.baselineMb : 0;
  return (memory.baselineMb + memory.budgetMb + room) * 2 ** 20;
}

/** Where the sandbox's user finds the program and what it reads; an argument that names such a path follows it. */
async function toSeenPaths(
  { command, args, readable = [] }: ConfinedOptions,
  ownUser: boolean,
): Promise<{ command: string; args: readonly string[]; readable: readonly string[] }> {
  const paths = [command, ...readable];
  if (!ownUser) return { command, args, readable: paths };
  const staged = new Map<string, string>();
  for (const path of paths) staged.set(path, await stageReadable(path));
  const follow = (argument: string): string => {
    for (const [path, seen] of staged) {
      if (argument === path || argument.startsWith(`${path}/`)) return seen + argument.slice(path.length);
    }
    return argument;
  };
  return { command: follow(command), args: args.map(follow), readable: [...staged.values()] };
}

/**
 * Root keeps the folder and gives the sandbox's group what it needs; in a sticky folder it can add a socket
 * and take away nothing. Without root, folder and sandbox have one owner, and only a jail can forbid more.
 */
async function fillFolder(folder: string, options: ConfinedOptions, user: number | undefined): Promise<void> {
  const own = user !== undefined;
  for (const [name, content] of Object.entries(options.files ?? {})) {
    const path = join(folder, name);
    await writeFile(path, content, { mode: own ? 0o440 : 0o400, flag: "wx" });
    if (own) await chown(path, 0, user);
  }
  if (own) await chown(folder, 0, user);
  await chmod(folder, folderMode(own, options.makesSocket ?? false));
}

function folderMode(ownUser: boolean, writable: boolean): number {
  if (ownUser) return writable ? 0o1770 : 0o750;
  return writable ? 0o700 : 0o500;
}

async function findSandboxPid(
  child: ChildProcess,
  forks: boolean,
  exited: Promise<ConfinedExit>,
): Promise<number> {
  const pid = child.pid;
  if (pid === undefined) {
    const [thrown] = await new Promise<unknown[]>((resolve) =>
      child.once("error", (error) => resolve([error])),
    );
    throw thrown;
  }
  if (!forks) return pid;
  const gone = exited.then(({ code, signal, stderr }) => {
    throw new Error(
      `it ended with ${signal ?? `code ${code}`} before it ran (${stderr.trim() || "no message"})`,
    );
  });
  return Promise.race([findOnlyChild(pid), gone]);
}

interface ProcessParts {
  readonly child: ChildProcess;
  readonly guard: ChildGuard;
  readonly stdout: Readable | undefined;
  readonly pid: number;
  readonly folder: string;
  readonly user: number | undefined;
  readonly confinement: Confinement;
  readonly budgetBytes: number;
}

function toProcess({ child, guard, stdout, pid, folder, ...rest }: ProcessParts): ConfinedProcess {
  return {
    pid,
    level: confinementToLevel(rest.confinement),
    folder,
    pipes: child.stdio.slice(3).filter((stream) => stream instanceof Socket),
    stdin: child.stdin ?? undefined,
    stdout,
    exited: guard.exited,
    stderr: guard.stderr,
    seal: async () => {
      await Promise.all([chmod(folder, folderMode(rest.user !== undefined, false)), fitDataLimit(pid, rest)]);
    },
    kill: guard.kill,
    [Symbol.asyncDispose]: guard.kill,
  };
}
