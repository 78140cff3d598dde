/**
 * The folder that all hosts of this user share for their sandboxes: private to the user, except that a
 * root's sandboxes, which run as other users, may walk through it.
 */
import { chmodSync, readdirSync, rmSync } from "node:fs";
import { chmod, lstat, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CodemodeError } from "../../errors.ts";

/** Made if need be, and refused if it is not this user's alone. Throws `sandbox_unavailable`. */
export async function userStateFolder(): Promise<string> {
  const reasons: string[] = [];
  for (const base of await stateBases()) {
    const path = join(base, `codemode-${process.getuid?.() ?? "user"}`);
    try {
      await mkdir(path, { mode: stateFolderMode(), recursive: true });
      const found = await lstat(path);
      const mine = process.getuid === undefined || found.uid === process.getuid();
      if (!found.isDirectory() || !mine) throw new Error("it belongs to somebody else");
      await chmod(path, stateFolderMode());
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

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

export function stateFolderMode(): number {
  return isRoot() ? 0o711 : 0o700;
}

/** Whether every user may walk down to this path, and read (and enter) it. */
export async function isOpenToAll(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  const wanted = found?.isDirectory() ? 0o005 : 0o004;
  if (!found || (found.mode & wanted) !== wanted) return false;
  return isReachableByAll(dirname(path));
}

async function isReachableByAll(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (!found?.isDirectory() || (found.mode & 0o001) === 0) return false;
  return dirname(folder) === folder || isReachableByAll(dirname(folder));
}

/** Removes a folder with its folders, also where those are sealed. Never throws. */
export function removeFolder(path: string): void {
  try {
    chmodSync(path, 0o700);
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) removeFolder(join(path, entry.name));
    }
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Gone already, or not ours: the next start tries again.
  }
}

async function stateBases(): Promise<string[]> {
  if (!isRoot()) {
    const runtime = process.env["XDG_RUNTIME_DIR"];
    return [...(runtime ? [runtime] : []), tmpdir()];
  }
  const candidates = [...new Set([tmpdir(), "/tmp", "/run", "/var/tmp"])];
  const open = await Promise.all(candidates.map(isReachableByAll));
  return candidates.filter((_, index) => open[index]);
}
