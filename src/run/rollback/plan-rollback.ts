/**
 * Decides how each write of a run is undone: by the source's own `revert`, by a call that the operator named,
 * or not at all and why. The last write comes first. Calls nothing.
 */
import type { CallRow } from "../../spec/journal.ts";
import type { Catalog, Tool } from "../../spec/tool.ts";
import type { Json, Value } from "../../spec/value.ts";
import type { UndoRule } from "../source-rules.ts";
import { textToAnswer, textToValue } from "../value-text.ts";
import { valueToJson } from "../value-to-json.ts";
import { fillPointers } from "./fill-pointers.ts";

export interface UndoStep {
  /** The call that is undone. */
  readonly seq: number;
  readonly path: string;
  readonly how:
    | { readonly kind: "revert"; readonly args: Json }
    | { readonly kind: "call"; readonly path: string; readonly args: Json }
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
      ({ kind, effect, state }) =>
        kind === "tool" && effect !== undefined && effect !== "read" && happened(state),
    )
    .filter(({ seq }) => context.attempted.get(seq) !== "done")
    .sort((a, b) => (b.delivered ?? Infinity) - (a.delivered ?? Infinity) || b.seq - a.seq)
    .map((call) => ({ seq: call.seq, path: call.path, how: toHow(call, context) }));
}

function happened(state: CallRow["state"]): boolean {
  return state === "done" || state === "in_doubt" || state === "started";
}

/** The first argument of a call and its answer. */
export function callToUndo({ args, outcome }: CallRow): { readonly args: Value; readonly result: Value } {
  const given = textToValue(args);
  const answer = outcome === undefined ? undefined : textToAnswer(outcome);
  return {
    args: Array.isArray(given) ? (given[0] ?? {}) : given,
    result: answer?.ok === true ? answer.value : undefined,
  };
}

function toHow(call: CallRow, { catalog, undoOf, attempted }: PlanContext): UndoStep["how"] {
  if (call.state !== "done") return impossible("nobody knows whether it happened: look, and undo it by hand");
  if (attempted.has(call.seq)) return impossible("nobody knows whether its undoing happened: look first");
  const tool = catalog.tools.get(call.path);
  if (tool === undefined || tool.hash !== call.definition)
    return impossible("the tool has changed or gone since");
  const { args, result } = callToUndo(call);
  const rule = undoOf(tool);
  if (rule !== undefined)
    return toCall(tool, rule, { catalog, args: valueToJson(args), result: valueToJson(result ?? null) });
  if (tool.revertible === true) return { kind: "revert", args: { undo: call.path, args: valueToJson(args) } };
  return impossible("nothing is known that undoes it: see sources.<name>.undo");
}

function toCall(
  tool: Tool,
  rule: UndoRule,
  { catalog, args, result }: { readonly catalog: Catalog; readonly args: Json; readonly result: Json },
): UndoStep["how"] {
  const path = [`${tool.source}.${rule.tool}`, rule.tool].find((each) => catalog.tools.has(each));
  if (path === undefined) return impossible(`its undo names ${rule.tool}, which there is not`);
  const filled = fillPointers(rule.args ?? {}, { args, result });
  return filled.ok
    ? { kind: "call", path, args: filled.value }
    : impossible(`${filled.missing} is not there`);
}

function impossible(reason: string): UndoStep["how"] {
  return { kind: "impossible", reason };
}
