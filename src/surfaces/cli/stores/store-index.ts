/**
 * Which stores there are besides the default one, so that a command finds a run by its id alone. One small file for each
 * in the state folder, named after the store's path: two programs that note theirs at once do not lose one another's,
 * and each is there as a whole or not at all. It is a way to find a run and nothing else: whatever it names is only read.
 */
import { createHash, randomUUID } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { isAbsolute, join } from "node:path";

/** Those used last are kept. */
export const mostStores = 200;
const mostBytes = 8_192;

/** Notes that the store was used. A state folder that cannot be written costs only that it is not found by itself. */
export function rememberStore(stateFolder: string, store: string): void {
  const folder = folderOf(stateFolder);
  const name = `${createHash("sha256").update(store).digest("hex").slice(0, 32)}.store`;
  try {
    if (touch(join(folder, name))) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `${name}.${randomUUID()}`);
    writeFileSync(draft, store, { mode: 0o600, flag: "wx" });
    renameSync(draft, join(folder, name));
    for (const { file } of entriesOf(folder).slice(mostStores)) rmSync(file, { force: true });
  } catch {
    // Named with --config, it is found all the same.
  }
}

/** Paths of the stores noted, the one used last first. */
export function listStores(stateFolder: string): string[] {
  return entriesOf(folderOf(stateFolder))
    .slice(0, mostStores)
    .flatMap(({ file, bytes }) => {
      if (bytes > mostBytes) return [];
      try {
        const store = readFileSync(file, "utf8");
        return isAbsolute(store) && !store.includes("\0") ? [store] : [];
      } catch {
        return [];
      }
    });
}

function folderOf(stateFolder: string): string {
  return join(stateFolder, "stores");
}

/** False where it is not noted yet. */
function touch(file: string): boolean {
  try {
    const now = new Date();
    utimesSync(file, now, now);
    return true;
  } catch {
    return false;
  }
}

interface Entry {
  readonly file: string;
  readonly bytes: number;
  readonly usedAt: number;
}

/** A draft that somebody has left is an entry like any other here, and goes with the oldest. */
function entriesOf(folder: string): Entry[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const entries = names.flatMap((name): Entry[] => {
    const file = join(folder, name);
    const found = statSync(file, { throwIfNoEntry: false });
    return found?.isFile() === true ? [{ file, bytes: found.size, usedAt: found.mtimeMs }] : [];
  });
  return entries.sort((a, b) => b.usedAt - a.usedAt);
}
