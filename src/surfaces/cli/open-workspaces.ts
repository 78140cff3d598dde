/**
 * Opens the store of state and saved snippets: a file beside the store of runs.
 */
import { createSqliteWorkspace } from "../../workspace/sqlite/create-sqlite-workspace.ts";
import type { WorkspaceStore } from "../../spec/workspace.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import { storeFile, storeKey } from "./open-journal.ts";

export function openWorkspaces(loaded: LoadedConfig): WorkspaceStore {
  const file = storeFile(loaded);
  return createSqliteWorkspace({
    path: file === ":memory:" ? file : `${file.replace(/\.db$/, "")}.workspaces.db`,
    ...storeKey(loaded),
  });
}
