/**
 * Finds a system program by its absolute path, since a sandbox starts with an empty environment and hence
 * without a PATH. Looks in the system's folders before the host's PATH, so that a folder of the user
 * cannot slip in a `setpriv` of its own.
 */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

const systemFolders = [
  "/usr/bin",
  "/bin",
  "/usr/sbin",
  "/sbin",
  "/usr/local/bin",
  "/run/current-system/sw/bin",
];

export async function findProgram(name: string): Promise<string | undefined> {
  const fromPath = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  for (const folder of new Set([...systemFolders, ...fromPath])) {
    const path = join(folder, name);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not here: the next folder may have it.
    }
  }
  return undefined;
}
