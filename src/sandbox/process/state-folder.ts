/**
 * The host's own corner of the file system: one folder per user, in it one per host process, in that one
 * per sandbox. A folder's name says which process made it, so that a later start can tell what a crash left
 * behind (`sweepOrphans`).
 */
import { rmSync } from "node:fs";
import { chmod, lstat, mkdir, mkdtemp, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodemodeError } from "../../errors.ts";
import { readProcStat } from "./proc-stat.ts";

export interface StateFolder {
  /** Where sandboxes of this host live. */
  readonly path: string;
  /** A new empty folder in it; short, since a unix socket's path has 107 bytes at most. */
  makeSandboxFolder(): Promise<string>;
}

/** What identifies the host to a later start; written as `host.json`. */
export interface HostRecord {
  readonly pid: number;
  /** Start time in clock ticks after boot; 0 where the system does not say. */
  readonly startTicks: number;
  /** Identifies the boot and the pid namespace in which `pid` has its meaning. */
  readonly realm: string;
}

let current: Promise<StateFolder> | undefined;

/** The state folder of this host process, made at the first call. Throws `sandbox_unavailable`. */
export function openStateFolder(): Promise<StateFolder> {
  current ??= makeStateFolder();
  return current;
}

async function makeStateFolder(): Promise<StateFolder> {
  const parent = await userStateFolder();
  // Others may pass through a root's folder, since its sandboxes run as another user.
  const mode = isRoot() ? 0o711 : 0o700;
  const path = await mkdtemp(join(parent, `${process.pid}-`));
  await chmod(path, mode);
  await writeFile(join(path, "host.json"), JSON.stringify(await describeHost()), { mode: 0o600 });
  process.on("exit", () => rmSync(path, { recursive: true, force: true }));
  let made = 0;
  return {
    path,
    makeSandboxFolder: async () => {
      made += 1;
      const folder = join(path, made.toString(36));
      await mkdir(folder, { mode: 0o700 });
      return folder;
    },
  };
}

/** Who this process is, in the terms a later start can check. */
export async function describeHost(): Promise<HostRecord> {
  return {
    pid: process.pid,
    startTicks: readProcStat(process.pid)?.startTicks ?? 0,
    realm: await readRealm(),
  };
}

/** The folder of all hosts of this user; made if need be and refused if it is not this user's alone. */
export async function userStateFolder(): Promise<string> {
  const mode = isRoot() ? 0o711 : 0o700;
  const reasons: string[] = [];
  for (const base of await stateBases()) {
    const path = join(base, `codemode-${process.getuid?.() ?? "user"}`);
    try {
      await mkdir(path, { mode, recursive: true });
      const found = await lstat(path);
      const mine = process.getuid === undefined || found.uid === process.getuid();
      if (!found.isDirectory() || !mine) throw new Error("it belongs to somebody else");
      await chmod(path, mode);
      return path;
    } catch (cause) {
      reasons.push(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  throw new CodemodeError(
    "sandbox_unavailable",
    `No folder for sandboxes could be made (${reasons.join("; ")}).`,
    {
      hint: "Set TMPDIR to a folder that this user can write to.",
    },
  );
}

/** Removes a folder and what is in it, whoever owns that. */
export async function removeFolder(path: string): Promise<void> {
  await chmod(path, 0o700).catch(() => undefined);
  await rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function stateBases(): Promise<string[]> {
  if (!isRoot()) {
    const runtime = process.env["XDG_RUNTIME_DIR"];
    return [...(runtime ? [runtime] : []), tmpdir()];
  }
  // A sandbox that runs as its own user must be able to walk down to its folder.
  const candidates = [...new Set([tmpdir(), "/tmp", "/run", "/var/tmp"])];
  const open = await Promise.all(candidates.map(isOpenToAll));
  return candidates.filter((_, index) => open[index]);
}

async function isOpenToAll(path: string): Promise<boolean> {
  const parts = path.split("/").filter(Boolean);
  for (let length = 0; length <= parts.length; length += 1) {
    const found = await lstat(`/${parts.slice(0, length).join("/")}`).catch(() => undefined);
    if (!found?.isDirectory() || (found.mode & 0o001) === 0) return false;
  }
  return true;
}

async function readRealm(): Promise<string> {
  const [boot, namespace] = await Promise.all([
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
    readlink("/proc/self/ns/pid").catch(() => ""),
  ]);
  return `${boot.trim()} ${namespace}`;
}
