/**
 * Decides how each write of a run is undone: by the source's own `revert`, by a call that the operator named,
 * or not at all and why. The last write comes first. Calls nothing.
 */
import { restoreIntegers } from "../../json/restore-integers.ts";
import type { CallRow } from "../../spec/journal.ts";
import type { Catalog, Tool } from "../../spec/tool.ts";
import type { ExactJson, Value } from "../../spec/value.ts";
import type { UndoRule } from "../source-rules.ts";
import { textToAnswer, textToValue } from "../value-text.ts";
import { numbersAt, valueToView } from "../value-to-view.ts";
import { fillPointers } from "./fill-pointers.ts";

export interface UndoStep {
  /** The call that is undone. */
  readonly seq: number;
  readonly path: string;
  readonly how:
    | { readonly kind: "revert"; readonly args: ExactJson }
    | { readonly kind: "call"; readonly path: string; readonly args: ExactJson }
    | { readonly kind: "impossible"; readonly reason: string };
}

export interface PlanContext {
  readonly catalog: Catalog;
  readonly undoOf: (tool: Tool) => UndoRule | undefined;
  /** Calls whose undoing was sent by an earlier attempt, and whether it is known to have happened. */
  readonly attempted: ReadonlyMap<number, "done" | "in_doubt">;
}

/** Writes that did not happen, and those that are undone already, have no step. */
export function planRollback(calls: readonly CallRow[], context: PlanContext): readonly UndoStep[] {
  return calls
    .filter(
      (call) => call.kind === "tool" && call.effect !== undefined && call.effect !== "read" && happened(call),
    )
    .filter(({ seq }) => context.attempted.get(seq) !== "done")
    .sort((a, b) => (b.delivered ?? Infinity) - (a.delivered ?? Infinity) || b.seq - a.seq)
    .map((call) => ({ seq: call.seq, path: call.path, how: toHow(call, context) }));
}

/** A write that failed by the tool's own word is left as the tool left it; one whose answer was lost happened. */
function happened(call: CallRow): boolean {
  const { state } = call;
  return state === "done" || state === "in_doubt" || state === "started" || lostAnswer(call);
}

function lostAnswer({ failure, outcome }: CallRow): boolean {
  if (failure !== "failed" || outcome === undefined) return false;
  const answer = textToAnswer(outcome);
  return !answer.ok && answer.error.code !== "tool_failed" && answer.error.code !== "relay_declined";
}

/** The first argument of a call and its answer. */
export function callToUndo({ args, outcome }: CallRow): {
  readonly args: Value;
  readonly result: Value;
  /** JSON pointers of numbers in the answer that are not what the source wrote. */
  readonly inexact: readonly string[];
} {
  const given = textToValue(args);
  const answer = outcome === undefined ? undefined : textToAnswer(outcome);
  return {
    args: Array.isArray(given) ? (given[0] ?? {}) : given,
    result: answer?.ok === true ? answer.value : undefined,
    inexact: (answer?.ok === true ? answer.inexact : undefined) ?? [],
  };
}

function toHow(call: CallRow, { catalog, undoOf, attempted }: PlanContext): UndoStep["how"] {
  if (call.failure === "failed")
    return impossible("it was answered with what could not be read: look, and undo it by hand");
  if (call.state !== "done") return impossible("nobody knows whether it happened: look, and undo it by hand");
  if (attempted.has(call.seq)) return impossible("nobody knows whether its undoing happened: look first");
  const tool = catalog.tools.get(call.path);
  if (tool === undefined || tool.hash !== call.definition)
    return impossible("the tool has changed or gone since");
  const { args, result, inexact } = callToUndo(call);
  const rule = undoOf(tool);
  if (rule !== undefined) {
    const how = toCall(tool, rule, { catalog, args: toExact(args), result: toExact(result ?? null) });
    const rounded = valueToView(how.kind === "call" ? how.args : null, new Set(numbersAt(result, inexact)));
    return rounded.marks.inexact === undefined
      ? how
      : impossible("a number of the answer that its undoing names is not what the tool wrote");
  }
  if (tool.revertible === true) return { kind: "revert", args: { undo: call.path, args: toExact(args) } };
  return impossible("nothing is known that undoes it: see sources.<name>.undo");
}

function toCall(
  tool: Tool,
  rule: UndoRule,
  {
    catalog,
    args,
    result,
  }: { readonly catalog: Catalog; readonly args: ExactJson; readonly result: ExactJson },
): UndoStep["how"] {
  const path = [`${tool.source}.${rule.tool}`, rule.tool].find((each) => catalog.tools.has(each));
  if (path === undefined) return impossible(`its undo names ${rule.tool}, which there is not`);
  const filled = fillPointers(rule.args ?? {}, { args, result });
  return filled.ok
    ? { kind: "call", path, args: filled.value }
    : impossible(`${filled.missing} is not there`);
}

/** As JSON, but for large integers, which stay what they are. */
function toExact(value: Value): ExactJson {
  const { json, marks } = valueToView(value);
  return restoreIntegers(json, marks.exact) as ExactJson;
}

function impossible(reason: string): UndoStep["how"] {
  return { kind: "impossible", reason };
}
