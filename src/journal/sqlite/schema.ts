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
  `CREATE TABLE contents (hash TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  ALTER TABLE calls ADD COLUMN content TEXT;
  ALTER TABLE calls ADD COLUMN sent_at INTEGER;
  ALTER TABLE approvals ADD COLUMN grant_scope TEXT;
  ALTER TABLE approvals ADD COLUMN grant_until INTEGER;
  ALTER TABLE approvals ADD COLUMN grant_match TEXT;
  ALTER TABLE approvals ADD COLUMN grant_definition TEXT;
  CREATE INDEX approvals_by_grant ON approvals (path) WHERE grant_scope IS NOT NULL;
  ALTER TABLE runs ADD COLUMN content TEXT;
  ALTER TABLE runs ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
  UPDATE runs SET bytes = length(code) + coalesce(length(outcome), 0) + coalesce((SELECT sum(length(args) + coalesce(length(calls.outcome), 0))
    FROM calls WHERE calls.run_id = runs.run_id), 0);
  CREATE INDEX calls_by_content ON calls (content) WHERE content IS NOT NULL;
  CREATE INDEX runs_by_content ON runs (content) WHERE content IS NOT NULL;
  CREATE INDEX runs_by_status ON runs (principal, status, started_at DESC, run_id DESC);
  CREATE INDEX runs_by_start ON runs (started_at DESC, run_id DESC, bytes);`,
  "ALTER TABLE calls ADD COLUMN outcome_hash TEXT;",
  `ALTER TABLE runs ADD COLUMN rules INTEGER;
  ALTER TABLE runs ADD COLUMN config TEXT;
  ALTER TABLE runs ADD COLUMN sources TEXT;
  ALTER TABLE calls ADD COLUMN failure TEXT;
  ALTER TABLE approvals ADD COLUMN refused TEXT;
  ALTER TABLE approvals ADD COLUMN revoked_at INTEGER;
  CREATE INDEX approvals_by_scope ON approvals (grant_scope) WHERE grant_scope IS NOT NULL;
  ALTER TABLE runs ADD COLUMN lease_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN lease_ms INTEGER NOT NULL DEFAULT 30000;
  ALTER TABLE runs ADD COLUMN lease_clock TEXT;
  ALTER TABLE runs ADD COLUMN digest TEXT;
  ALTER TABLE runs ADD COLUMN outcome_digest TEXT;
  ALTER TABLE calls ADD COLUMN digest TEXT;
  ALTER TABLE approvals ADD COLUMN digest TEXT;
  CREATE INDEX calls_in_doubt ON calls (run_id) WHERE state = 'in_doubt';`,
];

/** The form that this version writes. */
export const newestForm = steps.length;

/**
 * Brings the database to the newest form; of several that open it at once each step is done by one. Throws
 * `store_too_new` for one written by a newer version.
 */
export function migrate(database: DatabaseSync): void {
  if (formOf(database) === newestForm) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    const form = formOf(database);
    if (form > newestForm) throw tooNew(form);
    for (const step of steps.slice(form)) database.exec(step);
    database.exec(`PRAGMA user_version = ${newestForm}; COMMIT`);
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function formOf(database: DatabaseSync): number {
  return (database.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
}

function tooNew(form: number): CodemodeError {
  return new CodemodeError(
    "store_too_new",
    `The store has form ${form}; this version knows forms up to ${newestForm}.`,
    {
      hint: 'Run the newer version of codemode, or name another file under "store".',
    },
  );
}
