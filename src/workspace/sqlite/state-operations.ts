/**
 * What the workspace's thread does with the tables of state. Runs inside a transaction that somebody else opens and
 * commits.
 */
import { Buffer } from "node:buffer";
import type { KeySize, StateCommit, Workspace } from "../../spec/workspace.ts";
import { refuseLargeState, stateConflict } from "../state-faults.ts";
import type { Sql } from "./sql.ts";

/** How long a run's commit is remembered: far longer than a host stays down in the middle of one. */
const rememberMs = 90 * 86_400_000;

export interface StateOperations {
  stateGet(workspace: Workspace, key: string): string | undefined;
  stateSizes(workspace: Workspace): KeySize[];
  stateCommit(workspace: Workspace, commit: StateCommit): void;
}

export function createStateOperations(sql: Sql): StateOperations {
  function get({ principal, name }: Workspace, key: string): string | undefined {
    const row = sql("SELECT value FROM state WHERE principal = ? AND workspace = ? AND key = ?").get(
      principal,
      name,
      key,
    );
    return row === undefined ? undefined : String(row["value"]);
  }

  return {
    stateGet: get,

    stateSizes({ principal, name }) {
      const rows = sql("SELECT key, bytes FROM state WHERE principal = ? AND workspace = ?").all(
        principal,
        name,
      );
      return rows
        .map((row) => ({ key: String(row["key"]), bytes: Number(row["bytes"]) }))
        .sort((a, b) => (a.key < b.key ? -1 : 1));
    },

    stateCommit(workspace, { runId, changes, limits }) {
      const { principal, name } = workspace;
      const first = sql("INSERT OR IGNORE INTO state_commits VALUES (?, ?)").run(runId, Date.now());
      if (first.changes === 0) return;
      sql("DELETE FROM state_commits WHERE committed_at < ?").run(Date.now() - rememberMs);
      for (const { key, expected } of changes) {
        if (expected !== undefined && (get(workspace, key) ?? null) !== expected) throw stateConflict(key);
      }
      for (const { key, value } of changes) {
        if (value === undefined)
          sql("DELETE FROM state WHERE principal = ? AND workspace = ? AND key = ?").run(
            principal,
            name,
            key,
          );
        else
          sql("INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?, ?)").run(
            principal,
            name,
            key,
            value,
            Buffer.byteLength(key) + Buffer.byteLength(value),
          );
      }
      const total = sql(
        "SELECT count(*) AS keys, coalesce(sum(bytes), 0) AS bytes FROM state WHERE principal = ? AND workspace = ?",
      ).get(principal, name);
      refuseLargeState({ keys: Number(total?.["keys"]), bytes: Number(total?.["bytes"]) }, limits);
    },
  };
}
