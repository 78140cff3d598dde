/**
 * Rows of the SQLite tables as the contract's plain data, and back.
 */
import type { StoredLease } from "../lease-watch.ts";
import type { ApprovalRow, CallRow, RunRow } from "../../spec/journal.ts";

export type Row = { readonly [column: string]: string | number | null };
type Parameter = string | number | null;

/** What a statement writes into the row of one call, and in which order. */
export const callNames = [
  "run_id",
  "seq",
  "kind",
  "path",
  "args_hash",
  "args",
  "effect",
  "definition",
  "decision",
  "reason",
  "idempotency_key",
  "state",
  "outcome",
  "delivered",
  "now",
  "issued_at",
  "settled_at",
  "labels",
  "content",
  "sent_at",
  "outcome_hash",
  "failure",
].join(", ");

/** `content`: the hash under which a large outcome is kept, in place of the outcome itself. */
export function callParameters(runId: string, call: CallRow, content: string | undefined): Parameter[] {
  return [
    runId,
    call.seq,
    call.kind,
    call.path,
    call.argsHash,
    call.args,
    call.effect ?? null,
    call.definition ?? null,
    call.decision ?? null,
    call.reason ?? null,
    call.idempotencyKey ?? null,
    call.state,
    content === undefined ? (call.outcome ?? null) : null,
    call.delivered ?? null,
    call.now ?? null,
    call.issuedAt,
    call.settledAt ?? null,
    JSON.stringify(call.labels),
    content ?? null,
    call.sentAt ?? null,
    call.outcomeHash ?? null,
    call.failure ?? null,
  ];
}

/** What a statement writes into the row of one question, and in which order. */
export const approvalNames = [
  "run_id",
  "seq",
  "kind",
  "path",
  "args_hash",
  "state",
  "asked_at",
  "expires_at",
  "answered_at",
  "comment",
  "grant_scope",
  "grant_until",
  "grant_match",
  "grant_definition",
  "refused",
].join(", ");

export function approvalParameters(row: ApprovalRow): Parameter[] {
  return [
    row.runId,
    row.seq,
    row.kind,
    row.path,
    row.argsHash,
    row.state,
    row.askedAt,
    row.expiresAt,
    row.answeredAt ?? null,
    row.comment ?? null,
    row.grantScope ?? null,
    row.grantUntil ?? null,
    row.grantMatch ?? null,
    row.grantDefinition ?? null,
    row.refused ?? null,
  ];
}

const runColumns = {
  run_id: "runId",
  principal: "principal",
  status: "status",
  code: "code",
  code_hash: "codeHash",
  catalog_version: "catalogVersion",
  policy_version: "policyVersion",
  seed: "seed",
  engine: "engine",
  limits: "limits",
  started_at: "startedAt",
  updated_at: "updatedAt",
  outcome: "outcome",
  rules: "rules",
  config: "config",
  sources: "sources",
};

const callColumns = {
  seq: "seq",
  kind: "kind",
  path: "path",
  args_hash: "argsHash",
  args: "args",
  effect: "effect",
  definition: "definition",
  decision: "decision",
  reason: "reason",
  idempotency_key: "idempotencyKey",
  state: "state",
  outcome: "outcome",
  outcome_hash: "outcomeHash",
  failure: "failure",
  delivered: "delivered",
  now: "now",
  issued_at: "issuedAt",
  settled_at: "settledAt",
  sent_at: "sentAt",
};

const approvalColumns = {
  run_id: "runId",
  seq: "seq",
  kind: "kind",
  path: "path",
  args_hash: "argsHash",
  state: "state",
  asked_at: "askedAt",
  expires_at: "expiresAt",
  answered_at: "answeredAt",
  comment: "comment",
  grant_scope: "grantScope",
  grant_until: "grantUntil",
  grant_match: "grantMatch",
  grant_definition: "grantDefinition",
  refused: "refused",
  revoked_at: "revokedAt",
};

export function rowToRun(row: Row): RunRow {
  return pickColumns(row, runColumns) as unknown as RunRow;
}

export function rowToCall(row: Row): CallRow {
  return {
    ...pickColumns(row, callColumns),
    labels: JSON.parse(String(row["labels"])) as string[],
  } as unknown as CallRow;
}

export function rowToApproval(row: Row): ApprovalRow {
  return pickColumns(row, approvalColumns) as unknown as ApprovalRow;
}

function pickColumns(
  row: Row,
  columns: { readonly [column: string]: string },
): Record<string, string | number> {
  const picked: Record<string, string | number> = {};
  for (const [column, name] of Object.entries(columns)) {
    const value = row[column];
    if (value !== null && value !== undefined) picked[name] = value;
  }
  return picked;
}

/** Who holds the run, and since when. */
export function toLease(row: Row): StoredLease {
  const clock = row["lease_clock"];
  return {
    owner: String(row["owner"]),
    fence: Number(row["fence"]),
    renewedAt: Number(row["lease_at"]) || Number(row["lease_until"]),
    clock: typeof clock === "string" ? clock : undefined,
    ttlMs: Number(row["lease_ms"]),
  };
}
