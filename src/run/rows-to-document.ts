/**
 * Makes the run document of what the journal holds of a run: the same for a run that just ended here and for
 * one that another host ended last week.
 */
import type { LogLine } from "../spec/engine.ts";
import type { ApprovalRow, CallRow, RunRow } from "../spec/journal.ts";
import type { RunArtifact, RunCall, RunDocument, RunWrite, UnseenFailure } from "../spec/run.ts";
import type { Json, Value } from "../spec/value.ts";
import { readQuestion, type Question } from "./person/read-question.ts";
import { showSchema } from "./person/show-schema.ts";
import { countAsks } from "./render/count-asks.ts";
import { cutArguments } from "./questions/cut-arguments.ts";
import { checkShown } from "./questions/question-binding.ts";
import { textToValue } from "./value-text.ts";
import { valueToView, type NumberMarks } from "./value-to-view.ts";

/** What a run's row keeps as JSON in `outcome`. */
export interface RunOutcome {
  readonly result?: Json;
  /** As in the document, of the result. */
  readonly exact?: string[];
  readonly inexact?: string[];
  /** By call: where its answer's numbers are not what the source wrote. */
  readonly inexactAnswers?: { readonly [seq: string]: string[] };
  readonly error?: NonNullable<RunDocument["error"]>;
  readonly logs: readonly LogLine[];
  readonly unseen?: readonly UnseenFailure[];
  readonly artifacts?: readonly RunArtifact[];
  readonly timings: RunDocument["timings"];
}

/** Questions that a document holds; what else is asked is counted, and shown page by page. */
export const mostPending = 100;

export function rowsToDocument(
  run: RunRow,
  calls: readonly CallRow[],
  approvals: readonly ApprovalRow[],
): RunDocument {
  const outcome = parseOutcome(run.outcome);
  const tools = calls.filter((call) => call.kind === "tool" && call.effect !== undefined);
  const pending = approvals.filter((approval) => approval.state === "pending");
  const bySeq = new Map(calls.map((call) => [call.seq, call]));
  return {
    runId: run.runId,
    status: run.status,
    ...(outcome.result === undefined ? {} : { result: outcome.result }),
    ...(outcome.exact === undefined ? {} : { exact: outcome.exact }),
    ...(outcome.inexact === undefined ? {} : { inexact: outcome.inexact }),
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
    logs: [...outcome.logs],
    calls: tools
      .filter((call) => call.state !== "intent" || call.failure !== undefined)
      .map((call) => toRunCall(call, outcome)),
    ...inexactReads(calls, outcome),
    writes: tools.filter((call) => call.effect !== "read").map(toRunWrite),
    ...(outcome.unseen === undefined ? {} : { unseen: outcome.unseen }),
    ...(run.status !== "paused" || pending.length === 0
      ? {}
      : { pending: pending.slice(0, mostPending).map((approval) => toPending(approval, bySeq)) }),
    ...(run.status !== "paused" || pending.length <= mostPending
      ? {}
      : { pendingCounts: [...countAsks(pending)] }),
    ...(outcome.artifacts === undefined ? {} : { artifacts: [...outcome.artifacts] }),
    timings: outcome.timings,
  };
}

/** Of a run that has none yet, an empty one. */
export function parseOutcome(text: string | undefined): RunOutcome {
  if (text === undefined) return { logs: [], timings: { queueMs: 0, checkMs: 0, runMs: 0, totalMs: 0 } };
  return JSON.parse(text) as RunOutcome;
}

function toRunCall(
  { seq, path, effect = "write", state, failure, issuedAt, settledAt }: CallRow,
  { inexactAnswers }: RunOutcome,
): RunCall {
  const ms = settledAt === undefined ? 0 : settledAt - issuedAt;
  const inexact = inexactAnswers?.[seq];
  return {
    seq,
    path,
    effect,
    ms,
    ok: state === "done",
    ...(failure === undefined ? {} : { outcome: failure }),
    ...(inexact === undefined ? {} : { inexact }),
  };
}

function inexactReads(
  calls: readonly CallRow[],
  { inexactAnswers }: RunOutcome,
): Pick<RunDocument, "inexactReads"> {
  if (inexactAnswers === undefined) return {};
  const reads = calls.flatMap(({ kind, seq, path }) => {
    const inexact = inexactAnswers[seq];
    return kind !== "builtin" || inexact === undefined ? [] : [{ seq, path: `codemode.${path}`, inexact }];
  });
  return reads.length === 0 ? {} : { inexactReads: reads };
}

function toRunWrite({ seq, path, args, state, failure }: CallRow): RunWrite {
  return { seq, path, ...argsToView(args), state, ...(failure === undefined ? {} : { outcome: failure }) };
}

/** One question; its arguments whole only where they are asked for. */
export function toPending(
  approval: ApprovalRow,
  calls: ReadonlyMap<number, CallRow>,
  whole = false,
): NonNullable<RunDocument["pending"]>[number] {
  const { seq, kind, path, refused } = approval;
  const call = calls.get(seq);
  checkShown(approval, call);
  const pending = {
    seq,
    kind,
    path,
    ...(whole ? argsOf(call) : cutArguments(argsOf(call))),
    ...(call?.reason === undefined || kind === "input" ? {} : { reason: call.reason }),
    ...(refused === undefined ? {} : { refused: { code: "definition_changed", message: refused } }),
  };
  return call === undefined || kind !== "input"
    ? pending
    : { ...pending, path: `codemode.${path}`, question: toShown(path, toList(textToValue(call.args))) };
}

/** Titles and descriptions are words; what is answered stays as it is. */
function toShown(path: string, args: readonly Value[]): Question {
  const { message, schema } = readQuestion(path, args);
  return { message, schema: showSchema(schema) };
}

function argsOf(call: CallRow | undefined): { readonly args: Json } & NumberMarks {
  return call === undefined ? { args: null } : argsToView(call.args);
}

function argsToView(args: string): { readonly args: Json } & NumberMarks {
  const { json, marks } = valueToView(firstOf(textToValue(args)));
  return { args: json, ...marks };
}

function toList(args: Value): readonly Value[] {
  return Array.isArray(args) ? args : [args];
}

/** A call is journaled with the list of its arguments; a tool takes one. */
function firstOf(args: Value): Value {
  return Array.isArray(args) ? args[0] : args;
}
