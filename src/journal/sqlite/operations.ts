/**
 * What the journal's thread can do with its database, one function per operation of the contract. Runs
 * inside a transaction that somebody else opens and commits.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { CodemodeError } from "../../errors.ts";
import type {
  ApprovalRow,
  Batch,
  CallArguments,
  CallRow,
  GrantName,
  GrantQuery,
  Lease,
  Retention,
  RunFilter,
  RunOrigin,
  RunRow,
} from "../../spec/journal.ts";
import { LeaseWatch } from "../lease-watch.ts";
import { createContents } from "./contents.ts";
import { createKeptArguments } from "./kept-arguments.ts";
import {
  approvalDigest,
  callDigest,
  checkApproval,
  checkCall,
  checkRun,
  digestOf,
  originDigest,
} from "./digests.ts";
import { pruneRuns } from "./prune-runs.ts";
import {
  approvalNames,
  approvalParameters,
  callNames,
  callParameters,
  rowToApproval,
  rowToCall,
  rowToRun,
  toLease,
  type Row,
} from "./rows.ts";

export type Operations = ReturnType<typeof createOperations>;
export type Operation = keyof Operations;

// oxlint-disable-next-line max-lines-per-function -- a list of small functions over one cache of statements
export function createOperations(database: DatabaseSync, leases = new LeaseWatch()) {
  const prepared = new Map<string, StatementSync>();
  const sql = (text: string): StatementSync => {
    const statement = prepared.get(text) ?? database.prepare(text);
    prepared.set(text, statement);
    return statement;
  };

  const contents = createContents(sql);

  const { argsOf, withKept } = createKeptArguments(sql);

  const touch = (runId: string, { status, outcome, sources }: Omit<Batch, "durable">): void => {
    const content = contents.keep(outcome);
    if (outcome !== undefined)
      sql("UPDATE runs SET outcome = ?, content = ?, outcome_digest = ? WHERE run_id = ?").run(
        content === undefined ? outcome : null,
        content ?? null,
        content ?? digestOf(outcome),
        runId,
      );
    sql(
      "UPDATE runs SET status = coalesce(?, status), sources = coalesce(?, sources), updated_at = ? WHERE run_id = ?",
    ).run(status ?? null, sources ?? null, Date.now(), runId);
    if (status !== undefined && status !== "queued" && status !== "running") contents.weigh(runId);
  };

  /** What a lease taken or renewed now has in its row. The wall's time is for whoever looks, and decides nothing. */
  const held = (ttlMs: number): readonly [number, number, number, string | null] => [
    Date.now() + ttlMs,
    leases.clock.now(),
    ttlMs,
    leases.clock.name ?? null,
  ];

  const take = (runId: string, owner: string, ttlMs: number): Lease | undefined => {
    const row = sql(
      `UPDATE runs SET owner = ?, fence = fence + 1, lease_until = ?, lease_at = ?, lease_ms = ?, lease_clock = ?
       WHERE run_id = ? RETURNING fence`,
    ).get(owner, ...held(ttlMs), runId) as { fence: number } | undefined;
    return row === undefined ? undefined : { runId, owner, fence: row.fence };
  };

  const isHeld = (runId: string, row: Row): boolean =>
    row["owner"] !== null && row["lease_until"] !== 0 && !leases.isOver(runId, toLease(row));

  return {
    create(origin: RunOrigin, owner: string, ttlMs: number): Lease {
      sql(
        `INSERT INTO runs (run_id, principal, status, code, code_hash, catalog_version, policy_version, seed, engine, limits, started_at, rules, config, sources, updated_at,
           digest, owner, fence, lease_until, lease_at, lease_ms, lease_clock) VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)`,
      ).run(
        origin.runId,
        origin.principal,
        origin.code,
        origin.codeHash,
        origin.catalogVersion,
        origin.policyVersion,
        origin.seed,
        origin.engine,
        origin.limits,
        origin.startedAt,
        origin.rules ?? null,
        origin.config ?? null,
        origin.sources ?? null,
        Date.now(),
        originDigest(origin),
        owner,
        ...held(ttlMs),
      );
      return { runId: origin.runId, owner, fence: 1 };
    },

    claim(runId: string, owner: string, ttlMs: number): Lease | undefined {
      const row = sql(
        "SELECT owner, fence, lease_until, lease_at, lease_ms, lease_clock FROM runs WHERE run_id = ?",
      ).get(runId) as Row | undefined;
      if (row === undefined || (row["owner"] !== owner && isHeld(runId, row))) return undefined;
      return take(runId, owner, ttlMs);
    },

    seize(runId: string, owner: string, ttlMs: number): Lease | undefined {
      const open = sql(
        "SELECT 1 FROM runs WHERE run_id = ? AND status NOT IN ('completed', 'failed', 'rejected', 'cancelled')",
      ).get(runId);
      return open === undefined ? undefined : take(runId, owner, ttlMs);
    },

    renew({ runId, owner, fence }: Lease, ttlMs: number): boolean {
      const statement = sql(
        `UPDATE runs SET lease_until = ?, lease_at = ?, lease_ms = ?, lease_clock = ?
         WHERE run_id = ? AND owner = ? AND fence = ?`,
      );
      return statement.run(...held(ttlMs), runId, owner, fence).changes === 1;
    },

    release({ runId, owner, fence }: Lease): void {
      sql("UPDATE runs SET owner = NULL, lease_until = 0 WHERE run_id = ? AND owner = ? AND fence = ?").run(
        runId,
        owner,
        fence,
      );
    },

    commit(lease: Lease, batch: Omit<Batch, "durable">): void {
      const held = sql("SELECT 1 FROM runs WHERE run_id = ? AND owner = ? AND fence = ?").get(
        lease.runId,
        lease.owner,
        lease.fence,
      );
      if (held === undefined) {
        throw new CodemodeError("lease_lost", `Another host has taken over the run ${lease.runId}.`, {
          hint: "Wait for it there; nothing was written here.",
        });
      }
      for (const call of batch.calls ?? []) {
        const whole = withKept(lease.runId, call);
        const content = contents.keep(call.outcome);
        sql(`INSERT OR REPLACE INTO calls (${callNames}, digest) VALUES (${"?, ".repeat(22)}?)`).run(
          ...callParameters(lease.runId, whole, content),
          callDigest(lease.runId, whole, content),
        );
      }
      for (const approval of batch.approvals ?? []) {
        sql(
          `INSERT INTO approvals (${approvalNames}, digest) VALUES (${"?, ".repeat(15)}?) ON CONFLICT DO UPDATE SET state = 'pending', digest = excluded.digest,
             args_hash = excluded.args_hash, asked_at = excluded.asked_at, expires_at = excluded.expires_at, answered_at = NULL, comment = NULL,
             grant_scope = NULL, grant_until = NULL, grant_match = NULL, grant_definition = NULL, refused = excluded.refused
           WHERE excluded.state = 'pending' AND ((approvals.kind = 'in_doubt' AND approvals.state = 'rejected')
             OR (approvals.state = 'approved' AND excluded.refused IS NOT NULL AND excluded.asked_at > approvals.answered_at))`,
        ).run(...approvalParameters(approval), approvalDigest(approval));
      }
      touch(lease.runId, batch);
    },

    run(principal: string, runId: string): RunRow | undefined {
      const row = sql(
        `SELECT *, coalesce(outcome, (SELECT body FROM contents WHERE hash = content)) AS outcome
         FROM runs WHERE run_id = ? AND principal = ?`,
      ).get(runId, principal) as Row | undefined;
      if (row === undefined) return undefined;
      checkRun(row);
      return rowToRun(row);
    },

    calls(runId: string): CallRow[] {
      const rows = sql(
        `SELECT *, coalesce(outcome, (SELECT body FROM contents WHERE hash = content)) AS outcome
         FROM calls WHERE run_id = ? ORDER BY seq`,
      ).all(runId) as Row[];
      for (const row of rows) checkCall(runId, row);
      return rows.map(rowToCall);
    },

    callArguments(runId: string, seqs: readonly number[]): CallArguments[] {
      return seqs.flatMap((seq) => {
        const args = argsOf(runId, seq);
        return args === undefined ? [] : [{ seq, args }];
      });
    },

    approvals(runId: string): ApprovalRow[] {
      const rows = sql("SELECT * FROM approvals WHERE run_id = ? ORDER BY seq").all(runId) as Row[];
      for (const row of rows) checkApproval(row);
      return rows.map(rowToApproval);
    },

    runs({ principal, status, waiting = false, before, limit = 50 }: RunFilter): RunRow[] {
      const owed = waiting
        ? `AND (status = 'paused' OR (status IN ('completed', 'failed', 'rejected', 'cancelled')
             AND EXISTS (SELECT 1 FROM calls WHERE calls.run_id = runs.run_id AND calls.state = 'in_doubt')))`
        : "";
      const wanted = status === undefined ? "" : `AND status IN (${status.map(() => "?").join(", ")})`;
      const older =
        before === undefined
          ? ""
          : "AND (started_at, run_id) < (SELECT started_at, run_id FROM runs WHERE run_id = ?)";
      const rows = sql(
        `SELECT *, NULL AS outcome FROM runs WHERE principal = ? ${wanted} ${owed} ${older} ORDER BY started_at DESC, run_id DESC LIMIT ?`,
      ).all(principal, ...(status ?? []), ...(before === undefined ? [] : [before]), limit) as Row[];
      return rows.map(rowToRun);
    },

    answer(row: ApprovalRow): boolean {
      const statement = sql(
        `UPDATE approvals SET state = ?, answered_at = max(?, asked_at), comment = ?,
           grant_scope = ?, grant_until = ?, grant_match = ?, grant_definition = ?, digest = ?
         WHERE run_id = ? AND seq = ? AND kind = ? AND args_hash = ? AND asked_at = ? AND state = 'pending' AND expires_at > ?`,
      );
      const now = Date.now();
      const said = [row.state, now, row.comment ?? null];
      const grant = [row.grantScope, row.grantUntil, row.grantMatch, row.grantDefinition].map(
        (each) => each ?? null,
      );
      const asked = [row.runId, row.seq, row.kind, row.argsHash, row.askedAt, now];
      const changed = statement.run(...said, ...grant, approvalDigest(row), ...asked).changes === 1;
      if (changed) touch(row.runId, {});
      return changed;
    },

    grants({ principal, runId, path, now }: GrantQuery): ApprovalRow[] {
      const rows = sql(
        `SELECT approvals.* FROM approvals JOIN runs USING (run_id)
         WHERE grant_scope IS NOT NULL AND revoked_at IS NULL AND kind = 'approval' AND state = 'approved' AND principal = ?
           AND (? IS NULL OR path = ?) AND ((grant_scope = 'while' AND grant_until > ?) OR (grant_scope = 'run'
             AND CASE WHEN ? IS NULL THEN status NOT IN ('completed', 'failed', 'rejected', 'cancelled') ELSE run_id = ? END))
         ORDER BY answered_at DESC, run_id, seq`,
      ).all(principal, path ?? null, path ?? null, now, runId ?? null, runId ?? null) as Row[];
      for (const row of rows) checkApproval(row);
      return rows.map(rowToApproval);
    },

    revoke({ principal, runId, seq, now }: GrantName): boolean {
      const statement = sql(
        `UPDATE approvals SET revoked_at = ? WHERE run_id = ? AND seq = ? AND kind = 'approval' AND grant_scope IS NOT NULL
           AND revoked_at IS NULL AND EXISTS (SELECT 1 FROM runs WHERE runs.run_id = approvals.run_id AND principal = ?)`,
      );
      return statement.run(now, runId, seq, principal).changes === 1;
    },

    unfinished(): RunRow[] {
      // A paused run goes on once nothing of what it asked is open any more.
      const rows = sql(
        `SELECT *, NULL AS outcome FROM runs WHERE status IN ('queued', 'running') OR (status = 'paused' AND NOT EXISTS
           (SELECT 1 FROM approvals WHERE approvals.run_id = runs.run_id AND state = 'pending' AND expires_at > ?))`,
      ).all(Date.now()) as Row[];
      return rows.filter((row) => !isHeld(String(row["run_id"]), row)).map(rowToRun);
    },

    /** Answers nothing; that somebody else has written is told with every answer. */
    look(): void {},

    write(name: string, text: string): void {
      sql("INSERT OR REPLACE INTO contents (hash, body) VALUES (?, ?)").run(name, text);
    },

    erase(name: string): void {
      sql("DELETE FROM contents WHERE hash = ?").run(name);
    },

    prune(retention: Retention, now: number): number {
      const removed = pruneRuns(database, retention, now);
      if (removed > 0) contents.sweep();
      return removed;
    },
  };
}
