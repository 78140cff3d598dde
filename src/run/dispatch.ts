/**
 * The only function that calls a tool, always in this order: look the tool up in the run's catalog, validate
 * the arguments, ask the policy, write the intent to the journal, call, write the outcome, answer. A security
 * review of the product is a review of this file.
 */
import { toCallError } from "../call-error.ts";
import { CodemodeError, toCodemodeError } from "../errors.ts";
import type { GuestCall } from "../spec/engine.ts";
import type { Journal } from "../spec/journal.ts";
import type { Limits } from "../spec/limits.ts";
import type { Policy } from "../spec/policy.ts";
import type { IdempotencyRule, Source, ToolOutcome } from "../spec/source.ts";
import type { Catalog, ConfirmOptions, Tool } from "../spec/tool.ts";
import type { Value } from "../spec/value.ts";
import { callWithDeadline } from "./call-with-deadline.ts";
import { toAnswer, type Answer, type Answered } from "./answer.ts";
import { askAgain, askPermission, type Permission, type ToolRequest } from "./ask-permission.ts";
import type { Intent } from "./intent.ts";
import { holdsFiles } from "./files/file-arguments.ts";
import type { SendingRight } from "./lease/hold-lease.ts";
import { sendWhileHeld } from "./lease/send-while-held.ts";
import { keyContext, toIdempotencyKey, withKey } from "./idempotency-key.ts";
import { judge } from "./present-policy.ts";
import { confirmApproved, describeChange, settleKept } from "./questions/settle-definition.ts";
import type { RelayQuestion } from "./relay/create-relay.ts";
import type { RunRecord } from "./run-record.ts";
import { askWhetherDone, isOver, refuseRepeated, sendTwice } from "./questions/unknown-write.ts";
import { lookUpTool } from "./look-up-tool.ts";
import { toGrantDefinition } from "./to-grant.ts";
import { toGuestError } from "./to-guest-error.ts";

export interface DispatchContext {
  readonly catalog: Catalog;
  readonly source: (name: string) => Source | undefined;
  /** Why a configured source offers nothing, where it has failed. */
  readonly whyMissing: (source: string) => string | undefined;
  /** The tool as its source says it is now; nothing where it has it no more. Throws `source_unavailable`. */
  readonly confirm: (tool: Tool, options: ConfirmOptions) => Promise<Tool | undefined>;
  /** Throws `tool_arguments_invalid` when the arguments do not fit. */
  readonly validate: (tool: Tool, args: Value) => void;
  readonly policy: Policy;
  readonly record: RunRecord;
  readonly limits: Limits;
  readonly principal: string;
  readonly signal: AbortSignal;
  /**
   * A write that was sent and of which no answer came is put to a person (`ask`), or its error told to the program
   * (`tell`); either way the same write is not sent again beside it. `as_before`: for runs begun under earlier rules.
   */
  readonly unknownWrites: "ask" | "tell" | "as_before";
  /** The guest is done, and waits for nobody any more. */
  readonly isOver?: () => boolean;
  /** Whether a write may leave: not once another host may have taken the run over. */
  readonly right: SendingRight;
  readonly traceparent?: string;
  /** Where the upstream takes a key by which it recognises a repetition; nothing for reads. */
  readonly idempotency: (tool: Tool) => IdempotencyRule | undefined;
  /** Whether of what a call of this tool answers only a hash is kept. */
  readonly reexecutes: (tool: Tool) => boolean;
  /** Milliseconds after which a question to a person is no longer open. */
  readonly approvalMs: number;
  /** Where approvals that cover more than one call are. */
  readonly journal: Pick<Journal, "grants">;
  /** Puts the contents of files where the arguments refer to them. */
  readonly resolveFiles: (args: Value) => Promise<Value>;
  /** Carries what a source asks in the middle of a call to the client. */
  readonly relay?: RelayQuestion;
}

/** What was approved cannot be sent now and may be later: no answer is recorded, and the run is left as it stands. */
class LeftStanding {
  readonly error: CodemodeError;

