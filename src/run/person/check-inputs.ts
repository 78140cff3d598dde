/**
 * Decides, before any answer is kept, whether it answers the questions of snippets among what is open: with a value
 * that fits the schema, or with a refusal.
 */
import { CodemodeError } from "../../errors.ts";
import type { ApprovalRow, Journal } from "../../spec/journal.ts";
import type { Value } from "../../spec/value.ts";
import { textToValue } from "../value-text.ts";
import { answerProblem } from "./check-answer.ts";
import { readQuestion } from "./read-question.ts";

/** Throws `answer_invalid`, naming the call; nothing may be kept of the whole answer then. */
export async function checkInputs(
  open: readonly ApprovalRow[],
  { approve, value }: { readonly approve: boolean; readonly value?: Value | undefined },
  journal: Journal,
): Promise<void> {
  const inputs = open.filter(({ kind }) => kind === "input");
  const [first] = inputs;
  if (!approve || first === undefined) return;
  const calls = await journal.calls(first.runId);
  for (const { seq, path } of inputs) {
    const args = textToValue(calls.find((call) => call.seq === seq)?.args ?? "[]");
    const { schema } = readQuestion(path, Array.isArray(args) ? args : []);
    // Agreeing to a question of yes or no says yes.
    const given = value === undefined && path === "confirm" ? true : value;
    const problem = given === undefined ? "it needs a value" : answerProblem(schema, given);
    if (problem === undefined) continue;
    throw new CodemodeError("answer_invalid", `Call ${seq} is not answered by this: ${problem}.`, {
      hint: `What is asked for, as JSON Schema: ${JSON.stringify(schema).slice(0, 500)}`,
    });
  }
}
