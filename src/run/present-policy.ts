/**
 * What the policy says of a call at this moment. The policy that counts is always the present one: what a person has
 * approved, or an earlier session has begun, is not sent where it is denied by now.
 */
import { CodemodeError } from "../errors.ts";
import type { Policy, PolicyAnswer } from "../spec/policy.ts";
import type { Tool } from "../spec/tool.ts";
import type { Value } from "../spec/value.ts";
import type { RunRecord } from "./run-record.ts";

export interface JudgedCall {
  readonly seq: number;
  readonly tool: Tool;
  readonly args: Value;
}

export interface JudgingContext {
  readonly policy: Policy;
  readonly record: RunRecord;
  readonly principal: string;
}

export function judge({ tool, args }: JudgedCall, context: JudgingContext): PolicyAnswer {
  const { policy, principal, record } = context;
  return policy({
    tool,
    args,
    principal,
    now: Date.now(),
    run: { id: record.runId, made: record.calls.made.byEffect, times: record.calls.made.times, labels: [] },
  });
}

/** Throws `call_denied`, and records that. */
export function refuseDenied(call: JudgedCall, context: JudgingContext): void {
  const { decision, reason } = judge(call, context);
  if (decision === "deny") throw denied(call, reason, context);
}

export function denied({ seq, tool }: JudgedCall, reason: string, { record }: JudgingContext): CodemodeError {
  record.calls.deny(seq, tool, reason);
  return new CodemodeError("call_denied", `tools.${tool.path} was refused: ${reason}`, {
    hint: "Do without this call; trying again will be refused again.",
  });
}
