/**
 * What a row says, as one hash beside it, so that a row whose file was changed behind the store's back is refused
 * when it is read and not served. It guards against damage, not against whoever can write both: that is what
 * `store.key` is for. Rows of before there were digests have none and are taken as they are.
 */
import { createHash } from "node:crypto";
import { CodemodeError } from "../../errors.ts";
import type { ApprovalRow, CallRow, RunOrigin } from "../../spec/journal.ts";
import { callParameters, rowToApproval, rowToCall, rowToRun, type Row } from "./rows.ts";

export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Of all that the row holds; a large outcome counts by its own hash. */
export function callDigest(runId: string, call: CallRow, content: string | undefined): string {
  return digestOf(JSON.stringify(callParameters(runId, call, content)));
}

/** Of what was asked and said; not of when, nor of how long it is open. */
export function approvalDigest(row: ApprovalRow): string {
  const { runId, seq, kind, path, argsHash, state, comment } = row;
  const grant = [row.grantScope, row.grantUntil, row.grantMatch, row.grantDefinition];
  return digestOf(
    JSON.stringify([
      runId,
      seq,
      kind,
      path,
      argsHash,
      state,
      comment ?? null,
      row.refused ?? null,
      ...grant.map((each) => each ?? null),
    ]),
  );
}

/** Of what a replay begins with. */
export function originDigest({
  runId,
  principal,
  code,
  codeHash,
  seed,
  limits,
  startedAt,
}: RunOrigin): string {
  return digestOf(JSON.stringify([runId, principal, code, codeHash, seed, limits, startedAt]));
}

/** Throws `store_corrupt`. */
export function checkRun(row: Row): void {
  const run = rowToRun(row);
  refuse(run.runId, "its program or what it was begun with", row["digest"], () => originDigest(run));
  if (run.outcome !== undefined)
    refuse(run.runId, "its result", row["content"] ?? row["outcome_digest"], () =>
      digestOf(run.outcome ?? ""),
    );
}

/** Throws `store_corrupt`. */
export function checkCall(runId: string, row: Row): void {
  const call = rowToCall(row);
  const content = row["content"] === null ? undefined : String(row["content"]);
  const what = `call ${call.seq}, ${call.path}`;
  refuse(runId, what, row["digest"], () => callDigest(runId, call, content));
  if (content !== undefined)
    refuse(runId, `the answer of ${what}`, content, () => digestOf(call.outcome ?? ""));
}

/** Throws `store_corrupt`. */
export function checkApproval(row: Row): void {
  const approval = rowToApproval(row);
  const what = `what a person was asked of call ${approval.seq}, or said`;
  refuse(approval.runId, what, row["digest"], () => approvalDigest(approval));
}

function refuse(
  runId: string,
  what: string,
  kept: string | number | null | undefined,
  compute: () => string,
): void {
  if (kept === null || kept === undefined || kept === compute()) return;
  throw new CodemodeError(
    "store_corrupt",
    `The record of the run ${runId} is not what was written to it: ${what} was changed in the store.`,
    {
      hint: "Restore the store from a backup, or start a new run; other runs are not affected, and nothing was sent.",
    },
  );
}
