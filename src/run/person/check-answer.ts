/**
 * Checks what a person or a model answered against the schema that was asked for.
 */
import { evaluateSchema } from "../../schema/evaluate-schema.ts";
import { findUnsupported } from "../../schema/unsupported-values.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { Json, Value } from "../../spec/value.ts";

const baseSteps = 200_000;
const stepsPerValue = 200;

/** What is wrong with it, in one sentence; `undefined` when it fits. */
export function answerProblem(schema: Json, answer: Value): string | undefined {
  const asked = isRecord(schema) || typeof schema === "boolean" ? schema : true;
  const measured = findUnsupported(answer);
  const problems =
    measured.problems.length > 0
      ? measured.problems
      : evaluateSchema(
          asked,
          answer,
          { root: asked, definitions: {} },
          { steps: baseSteps + stepsPerValue * measured.size },
        );
  if (problems.length === 0) return undefined;
  return problems
    .slice(0, 3)
    .map(({ message, hint }) => `${message}${hint === undefined ? "" : ` (${hint})`}`)
    .join("; ")
    .slice(0, 600);
}
