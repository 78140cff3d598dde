/**
 * Which system folders hold shared libraries on this machine, so that a jail can show them and nothing
 * else: on merged systems `/lib` is a link into `/usr`, elsewhere it is a folder of its own.
 */
import { lstat, readlink } from "node:fs/promises";
import type { LibraryFolder } from "./to-confined-command.ts";

const candidates = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/nix/store"];

export async function findLibraries(): Promise<LibraryFolder[]> {
  const found = await Promise.all(candidates.map(toLibraryFolder));
  return found.filter((folder) => folder !== undefined);
}

async function toLibraryFolder(path: string): Promise<LibraryFolder | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return undefined;
  return stats.isSymbolicLink() ? { path, link: await readlink(path) } : { path };
}
