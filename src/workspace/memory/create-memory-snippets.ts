/**
 * Saved snippets in this process's memory.
 */
import type { SavedSnippet, SnippetStore, SnippetUse } from "../../spec/workspace.ts";
import { workspaceKey } from "./workspace-key.ts";

interface Kept {
  /** Oldest first. */
  versions: SavedSnippet[];
  use: SnippetUse;
}

/** By workspace, then by name. */
export type MemorySnippets = Map<string, Map<string, Kept>>;

export function createMemorySnippets(kept: MemorySnippets): SnippetStore {
  const namesOf = (workspace: Parameters<typeof workspaceKey>[0]): Map<string, Kept> =>
    kept.get(workspaceKey(workspace)) ?? new Map();

  return {
    async save(workspace, draft) {
      const names = namesOf(workspace);
      kept.set(workspaceKey(workspace), names);
      const known = names.get(draft.name) ?? { versions: [], use: { runs: 0, completed: 0 } };
      names.set(draft.name, known);
      const newest = known.versions.at(-1);
      if (newest?.hash === draft.hash && newest.status === draft.status) return newest;
      const version = Math.max((newest?.version ?? 0) + 1, draft.version ?? 1);
      const saved = { ...draft, version, createdAt: Date.now() };
      known.versions.push(saved);
      return saved;
    },
    async find(workspace, name, which = { status: "accepted" }) {
      return namesOf(workspace)
        .get(name)
        ?.versions.findLast((each) =>
          "version" in which ? each.version === which.version : each.status === which.status,
        );
    },
    async list(workspace) {
      const named = [...namesOf(workspace).values()].flatMap(({ versions, use }) => {
        const accepted = versions.findLast((each) => each.status === "accepted");
        const proposed = versions.findLast((each) => each.status === "proposed");
        const open = (proposed?.version ?? 0) > (accepted?.version ?? 0) ? proposed : undefined;
        return [accepted, open].flatMap((each) => (each === undefined ? [] : [{ ...each, use }]));
      });
      return named.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version - b.version));
    },
    async accept(workspace, name, hash) {
      const known = namesOf(workspace).get(name);
      const at = known?.versions.findLastIndex((each) => each.status === "proposed") ?? -1;
      const proposed = known?.versions[at];
      if (known === undefined || proposed?.hash !== hash) return undefined;
      const accepted = { ...proposed, status: "accepted" } as const;
      known.versions[at] = accepted;
      return accepted;
    },
    async remove(workspace, name, which) {
      const names = namesOf(workspace);
      const known = names.get(name);
      if (known === undefined) return false;
      const left = which === "all" ? [] : known.versions.filter((each) => each.status === "accepted");
      const removed = left.length < known.versions.length;
      known.versions = left;
      if (left.length === 0) names.delete(name);
      return removed;
    },
    async used(workspace, { names: used, ok }) {
      for (const name of used) {
        const known = namesOf(workspace).get(name);
        if (known === undefined) continue;
        const { runs, completed } = known.use;
        known.use = { runs: runs + 1, completed: completed + (ok ? 1 : 0), lastUsedAt: Date.now() };
      }
    },
  };
}
