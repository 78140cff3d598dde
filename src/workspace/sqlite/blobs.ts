/**
 * The contents of files, by workspace and hash. On disk each is a file of its own that appears whole or not at all; what
 * is read is compared with its name, so that a file that was changed, exchanged or linked elsewhere is never answered.
 * Whoever calls holds the database's lock, so that nothing is collected that somebody is about to name.
 */
import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { CodemodeError } from "../../errors.ts";
import type { Workspace } from "../../spec/workspace.ts";
import { areSealed, type Seal } from "../../journal/sealed/create-seal.ts";
import { hashBytes } from "../files/hash-bytes.ts";

export interface Blobs {
  keep(workspace: Workspace, hash: string, content: Uint8Array): void;
  /** Throws `store_corrupt`. */
  read(workspace: Workspace, hash: string): Uint8Array;
  remove(workspace: Workspace, hash: string): void;
  /** Every hash kept of a workspace. */
  list(workspace: Workspace): readonly string[];
}

/** Windows has neither. */
const noFollow = constants.O_NOFOLLOW ?? 0;

/** `seal` is asked at every use; nothing of it: contents are kept as they are. */
export function createDiskBlobs(root: string, seal: () => Seal | undefined): Blobs {
  const placeOf = ({ principal, name }: Workspace, hash: string): string =>
    JSON.stringify([principal, name, hash]);
  const folderOf = ({ principal, name }: Workspace): string =>
    join(root, hashBytes(Buffer.from(JSON.stringify([principal, name]))).slice(0, 32));
  return {
    keep(workspace, hash, content) {
      const folder = folderOf(workspace);
      const file = join(folder, hash);
      const sealing = seal();
      if (isWhole(file, (kept) => isContent(kept, { hash, sealing, place: placeOf(workspace, hash) })))
        return;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      refuseLink(folder);
      const draft = join(folder, `${hash}.${randomBytes(6).toString("hex")}.draft`);
      try {
        const opened = openSync(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
        try {
          writeFileSync(opened, sealing?.sealBytes(content, placeOf(workspace, hash)) ?? content);
          fsyncSync(opened);
        } finally {
          closeSync(opened);
        }
        renameSync(draft, file);
      } catch (error) {
        rmSync(draft, { force: true });
        throw toDiskError(error);
      }
      syncFolder(folder);
    },
    read(workspace, hash) {
      const folder = folderOf(workspace);
      try {
        refuseLink(folder);
        const opened = openSync(join(folder, hash), constants.O_RDONLY | noFollow);
        try {
          const kept = readFileSync(opened);
          // Written before there was a key.
          if (hashBytes(kept) === hash) return new Uint8Array(kept);
          if (areSealed(kept)) {
            const content = (seal() ?? keyMissing()).openBytes(kept, placeOf(workspace, hash));
            if (hashBytes(content) === hash) return new Uint8Array(content);
          }
        } finally {
          closeSync(opened);
        }
      } catch (cause) {
        if (cause instanceof CodemodeError) throw cause;
        throw damaged(cause);
      }
      throw damaged();
    },
    remove(workspace, hash) {
      rmSync(join(folderOf(workspace), hash), { force: true });
    },
    list(workspace) {
      try {
        return readdirSync(folderOf(workspace));
      } catch {
        return [];
      }
    },
  };
}

export function createMemoryBlobs(): Blobs {
  const kept = new Map<string, Map<string, Uint8Array>>();
  const of = ({ principal, name }: Workspace): Map<string, Uint8Array> => {
    const key = JSON.stringify([principal, name]);
    const known = kept.get(key) ?? new Map<string, Uint8Array>();
    kept.set(key, known);
    return known;
  };
  return {
    keep: (workspace, hash, content) => void of(workspace).set(hash, content),
    read: (workspace, hash) => of(workspace).get(hash) ?? missing(),
    remove: (workspace, hash) => void of(workspace).delete(hash),
    list: (workspace) => [...of(workspace).keys()],
  };
}

/** What is no such file is removed: a link, another content, one that was kept without the key that there is now. */
function isWhole(file: string, isContentOf: (kept: Uint8Array) => boolean): boolean {
  try {
    if (lstatSync(file).isFile() && isContentOf(readFileSync(file))) return true;
    rmSync(file, { force: true, recursive: true });
  } catch {
    rmSync(file, { force: true, recursive: true });
  }
  return false;
}

function isContent(
  kept: Uint8Array,
  {
    hash,
    sealing,
    place,
  }: { readonly hash: string; readonly sealing: Seal | undefined; readonly place: string },
): boolean {
  if (sealing === undefined) return hashBytes(kept) === hash;
  return areSealed(kept) && hashBytes(sealing.openBytes(kept, place)) === hash;
}

function keyMissing(): never {
  throw new CodemodeError("store_key_missing", "The content of a file is encrypted, and no key is given.", {
    hint: 'Name the key it was written with under "store.key".',
  });
}

function refuseLink(folder: string): void {
  if (!lstatSync(folder).isDirectory()) throw damaged();
}

/** So that the name outlives a loss of power as well; not every system can. */
function syncFolder(folder: string): void {
  try {
    const opened = openSync(folder, constants.O_RDONLY);
    try {
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
  } catch {
    // The content itself is on disk.
  }
}

function toDiskError(cause: unknown): CodemodeError {
  if (cause instanceof CodemodeError) return cause;
  const { code = "", message } = cause as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new CodemodeError("store_full", `The store cannot be used: ${message}.`, {
      hint: "Free space on the disk of the store, then resume the run.",
      cause,
    });
  return new CodemodeError("store_unwritable", `A file cannot be kept: ${message}.`, {
    hint: "Make the store's folder writable for this user.",
    cause,
  });
}

function missing(): never {
  throw damaged();
}

function damaged(cause?: unknown): CodemodeError {
  return new CodemodeError("store_corrupt", "The content of a file is gone, or is not what was written.", {
    hint: "Restore the store's folder from a backup, or write the file again.",
    cause,
  });
}