  constructor(error: CodemodeError) {
    this.error = error;
  }
}

/**
 * What goes wrong is the answer. `undefined`: a person must answer first, and the question is in the journal. Rejects
 * only where the run is to be left as it stands.
 */
export async function dispatch(call: GuestCall, context: DispatchContext): Promise<Answer | undefined> {
  try {
    const tool = await settleKept(lookUpTool(call.path, context), context);
    const rule = context.idempotency(tool);
    const key = toIdempotencyKey(context.record.runId, call.seq);
    const args = withKey(toArguments(call, tool), rule, key);
    await validate(call.seq, { tool, args }, context);
    const request = { seq: call.seq, tool, args, ...(rule === undefined ? {} : { idempotencyKey: key }) };
    refuseRepeated(request, context);
    await useSource(tool, context);
    const permission = await stillApproved(request, await askPermission(request, context), context);
    switch (permission.kind) {
      case "wait":
        return undefined;
      case "answered":
        context.record.calls.settle(call.seq, "done");
        return { ok: true, value: permission.value };
      case "go": {
        const resolved = holdsFiles(args) ? { ...request, args: await context.resolveFiles(args) } : request;
        const called = await callTool(resolved, toIntent(permission.intent, request, context), context);
        return called.kind === "wait" ? undefined : toAnswer(called.outcome);
      }
    }
  } catch (error) {
    if (error instanceof LeftStanding) throw error.error;
    const failure = toCallError(error, mayBeSent(call.seq, context) ? "unknown" : "not_sent");
    context.record.calls.refuse(call.seq, failure.outcome, context.catalog.tools.get(call.path.join(".")));
    return { ok: false, error: toGuestError(failure, call.line) };
  }
}

/**
 * What a person let through is sent only if the tool is, at this moment and by its source's own word, what it was then.
 * Otherwise it is asked about again. Rejects where the source cannot be asked: the run then waits as it stands.
 */
async function stillApproved(
  request: ToolRequest,
  permission: Permission,
  context: DispatchContext,
): Promise<Permission> {
  if (permission.kind !== "go" || permission.by === undefined) return permission;
  const { definition, own } = permission.by;
  const { seq, tool, args } = request;
  let present: Tool;
  try {
    present = await confirmApproved(tool, context);
  } catch (thrown) {
    const error = toCodemodeError(thrown);
    throw own && error.code === "source_unavailable" ? new LeftStanding(error) : error;
  }
  if (toGrantDefinition(present) === definition) return permission;
  await validate(seq, { tool: present, args }, context);
  const refused = describeChange(definition, { before: tool, now: present });
  return askAgain({ ...request, tool: present }, context, refused);
}

/** Whether an earlier session has sent the call and left its outcome open. */
function mayBeSent(seq: number, { record }: DispatchContext): boolean {
  const row = record.calls.row(seq);
  return row?.failure === undefined && (row?.state === "started" || row?.state === "in_doubt");
}

/** Files are looked into as well, unless the call may have been sent: what became of it is asked about first. */
async function validate(
  seq: number,
  { tool, args }: Pick<ToolRequest, "tool" | "args">,
  context: DispatchContext,
): Promise<void> {
  if (!holdsFiles(args)) context.validate(tool, args);
  else if (context.record.calls.recorded(seq) === undefined)
    context.validate(tool, await context.resolveFiles(args));
}

/** A tool takes one argument; leaving it out means the empty object. */
function toArguments(call: GuestCall, tool: Tool): Value {
  if (call.args.length <= 1) return call.args[0] ?? {};
  throw new CodemodeError(
    "tool_arguments_invalid",
    `tools.${tool.path} takes one object, not ${call.args.length} arguments.`,
    {
      hint: `Call it as tools.${tool.path}({ … }).`,
    },
  );
}

function toIntent(
  { repeatable, ...intent }: Intent,
  { tool, idempotencyKey }: ToolRequest,
  { reexecutes }: DispatchContext,
): Intent {
  return {
    ...intent,
    // On disk with the intent, so that whoever sends the call again sends the same key.
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(repeatable === true && reexecutes(tool) ? { repeatable } : {}),
  };
}

