/**
 * Whether an approval that a person gave before covers a call about which they would be asked again: one for
 * the rest of its run, or one for a while. Bound to the principal and to the tool as it was; never covers what
 * the policy denies.
 */
import { matchArguments } from "../policy/match-arguments.ts";
import type { ApprovalRow, Journal } from "../spec/journal.ts";
import type { ArgumentPredicate } from "../spec/policy.ts";
import type { Tool } from "../spec/tool.ts";
import type { Value } from "../spec/value.ts";
import { toGrantDefinition } from "./to-grant.ts";

export interface GrantSearch {
  readonly tool: Tool;
  readonly args: Value;
  readonly principal: string;
  readonly runId: string;
}

/** Why the call may go, in one sentence; nothing where a person must be asked. */
export async function findGrant(
  { tool, args, principal, runId }: GrantSearch,
  journal: Pick<Journal, "grants">,
): Promise<string | undefined> {
  const grants = await journal.grants({ principal, runId, path: tool.path, now: Date.now() });
  const grant = grants.find((each) => covers(each, { tool, args }));
  if (grant === undefined) return undefined;
  const { grantScope, grantUntil = 0, runId: given, seq } = grant;
  return grantScope === "run"
    ? `A person approved this tool for the rest of the run, at call ${seq}.`
    : `A person approved this tool until ${new Date(grantUntil).toISOString()}, in the run ${given}.`;
}

/** Bound to the tool as it was, and to what its arguments must fit. */
export function covers(row: ApprovalRow, { tool, args }: Pick<GrantSearch, "tool" | "args">): boolean {
  return row.grantDefinition === toGrantDefinition(tool) && matchArguments(predicatesOf(row), args);
}

export function predicatesOf({ grantMatch }: ApprovalRow): { readonly [pointer: string]: ArgumentPredicate } {
  return grantMatch === undefined
    ? {}
    : (JSON.parse(grantMatch) as { readonly [pointer: string]: ArgumentPredicate });
}
