/**
 * Checks what a saved snippet is called with against what it takes.
 */
import { CodemodeError } from "../../errors.ts";
import { evaluateSchema } from "../../schema/evaluate-schema.ts";
import { problemsToMessage } from "../../schema/problems-to-message.ts";
import { findUnsupported } from "../../schema/unsupported-values.ts";
import type { Value } from "../../spec/value.ts";
import type { SnippetDraft } from "../../spec/workspace.ts";

const baseSteps = 200_000;
const stepsPerValue = 200;

/** Nothing at all counts as `{}` where an object is expected. Throws `saved_snippet_input`. */
export function checkInput({ name, input }: SnippetDraft, given: Value): void {
  if (input === undefined) return;
  const value = given === undefined && takesObject(input) ? {} : given;
  const measured = findUnsupported(value);
  const problems =
    measured.problems.length > 0
      ? measured.problems
      : evaluateSchema(
          input,
          value,
          { root: input, definitions: {} },
          { steps: baseSteps + stepsPerValue * measured.size },
        );
  if (problems.length === 0) return;
  const { message, hint } = problemsToMessage(problems, {
    path: `The saved snippet "${name}"`,
    input,
    definitions: {},
  });
  throw new CodemodeError("saved_snippet_input", message.replace("wrong arguments", "a wrong input"), {
    hint,
  });
}

function takesObject(schema: NonNullable<SnippetDraft["input"]>): boolean {
  return typeof schema === "object" && schema["type"] === "object";
}
