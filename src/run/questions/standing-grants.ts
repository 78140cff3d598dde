/**
 * Approvals that cover more than their own call and still stand: listed, matched with a call that might be made, and
 * taken back.
 */
import { CodemodeError } from "../../errors.ts";
import type { GrantsRequest, RevokeRequest, StandingGrant } from "../../spec/questions.ts";
import type { ApprovalRow, Journal } from "../../spec/journal.ts";
import type { Tool } from "../../spec/tool.ts";
import { covers, predicatesOf } from "../find-grant.ts";

/** Newest first. With `covering`, those alone that would let this call through without a question. */
export async function listGrants(
  { principal = "local", runId, covering }: GrantsRequest,
  { journal, tool }: { readonly journal: Pick<Journal, "grants">; readonly tool: Tool | undefined },
): Promise<readonly StandingGrant[]> {
  const rows = await journal.grants({
    principal,
    ...(runId === undefined ? {} : { runId }),
    ...(covering === undefined ? {} : { path: covering.path }),
    now: Date.now(),
  });
  if (covering === undefined) return rows.map(toGrant);
  // Without a run of its own, the call is one of a new run.
  const fitting = rows.filter(
    (row) =>
      tool !== undefined &&
      (runId !== undefined || row.grantScope === "while") &&
      covers(row, { tool, args: covering.args }),
  );
  return fitting.map(toGrant);
}

/** Throws `grant_not_found`. */
export async function revokeGrant(
  { principal = "local", runId, seq }: RevokeRequest,
  journal: Pick<Journal, "revoke">,
): Promise<void> {
  if (await journal.revoke({ principal, runId, seq, now: Date.now() })) return;
  throw new CodemodeError(
    "grant_not_found",
    `No approval that covers more than its own call was given at call ${seq} of the run ${runId.slice(0, 100)}, or it was revoked before.`,
    { hint: "List those that stand with codemode grants." },
  );
}

function toGrant(row: ApprovalRow): StandingGrant {
  const { runId, seq, path, grantScope, grantUntil, grantDefinition = "", answeredAt = 0, grantMatch } = row;
  const [effect] = grantDefinition.split(" ");
  return {
    runId,
    seq,
    path,
    for: grantScope === "while" ? "while" : "run",
    ...(effect === "read" || effect === "write" || effect === "destructive" ? { effect } : {}),
    ...(grantUntil === undefined ? {} : { until: grantUntil }),
    ...(grantMatch === undefined ? {} : { match: predicatesOf(row) }),
    givenAt: answeredAt,
  };
}