/**
 * Makes a recorded read once more, of whose outcome only a hash is kept: with its permission, on its record. Rejects
 * with whatever goes wrong; nothing is written to the journal.
 */
export async function repeatRead(call: GuestCall, context: DispatchContext): Promise<Answered> {
  const tool = lookUpTool(call.path, context);
  if (tool.effect !== "read")
    throw new CodemodeError("run_unresumable", `tools.${tool.path} was a read when the run called it.`, {
      hint: "Start a new run; the record lists what this one has done.",
    });
  const args = toArguments(call, tool);
  context.validate(tool, args);
  const { decision, reason } = judge({ seq: call.seq, tool, args }, context);
  if (decision === "deny")
    throw new CodemodeError(
      "run_unresumable",
      `The run needs what tools.${tool.path} answered, which is not kept, and the policy denies calling it again: ${reason}`,
      { hint: "The run waits as it is; it goes on once the policy lets this read through again." },
    );
  // What the source asked then was answered then: nobody is asked again.
  const { relay: _relay, ...alone } = context;
  return toAnswer(await send({ seq: call.seq, tool, args }, undefined, alone));
}

async function callTool(
  request: ToolRequest,
  intent: Intent,
  context: DispatchContext,
): Promise<{ readonly kind: "answered"; readonly outcome: ToolOutcome } | { readonly kind: "wait" }> {
  const { seq, tool } = request;
  const { calls } = context.record;
  sourceOf(tool, context);
  await calls.intend(seq, tool, intent);
  try {
    const key = intent.idempotencyKey;
    const work = (): Promise<ToolOutcome> =>
      sendWhileHeld(tool, context.right, (leaving) => send(request, key, context, leaving));
    const outcome = await (key === undefined || context.unknownWrites === "as_before"
      ? work()
      : sendTwice(work, () => isOver(context)));
    calls.settle(seq, "done");
    return { kind: "answered", outcome };
  } catch (error) {
    const failure = toCallError(error, "unknown");
    calls.settle(seq, failure.outcome);
    const asks = context.unknownWrites === "ask" && tool.effect !== "read" && !isOver(context);
    if (failure.outcome !== "unknown" || !asks) throw failure;
    await askWhetherDone(request, failure, context.record);
    return { kind: "wait" };
  }
}

/** Which source it is, is on record with the question or the intent that follows. */
async function useSource(tool: Tool, { record, signal, limits }: DispatchContext): Promise<void> {
  await callWithDeadline(tool, { signal, timeoutMs: limits.callMs }, (clock) =>
    record.use(tool.source, clock.signal),
  );
}

function sourceOf({ source: name }: Tool, { source }: DispatchContext): Source {
  const found = source(name);
  if (found !== undefined) return found;
  throw new CodemodeError("source_unavailable", `The source "${name}" is not connected.`);
}

function send(
  { seq, tool, args }: ToolRequest,
  key: string | undefined,
  context: DispatchContext,
  leaving?: () => void,
): Promise<ToolOutcome> {
  const { record, limits, signal, principal, traceparent, idempotency, relay } = context;
  const source = sourceOf(tool, context);
  return callWithDeadline(tool, { signal, timeoutMs: limits.callMs }, (clock) => {
    leaving?.();
    return source.call(
      { upstreamName: tool.upstreamName, args },
      {
        signal: clock.signal,
        timeoutMs: limits.callMs,
        principal,
        runId: record.runId,
        seq,
        maxResultBytes: limits.resultBytes,
        ...keyContext(idempotency(tool), key),
        ...(leaving === undefined ? {} : { leaving }),
        ...(traceparent === undefined ? {} : { traceparent }),
        onProgress: (progress) => record.emit({ type: "progress", call: seq, path: tool.path, ...progress }),
        ...(relay === undefined ? {} : { relay: (question) => relay(question, { tool, seq, clock }) }),
      },
    );
  });
}
