/**
 * Files of workspaces in this process's memory.
 */
import { Buffer } from "node:buffer";
import type { FileEntry, FileStore } from "../../spec/files.ts";
import { refuseLargeFile, refuseManyFiles } from "../files/file-quota.ts";
import { hashBytes } from "../files/hash-bytes.ts";
import { pathToMime } from "../files/path-to-mime.ts";
import { workspaceKey } from "./workspace-key.ts";

interface Kept {
  readonly entry: FileEntry;
  readonly content: Uint8Array;
}

export interface MemoryFiles {
  /** By workspace, then by path. */
  readonly files: Map<string, Map<string, Kept>>;
  /** What was changed under an id, by workspace and id. */
  readonly made: Map<string, FileEntry | undefined>;
}

export function createMemoryFiles({ files, made }: MemoryFiles): FileStore {
  const pathsOf = (workspace: Parameters<typeof workspaceKey>[0]): Map<string, Kept> =>
    files.get(workspaceKey(workspace)) ?? new Map<string, Kept>();
  return {
    list: async (workspace) =>
      [...pathsOf(workspace).values()].map(({ entry }) => entry).sort((a, b) => (a.path < b.path ? -1 : 1)),
    stat: async (workspace, path) => pathsOf(workspace).get(path)?.entry,
    async read(workspace, path) {
      const kept = pathsOf(workspace).get(path);
      return kept && { entry: kept.entry, content: kept.content.slice() };
    },
    async change(workspace, { id, path, kind, content = new Uint8Array(), mime, runId, limits }) {
      const key = JSON.stringify([workspaceKey(workspace), id]);
      if (id !== undefined && made.has(key)) return made.get(key);
      const after = new Map(pathsOf(workspace));
      const before = after.get(path);
      let answer = before?.entry;
      if (kind === "remove") after.delete(path);
      else {
        const old = kind === "append" && before !== undefined ? before : undefined;
        refuseLargeFile((old?.entry.bytes ?? 0) + content.byteLength, limits);
        const whole = Uint8Array.from(old === undefined ? content : Buffer.concat([old.content, content]));
        answer = {
          path,
          hash: hashBytes(whole),
          bytes: whole.byteLength,
          mime: old?.entry.mime ?? mime ?? pathToMime(path),
          modifiedAt: Date.now(),
          ...(runId === undefined ? {} : { runId }),
        };
        after.set(path, { entry: answer, content: whole });
        const bytes = [...after.values()].reduce((sum, each) => sum + each.entry.bytes, 0);
        refuseManyFiles({ files: after.size, bytes }, limits);
      }
      files.set(workspaceKey(workspace), after);
      if (id !== undefined) made.set(key, answer);
      return answer;
    },
  };
}
