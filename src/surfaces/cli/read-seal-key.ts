/**
 * The key with which the server seals what clients carry for it, kept in the user's state folder for this
 * user alone, so that a question outlives a restart. Made when there is none.
 */
import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CodemodeError } from "../../errors.ts";

const keyBytes = 32;

/** Throws `store_unwritable` when there is none and none can be kept. */
export async function readSealKey(stateFolder: string): Promise<Uint8Array> {
  const file = join(stateFolder, "approvals.key");
  const known = await readKey(file);
  if (known !== undefined) return known;
  // Linked into place whole: of two servers that start at once, both use the first one's.
  const draft = `${file}.${process.pid}.${randomBytes(6).toString("hex")}`;
  try {
    await mkdir(stateFolder, { recursive: true, mode: 0o700 });
    await writeFile(draft, randomBytes(keyBytes), { mode: 0o600, flag: "wx" });
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } catch (cause) {
    throw new CodemodeError("store_unwritable", `The key for approvals cannot be written to ${file}.`, {
      cause,
      hint: 'Make the folder writable, or set "approvals": { "ask": "elsewhere" }.',
    });
  } finally {
    await rm(draft, { force: true });
  }
  return (await readKey(file)) ?? randomBytes(keyBytes);
}

/** A key that others could read is narrowed to this user; one of another length is none. */
async function readKey(file: string): Promise<Uint8Array | undefined> {
  try {
    const key = await readFile(file);
    if (key.length !== keyBytes) {
      await rm(file, { force: true });
      return undefined;
    }
    await chmod(file, 0o600);
    return key;
  } catch {
    return undefined;
  }
}
