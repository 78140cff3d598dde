/**
 * Workspaces in this process's memory, for programs that embed the product and need nothing to outlive them.
 */
import { Buffer } from "node:buffer";
import type { KeySize, StateStore, WorkspaceStore } from "../../spec/workspace.ts";
import { refuseLargeState, stateConflict } from "../state-faults.ts";
import { createMemoryFiles, type MemoryFiles } from "./create-memory-files.ts";
import { createMemorySnippets, type MemorySnippets } from "./create-memory-snippets.ts";
import { workspaceKey } from "./workspace-key.ts";

/** What several stores of one process may share. */
export interface WorkspaceMemory {
  readonly state: Map<string, Map<string, string>>;
  readonly committed: Set<string>;
  readonly snippets: MemorySnippets;
  readonly files: MemoryFiles;
}

export function createWorkspaceMemory(): WorkspaceMemory {
  return {
    state: new Map(),
    committed: new Set(),
    snippets: new Map(),
    files: { files: new Map(), made: new Map() },
  };
}

/** State, snippets and files for as long as the process lives; `memory` shares them between two of these. */
export function createMemoryWorkspace(memory: WorkspaceMemory = createWorkspaceMemory()): WorkspaceStore {
  return {
    state: createMemoryState(memory),
    snippets: createMemorySnippets(memory.snippets),
    files: createMemoryFiles(memory.files),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function createMemoryState({ state, committed }: WorkspaceMemory): StateStore {
  return {
    get: async (workspace, key) => state.get(workspaceKey(workspace))?.get(key),
    sizes: async (workspace) => sizesOf(state.get(workspaceKey(workspace)) ?? new Map()),
    async commit(workspace, { runId, changes, limits }) {
      if (committed.has(runId)) return;
      const before = state.get(workspaceKey(workspace)) ?? new Map<string, string>();
      const after = new Map(before);
      for (const { key, value, expected } of changes) {
        if (expected !== undefined && (before.get(key) ?? null) !== expected) throw stateConflict(key);
        if (value === undefined) after.delete(key);
        else after.set(key, value);
      }
      const bytes = sizesOf(after).reduce((sum, each) => sum + each.bytes, 0);
      refuseLargeState({ keys: after.size, bytes }, limits);
      state.set(workspaceKey(workspace), after);
      committed.add(runId);
    },
  };
}

function sizesOf(values: ReadonlyMap<string, string>): KeySize[] {
  return [...values]
    .map(([key, value]) => ({ key, bytes: Buffer.byteLength(key) + Buffer.byteLength(value) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
