/**
 * The tables of workspaces and the steps from one form to the next. A step is never edited once it has been
 * released; a new form is a new step.
 */
import type { DatabaseSync } from "node:sqlite";
import { CodemodeError } from "../../errors.ts";

const steps: readonly string[] = [
  `CREATE TABLE state (
    principal TEXT NOT NULL, workspace TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, bytes INTEGER NOT NULL,
    PRIMARY KEY (principal, workspace, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE state_commits (run_id TEXT PRIMARY KEY, committed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX state_commits_by_age ON state_commits (committed_at);
  CREATE TABLE snippets (
    principal TEXT NOT NULL, workspace TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
    status TEXT NOT NULL, description TEXT NOT NULL, code TEXT NOT NULL, input TEXT, tools TEXT NOT NULL,
    hash TEXT NOT NULL, created_at INTEGER NOT NULL,
    PRIMARY KEY (principal, workspace, name, version)
  ) STRICT;
  CREATE TABLE snippet_uses (
    principal TEXT NOT NULL, workspace TEXT NOT NULL, name TEXT NOT NULL,
    runs INTEGER NOT NULL, completed INTEGER NOT NULL, last_used_at INTEGER NOT NULL,
    PRIMARY KEY (principal, workspace, name)
  ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE files (
    principal TEXT NOT NULL, workspace TEXT NOT NULL, path TEXT NOT NULL, hash TEXT NOT NULL, bytes INTEGER NOT NULL,
    mime TEXT NOT NULL, modified_at INTEGER NOT NULL, run_id TEXT,
    PRIMARY KEY (principal, workspace, path)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX files_by_hash ON files (principal, workspace, hash);
  CREATE TABLE file_changes (
    principal TEXT NOT NULL, workspace TEXT NOT NULL, id TEXT NOT NULL, answer TEXT NOT NULL, made_at INTEGER NOT NULL,
    PRIMARY KEY (principal, workspace, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX file_changes_by_age ON file_changes (made_at);`,
];

/** Throws `store_too_new` for a file written by a newer version. */
export function migrateWorkspace(database: DatabaseSync): void {
  if (formOf(database) === steps.length) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    const form = formOf(database);
    if (form > steps.length) throw tooNew(form);
    for (const step of steps.slice(form)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}; COMMIT`);
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function formOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
}

function tooNew(form: number): CodemodeError {
  return new CodemodeError(
    "store_too_new",
    `The store of workspaces has form ${form}; this version knows forms up to ${steps.length}.`,
    { hint: 'Run the newer version of codemode, or name another file under "store".' },
  );
}
