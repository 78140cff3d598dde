/**
 * What the workspace's thread does with the table of files. Runs inside a transaction that somebody else opens and
 * commits; contents that nothing names any more are collected in a later one, so that nothing is lost by a rollback.
 */
import { Buffer } from "node:buffer";
import type { FileChange, FileEntry } from "../../spec/files.ts";
import type { Workspace } from "../../spec/workspace.ts";
import { refuseLargeFile, refuseManyFiles } from "../files/file-quota.ts";
import { hashBytes } from "../files/hash-bytes.ts";
import { pathToMime } from "../files/path-to-mime.ts";
import type { Blobs } from "./blobs.ts";
import type { Sql } from "./sql.ts";

/** How long a change is remembered: far longer than a host stays down in the middle of one. */
const rememberMs = 90 * 86_400_000;

export interface FileOperations {
  fileList(workspace: Workspace): FileEntry[];
  fileStat(workspace: Workspace, path: string): FileEntry | undefined;
  fileRead(workspace: Workspace, path: string): { entry: FileEntry; content: Uint8Array } | undefined;
  fileChange(workspace: Workspace, change: FileChange): FileEntry | undefined;
  /** Removes contents that the changes before have left without a name; the first time also what a crash has. */
  fileCollect(workspace: Workspace): void;
}

const own = "principal = ? AND workspace = ?";

export function createFileOperations(sql: Sql, blobs: Blobs): FileOperations {
  /** What may have lost its name, by workspace. */
  const suspects = new Map<string, Set<string>>();

  function suspectsOf(workspace: Workspace): Set<string> {
    const key = JSON.stringify([workspace.principal, workspace.name]);
    const known = suspects.get(key) ?? new Set(blobs.list(workspace));
    suspects.set(key, known);
    return known;
  }

  function stat({ principal, name }: Workspace, path: string): FileEntry | undefined {
    const row = sql(`SELECT * FROM files WHERE ${own} AND path = ?`).get(principal, name, path);
    return row === undefined ? undefined : rowToEntry(row);
  }

  function write(workspace: Workspace, change: FileChange): FileEntry {
    const { path, kind, content = new Uint8Array(), mime, runId, limits } = change;
    const before = stat(workspace, path);
    const old = kind === "append" ? before : undefined;
    refuseLargeFile((old?.bytes ?? 0) + content.byteLength, limits);
    const whole = old === undefined ? content : Buffer.concat([blobs.read(workspace, old.hash), content]);
    const entry: FileEntry = {
      path,
      hash: hashBytes(whole),
      bytes: whole.byteLength,
      mime: old?.mime ?? mime ?? pathToMime(path),
      modifiedAt: Date.now(),
      ...(runId === undefined ? {} : { runId }),
    };
    sql("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)").run(
      workspace.principal,
      workspace.name,
      path,
      entry.hash,
      entry.bytes,
      entry.mime,
      entry.modifiedAt,
      runId ?? null,
    );
    const total = sql(
      `SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes FROM files WHERE ${own}`,
    ).get(workspace.principal, workspace.name);
    refuseManyFiles({ files: Number(total?.["files"]), bytes: Number(total?.["bytes"]) }, limits);
    const replaced = suspectsOf(workspace).add(entry.hash);
    if (before !== undefined) replaced.add(before.hash);
    // Last of all, so that what is refused never reaches the disk.
    blobs.keep(workspace, entry.hash, whole);
    return entry;
  }

  return {
    fileList({ principal, name }) {
      return sql(`SELECT * FROM files WHERE ${own}`)
        .all(principal, name)
        .map(rowToEntry)
        .sort((a, b) => (a.path < b.path ? -1 : 1));
    },

    fileStat: stat,

    fileRead(workspace, path) {
      const entry = stat(workspace, path);
      return entry && { entry, content: blobs.read(workspace, entry.hash) };
    },

    fileChange(workspace, change) {
      const { principal, name } = workspace;
      const { id, path, kind } = change;
      if (id !== undefined) {
        const made = sql(`SELECT answer FROM file_changes WHERE ${own} AND id = ?`).get(principal, name, id);
        if (made !== undefined) return (JSON.parse(String(made["answer"])) as FileEntry | null) ?? undefined;
      }
      const removed = kind === "remove" ? stat(workspace, path) : undefined;
      const entry = kind === "remove" ? removed : write(workspace, change);
      if (removed !== undefined) suspectsOf(workspace).add(removed.hash);
      if (kind === "remove") sql(`DELETE FROM files WHERE ${own} AND path = ?`).run(principal, name, path);
      if (id !== undefined) {
        sql("DELETE FROM file_changes WHERE made_at < ?").run(Date.now() - rememberMs);
        sql("INSERT INTO file_changes VALUES (?, ?, ?, ?, ?)").run(
          principal,
          name,
          id,
          JSON.stringify(entry ?? null),
          Date.now(),
        );
      }
      return entry;
    },

    fileCollect(workspace) {
      const unsure = suspectsOf(workspace);
      for (const hash of unsure) {
        const named = sql(`SELECT 1 FROM files WHERE ${own} AND hash = ? LIMIT 1`).get(
          workspace.principal,
          workspace.name,
          hash,
        );
        if (named === undefined) blobs.remove(workspace, hash);
      }
      unsure.clear();
    },
  };
}

function rowToEntry(row: Readonly<Record<string, unknown>>): FileEntry {
  return {
    path: String(row["path"]),
    hash: String(row["hash"]),
    bytes: Number(row["bytes"]),
    mime: String(row["mime"]),
    modifiedAt: Number(row["modified_at"]),
    ...(typeof row["run_id"] === "string" ? { runId: row["run_id"] } : {}),
  };
}
