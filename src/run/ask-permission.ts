/**
 * Whether one call may be sent: what the policy says, what a person has answered, and what an earlier
 * session of the same run has left behind. Asks; never sends.
 */
import { CallError } from "../call-error.ts";
import { CodemodeError } from "../errors.ts";
import { lookalikeNote } from "../lookalike-note.ts";
import type { ApprovalRow, CallRow, Journal } from "../spec/journal.ts";
import type { Policy } from "../spec/policy.ts";
import type { Tool } from "../spec/tool.ts";
import type { Value } from "../spec/value.ts";
import type { Intent } from "./intent.ts";
import { findGrant } from "./find-grant.ts";
import { denied, judge, refuseDenied } from "./present-policy.ts";
import type { RunRecord } from "./run-record.ts";
import { callToDefinition, toGrantDefinition } from "./to-grant.ts";
import { textToValue } from "./value-text.ts";

export interface ToolRequest {
  readonly seq: number;
  readonly tool: Tool;
  readonly args: Value;
  /** Sent with the call, where the upstream recognises repetitions by one. */
  readonly idempotencyKey?: string;
}

export interface PermissionContext {
  readonly policy: Policy;
  readonly record: RunRecord;
  readonly principal: string;
  readonly approvalMs: number;
  /** Where approvals that cover more than one call are. */
  readonly journal: Pick<Journal, "grants">;
}

export type Permission =
  | { readonly kind: "go"; readonly intent: Intent; readonly by?: Approved }
  /** A person must answer; the question is in the journal. */
  | { readonly kind: "wait" }
  /** A person said that the call has happened, and with which result. */
  | { readonly kind: "answered"; readonly value: Value };

/** A person let the call through, and not the policy by itself. */
export interface Approved {
  /** The effect and definition of the tool that they let through; absent where it is not known. */
  readonly definition: string | undefined;
  /** They were asked about this very call, and not about others like it. */
  readonly own: boolean;
}

/** Questions about calls in doubt stay open until they are answered. */
export const noExpiry = 100 * 365 * 86_400_000;

/** Throws `call_denied` and `approval_rejected`. */
export async function askPermission(request: ToolRequest, context: PermissionContext): Promise<Permission> {
  const { record } = context;
  const earlier = record.calls.recorded(request.seq);
  if (earlier !== undefined && (earlier.state === "started" || earlier.state === "in_doubt")) {
    return settleDoubt(request, earlier, context);
  }
  const approval = record.calls.approval(request.seq, "approval");
  if (approval === undefined) return askPolicy(request, context);
  const row = record.calls.row(request.seq);
  if (approval.state === "approved" && approval.argsHash !== row?.argsHash)
    return askAgain(
      request,
      context,
      "The approval was given for other arguments than these. Nothing was sent.",
    );
  const permission = readApproval(request.tool, approval, earlier);
  if (permission.kind === "go") refuseDenied(request, context);
  return permission;
}

/** The call was sent and nobody knows what became of it: a read is sent again, a write needs a person. */
async function settleDoubt(
  request: ToolRequest,
  earlier: CallRow,
  context: PermissionContext,
): Promise<Permission> {
  const { seq, tool, idempotencyKey } = request;
  const { record } = context;
  const intent: Intent = {
    decision: earlier.decision === "ask" ? "ask" : "allow",
    reason: earlier.reason ?? "",
    ...(earlier.idempotencyKey === undefined ? {} : { idempotencyKey: earlier.idempotencyKey }),
  };
  // A key counts only as long as the upstream is still sent it.
  const recognised =
    idempotencyKey !== undefined &&
    idempotencyKey === earlier.idempotencyKey &&
    definitionOf(earlier) === toGrantDefinition(tool);
  if (earlier.effect === "read" && tool.effect === "read") {
    refuseDenied(request, context);
    return { kind: "go", intent };
  }
  // Denied by now, it is not sent again; whether it has happened is still to be told.
  const asked = record.calls.approval(seq, "in_doubt");
  const doubt = asked !== undefined && isSpent(asked, earlier) ? undefined : asked;
  const said = doubt?.state === "approved" || doubt?.state === "dropped";
  if (recognised && !said && judge(request, context).decision !== "deny") return { kind: "go", intent };
  if (doubt === undefined)
    await record.calls.ask(seq, tool, {
      kind: "in_doubt",
      reason: "The host died while the call was under way.",
      ttlMs: noExpiry,
    });
  switch (doubt?.state) {
    case "approved":
      return {
        kind: "answered",
        value: doubt.comment === undefined ? undefined : textToValue(doubt.comment),
      };
    case "rejected":
      refuseDenied(request, context);
      return { kind: "go", intent, by: { definition: definitionOf(earlier), own: true } };
    case "dropped":
      record.calls.settle(seq, "not_sent");
      throw leftUndone(tool, doubt.comment);
    default:
      return { kind: "wait" };
  }
}

