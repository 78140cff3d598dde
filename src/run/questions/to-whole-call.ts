/**
 * One call of a run with all that the journal keeps of it: what lists cut is seen whole here. Its arguments are compared
 * with their hash.
 */
import { CodemodeError } from "../../errors.ts";
import type { CallRow } from "../../spec/journal.ts";
import type { RunDocument } from "../../spec/run.ts";
import type { Json, Value } from "../../spec/value.ts";
import { hashText, textToAnswer, textToValue } from "../value-text.ts";
import { InexactAnswers } from "../inexact-answers.ts";
import { valueToView } from "../value-to-view.ts";

/** Throws `usage` for a call that the run has not made, and `store_corrupt` for arguments that were changed. */
export function toWholeCall(calls: readonly CallRow[], seq: number): NonNullable<RunDocument["call"]> {
  const call = calls.find((each) => each.seq === seq);
  if (call === undefined)
    throw new CodemodeError("usage", `The run has made no call ${seq}.`, {
      hint: "codemode show <run> lists its calls.",
    });
  const { path, effect, state, reason, argsHash, args, outcome } = call;
  if (hashText(args) !== argsHash)
    throw new CodemodeError(
      "store_corrupt",
      `The arguments of call ${seq} were changed in the store, or are lost.`,
    );
  const given = textToValue(args);
  const shown = {
    args: Array.isArray(given) && given.length === 1 ? given[0] : given,
    ...(outcome === undefined ? {} : { outcome: toShown(outcome) }),
  };
  const { json, marks } = valueToView(shown, new InexactAnswers([call]).numbers);
  const views = json as { readonly args: Json; readonly outcome?: Json };
  return {
    seq,
    path: call.kind === "builtin" ? `codemode.${path}` : path,
    ...(effect === undefined ? {} : { effect }),
    state,
    ...(reason === undefined ? {} : { reason }),
    args: views.args ?? null,
    argsHash,
    ...(views.outcome === undefined ? {} : { outcome: views.outcome }),
    ...marks,
  };
}

function toShown(outcome: string): Value {
  const answer = textToAnswer(outcome);
  if (answer.ok) return answer.value ?? null;
  return { code: answer.error.code, message: answer.error.message };
}
