/**
 * A random key of 32 bytes that is kept in the user's state folder for this user alone, and made when there is none.
 */
import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CodemodeError } from "../../errors.ts";

const keyBytes = 32;

export interface KeptKey {
  readonly file: string;
  /** What the key is for, as an error says it. */
  readonly purpose: string;
  readonly hint: string;
}

/** Throws `store_unwritable` when there is none and none can be kept. */
export async function readKeptKey({ file, purpose, hint }: KeptKey): Promise<Uint8Array> {
  const known = await readKey(file);
  if (known !== undefined) return known;
  // Linked into place whole: of two servers that start at once, both use the first one's.
  const draft = `${file}.${process.pid}.${randomBytes(6).toString("hex")}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, randomBytes(keyBytes), { mode: 0o600, flag: "wx" });
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } catch (cause) {
    throw new CodemodeError("store_unwritable", `The key for ${purpose} cannot be written to ${file}.`, {
      cause,
      hint,
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
