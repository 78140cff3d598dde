/**
 * The tables of the SQLite journal and the steps from one form to the next. A step is never edited once it
 * has been released; a new form is a new step.
 */
import type { DatabaseSync } from "node:sqlite";
import { CodemodeError } from "../../errors.ts";

const steps: readonly string[] = [
  `CREATE TABLE runs (
    run_id TEXT PRIMARY KEY, principal TEXT NOT NULL, status TEXT NOT NULL, code TEXT NOT NULL, code_hash TEXT NOT NULL,
    catalog_version TEXT NOT NULL, policy_version TEXT NOT NULL, seed TEXT NOT NULL, engine TEXT NOT NULL, limits TEXT NOT NULL,
    started_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, outcome TEXT,
    owner TEXT, fence INTEGER NOT NULL DEFAULT 0, lease_until INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX runs_by_principal ON runs (principal, started_at DESC, run_id DESC);
  CREATE INDEX runs_unfinished ON runs (status) WHERE status IN ('queued', 'running', 'paused');
  CREATE TABLE calls (
    run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, seq INTEGER NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL,
    args_hash TEXT NOT NULL, args TEXT NOT NULL, effect TEXT, definition TEXT, decision TEXT, reason TEXT, idempotency_key TEXT,
    state TEXT NOT NULL, outcome TEXT, delivered INTEGER, now INTEGER, issued_at INTEGER NOT NULL, settled_at INTEGER, labels TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE approvals (
    run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, seq INTEGER NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL,
    args_hash TEXT NOT NULL, state TEXT NOT NULL, asked_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, answered_at INTEGER, comment TEXT,
    PRIMARY KEY (run_id, seq, kind)
  ) STRICT, WITHOUT ROWID;`,
];

/** Brings the database to the newest form. Throws `store_too_new` for one written by a newer version. */
export function migrate(database: DatabaseSync): void {
  const { user_version: form } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (form > steps.length) {
    throw new CodemodeError(
      "store_too_new",
      `The store has form ${form}; this version knows forms up to ${steps.length}.`,
      {
        hint: 'Run the newer version of codemode, or name another file under "store".',
      },
    );
  }
  for (const [index, step] of steps.entries()) {
    if (index < form) continue;
    database.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}