function leftUndone(tool: Tool, comment: string | undefined): CallError {
  const why = comment === undefined ? "." : `: ${comment}`;
  return new CallError(
    "approval_rejected",
    `A person says that tools.${tool.path} did not happen, and that it is not to be sent again${why}`,
    {
      hint: "Do without this call, and tell the user what is left undone.",
      outcome: "not_sent",
    },
  );
}

/** "Send it again" counts for one sending. */
function isSpent({ state, answeredAt = 0 }: ApprovalRow, { sentAt = 0 }: CallRow): boolean {
  return state === "rejected" && sentAt > answeredAt;
}

function readApproval(
  tool: Tool,
  { state, comment, expiresAt }: ApprovalRow,
  asked: CallRow | undefined,
): Permission {
  switch (state) {
    case "approved":
      return {
        kind: "go",
        intent: { decision: "ask", reason: "A person approved it." },
        by: { definition: definitionOf(asked), own: true },
      };
    case "rejected":
      throw new CodemodeError(
        "approval_rejected",
        `A person rejected tools.${tool.path}${comment === undefined ? "." : `: ${comment}`}`,
        {
          hint: "Do without this call, and tell the user what is left undone.",
        },
      );
    default:
      if (state === "pending" && expiresAt > Date.now()) return { kind: "wait" };
      throw new CodemodeError("approval_rejected", `Nobody approved tools.${tool.path} in time.`, {
        hint: "Tell the user; they can have it asked again.",
      });
  }
}

function definitionOf(row: CallRow | undefined): string | undefined {
  return callToDefinition(row).grantDefinition;
}

/** An approval of this call, or one that covers it, does not count. The policy is asked anew: what it denies is denied. */
export async function askAgain(
  request: ToolRequest,
  context: PermissionContext,
  refused: string,
): Promise<Permission> {
  const { seq, tool } = request;
  refuseDenied(request, context);
  const { record, approvalMs } = context;
  await record.calls.ask(seq, tool, {
    kind: "approval",
    reason: `${refused}${lookalikeNote(tool.path, tool.looksLike)}`,
    ttlMs: approvalMs,
    refused,
  });
  return { kind: "wait" };
}

async function askPolicy(request: ToolRequest, context: PermissionContext): Promise<Permission> {
  const { seq, tool, args } = request;
  const { principal, record, approvalMs, journal } = context;
  const { decision, reason } = judge(request, context);
  switch (decision) {
    case "allow":
      return { kind: "go", intent: { decision, reason, repeatable: true } };
    case "ask": {
      const granted = await findGrant({ tool, args, principal, runId: record.runId }, journal);
      if (granted !== undefined)
        return {
          kind: "go",
          intent: { decision: "allow", reason: granted },
          by: { definition: toGrantDefinition(tool), own: false },
        };
      await record.calls.ask(seq, tool, {
        kind: "approval",
        reason: `${reason}${lookalikeNote(tool.path, tool.looksLike)}`,
        ttlMs: approvalMs,
      });
      return { kind: "wait" };
    }
    case "deny":
      throw denied(request, reason, context);
  }
}
