/**
 * Changes files, and gives up the oldest results of other runs where the workspace is full: what people and programs
 * wrote themselves is never given up.
 */
import { CodemodeError } from "../../errors.ts";
import type { FileChange, FileEntry, FileStore } from "../../spec/files.ts";
import type { Workspace } from "../../spec/workspace.ts";
import { artifactsFolder } from "./file-content.ts";

/** Throws what `store.change` throws; `file_limit` where giving up results does not help. */
export async function changeMakingRoom(
  store: FileStore,
  workspace: Workspace,
  change: FileChange,
): Promise<FileEntry | undefined> {
  try {
    return await store.change(workspace, change);
  } catch (error) {
    const full = error instanceof CodemodeError && error.code === "file_limit";
    if (!full || !(await giveUp(store, workspace, change))) throw error;
    return await store.change(workspace, change);
  }
}

/** Whether there is room now. */
async function giveUp(store: FileStore, workspace: Workspace, change: FileChange): Promise<boolean> {
  const { limits, path, kind, content, runId = "" } = change;
  const entries = await store.list(workspace);
  const before = entries.find((entry) => entry.path === path);
  const added = (content?.byteLength ?? 0) - (kind === "append" ? 0 : (before?.bytes ?? 0));
  const size = (kind === "append" ? (before?.bytes ?? 0) : 0) + (content?.byteLength ?? 0);
  if (size > limits.fileBytes) return false;
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, added);
  let files = entries.length + (before === undefined ? 1 : 0);
  const oldest = entries
    .filter((entry) => entry.path.startsWith(artifactsFolder) && entry.path !== path)
    .filter((entry) => !entry.path.startsWith(`${artifactsFolder}${runId}/`))
    .sort((a, b) => a.modifiedAt - b.modifiedAt);
  const given: FileEntry[] = [];
  for (const entry of oldest) {
    if (bytes <= limits.totalBytes && files <= limits.files) break;
    given.push(entry);
    bytes -= entry.bytes;
    files -= 1;
  }
  if (bytes > limits.totalBytes || files > limits.files) return false;
  for (const entry of given) await store.change(workspace, { kind: "remove", path: entry.path, limits });
  return true;
}
