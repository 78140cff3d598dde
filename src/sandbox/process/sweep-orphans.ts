/**
 * Ends and removes what hosts of this user left behind when they crashed: sandbox processes and their
 * folders. Touches nothing of a host that lives, and no process that merely got a dead one's pid.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { hostRecordName, parseHostRecord, parseSandboxRecord, type HostRecord } from "./host-record.ts";
import { isRunning, readPidRealm, untilDead, type ProcessIdentity } from "./process-identity.ts";
import { removeFolder } from "./user-state-folder.ts";

export interface Swept {
  /** Folders of dead hosts. */
  readonly hosts: number;
  /** Processes that still ran. */
  readonly processes: number;
}

/** A host that has just made its folder has not yet said who it is. */
const newFolderMs = 60_000;
/** A copy made by `stageReadable` that nobody has used for a week. */
const stagedMs = 7 * 24 * 3_600_000;

/** `folder` is that of `userStateFolder()`. Never throws: what cannot be swept is left for the next start. */
export async function sweepOrphans(folder: string): Promise<Swept> {
  const names = await readdir(folder).catch(() => []);
  const hosts = names.filter((name) => name.startsWith("host-")).map((name) => join(folder, name));
  const swept = await Promise.all(hosts.map(sweepHost));
  const staged = names.filter((name) => name.startsWith("staged-")).map((name) => join(folder, name));
  for (const copy of staged) if (await isOlderThan(copy, stagedMs)) removeFolder(copy);
  return {
    hosts: swept.filter((count) => count !== undefined).length,
    processes: swept.reduce<number>((sum, count) => sum + (count ?? 0), 0),
  };
}

/** How many processes were ended; undefined if the host is or may be alive. */
async function sweepHost(folder: string): Promise<number | undefined> {
  const host = await readText(join(folder, hostRecordName)).then(parseHostRecord);
  const fate = host ? await findFate(host) : await findFateUnnamed(folder);
  if (fate === "alive") return undefined;
  const processes = fate === "dead" ? await endSandboxes(folder) : 0;
  removeFolder(folder);
  return processes;
}

/** `gone`: of an earlier boot, so that its pids mean nothing any more. */
type Fate = "alive" | "dead" | "gone";

async function findFate(host: HostRecord): Promise<Fate> {
  const realm = await readPidRealm();
  if (host.boot !== realm.boot) return "gone";
  // Another container's pids cannot be told from here.
  if (host.namespace !== realm.namespace) return "alive";
  return (await isRunning(host)) ? "alive" : "dead";
}

async function findFateUnnamed(folder: string): Promise<Fate> {
  return (await isOlderThan(folder, newFolderMs)) ? "gone" : "alive";
}

async function isOlderThan(path: string, ms: number): Promise<boolean> {
  const made = await stat(path).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > ms;
}

async function endSandboxes(folder: string): Promise<number> {
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => name.endsWith(".json") && name !== hostRecordName,
  );
  const records = await Promise.all(
    names.map((name) => readText(join(folder, name)).then(parseSandboxRecord)),
  );
  const ended = await Promise.all(records.filter((record) => record !== undefined).map(endProcess));
  return ended.filter(Boolean).length;
}

async function endProcess(sandbox: ProcessIdentity): Promise<boolean> {
  if (!(await isRunning(sandbox))) return false;
  try {
    process.kill(sandbox.pid, "SIGKILL");
  } catch {
    return false;
  }
  await untilDead(sandbox);
  return true;
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
