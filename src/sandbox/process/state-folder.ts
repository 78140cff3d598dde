/**
 * This host's own corner of the user's state folder, with one folder per sandbox in it. It says which
 * process made it, so that a later start can tell what a crash left behind.
 */
import { chmod, mkdir, mkdtemp, open, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { hostRecordName, type HostRecord } from "./host-record.ts";
import { identifyProcess, readPidRealm } from "./process-identity.ts";
import { makeSeccompFilter } from "./seccomp-filter.ts";
import { sweepOrphans } from "./sweep-orphans.ts";
import { removeFolder, stateFolderMode, userStateFolder } from "./user-state-folder.ts";

export interface StateFolder {
  readonly path: string;
  /** A new empty folder in it; short, since a unix socket's path has 107 bytes at most. */
  makeSandboxFolder(): Promise<string>;
  /** The system call filter of jails, open to be read by one. Throws where there is none for this machine. */
  openSeccompFilter(): Promise<FileHandle>;
}

let current: Promise<StateFolder> | undefined;

/**
 * Made at the first call, after what earlier hosts left behind has been swept. Throws
 * `sandbox_unavailable`.
 */
export function openStateFolder(): Promise<StateFolder> {
  current ??= makeStateFolder();
  return current;
}

async function makeStateFolder(): Promise<StateFolder> {
  const parent = await userStateFolder();
  await sweepOrphans(parent);
  const path = await mkdtemp(join(parent, "host-"));
  await chmod(path, stateFolderMode());
  const record: HostRecord = { ...(await identifyProcess(process.pid)), ...(await readPidRealm()) };
  await writeFile(join(path, hostRecordName), JSON.stringify(record), { mode: 0o600 });
  process.on("exit", () => removeFolder(path));
  const filterPath = join(path, "seccomp.bpf");
  let filter: Promise<void> | undefined;
  let made = 0;
  return {
    path,
    makeSandboxFolder: async () => {
      made += 1;
      const folder = join(path, made.toString(36));
      await mkdir(folder, { mode: 0o700 });
      return folder;
    },
    openSeccompFilter: async () => {
      filter ??= writeSeccompFilter(filterPath);
      await filter;
      return open(filterPath, "r");
    },
  };
}

async function writeSeccompFilter(path: string): Promise<void> {
  const filter = makeSeccompFilter();
  if (!filter) throw new Error(`there is no system call filter for ${process.arch}`);
  await writeFile(path, filter, { mode: 0o600 });
}
