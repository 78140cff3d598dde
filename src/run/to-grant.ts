/**
 * What an answer that covers more than its own call adds to the record of that answer.
 */
import { CodemodeError } from "../errors.ts";
import { argumentPredicatesSchema } from "../policy/policy-rules.ts";
import type { ApprovalScope } from "../spec/codemode.ts";
import type { ApprovalRow, CallRow } from "../spec/journal.ts";
import type { Tool } from "../spec/tool.ts";

export type Grant = Pick<ApprovalRow, "grantScope" | "grantUntil" | "grantMatch">;

const longestMs = 30 * 86_400_000;

/** Throws `usage` for a time out of range and for predicates that are none. */
export function toGrant(scope: ApprovalScope, now: number): Grant {
  const { match } = scope;
  const grantMatch = match === undefined ? {} : { grantMatch: toMatchText(match) };
  if (scope.for === "run") return { grantScope: "run", ...grantMatch };
  if (!Number.isInteger(scope.for) || scope.for < 1 || scope.for > longestMs)
    throw new CodemodeError("usage", "An approval holds for a run, or for a time of up to 30 days.", {
      hint: 'Give "run", or a whole number of milliseconds.',
    });
  return { grantScope: "while", grantUntil: now + scope.for, ...grantMatch };
}

/** The tool's effect and definition; absent for a call whose tool is not known. */
export function toGrantDefinition({ effect, hash }: Pick<Tool, "effect" | "hash">): string {
  return `${effect} ${hash}`;
}

export function callToDefinition(call: CallRow | undefined): Pick<ApprovalRow, "grantDefinition"> {
  if (call?.effect === undefined || call.definition === undefined) return {};
  return { grantDefinition: toGrantDefinition({ effect: call.effect, hash: call.definition }) };
}

function toMatchText(match: unknown): string {
  const parsed = argumentPredicatesSchema.safeParse(match);
  if (parsed.success) return JSON.stringify(parsed.data);
  const problems = parsed.error.issues.map(
    ({ path, message }) => `match.${path.map(String).join(".")}: ${message}`,
  );
  throw new CodemodeError("usage", `What the approval covers cannot be understood. ${problems.join("; ")}.`, {
    hint: 'Compare arguments by JSON pointer, such as { "/to": { "matches": "*@example.org" } }.',
  });
}
