/**
 * Validates the arguments of a call against the tool's input schema, at the call, whatever the type check
 * said before. Makes problems; turning them into an error is the caller's.
 */
import type { Value } from "../spec/value.ts";
import { evaluateSchema } from "./evaluate-schema.ts";
import { listParameters, type Parameter, type ToolInput } from "./list-parameters.ts";
import { misspelt } from "./unknown-property-hint.ts";
import { findUnsupported } from "./unsupported-values.ts";
import { describeValue, pathToText, type ValidationProblem } from "./validation-problem.ts";

/** No problem: the arguments fit. Safe for any value and any schema, in time bounded by the value's size. */
export type ArgumentsValidator = (args: Value) => readonly ValidationProblem[];

/** Steps granted to every call, and for each value in its arguments: some 100 ms at the most. */
const baseSteps = 200_000;
const stepsPerValue = 200;

/** Costs nothing until the first call; keep it beside the tool. No arguments at all count as `{}`. */
export function createArgumentsValidator(tool: ToolInput): ArgumentsValidator {
  const scope = { root: tool.input, definitions: tool.definitions };
  let parameters: ReturnType<typeof listParameters> | undefined;
  return (given) => {
    const args = given === undefined ? {} : given;
    if (!isArguments(args)) return [notAnObject(args)];
    const measured = findUnsupported(args);
    if (measured.problems.length > 0) return measured.problems;
    const problems = evaluateSchema(tool.input, args, scope, {
      steps: baseSteps + stepsPerValue * measured.size,
    });
    parameters ??= listParameters(tool);
    if (parameters.open !== "unstated" || parameters.parameters.length === 0) return problems;
    return [...findMisspelt(args, parameters.parameters), ...problems];
  };
}

function isArguments(value: Value): value is { [key: string]: Value } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return !(
    value instanceof Date ||
    value instanceof Uint8Array ||
    value instanceof Map ||
    value instanceof Set
  );
}

function notAnObject(value: Value): ValidationProblem {
  return {
    path: "",
    kind: "type",
    message: `the argument is ${describeValue(value)}; expected one object with the parameters by name`,
    hint: "call it as tool({ name: value })",
  };
}

/**
 * A schema that says nothing of further properties permits them, and most tools drop them in silence: a
 * misspelt optional parameter would be lost. So a key that almost spells an absent parameter is refused.
 */
function findMisspelt(
  args: { readonly [key: string]: Value },
  parameters: readonly Parameter[],
): ValidationProblem[] {
  const names = parameters.map((parameter) => parameter.name);
  const known = new Set(names);
  const absent = names.filter((name) => !Object.hasOwn(args, name) || args[name] === undefined);
  return Object.keys(args).flatMap((key) => {
    if (known.has(key) || args[key] === undefined) return [];
    const meant = misspelt(key, absent);
    if (meant === undefined) return [];
    const path = pathToText({ parent: undefined, key });
    return [
      {
        path,
        kind: "unknown",
        message: `${path} is not a known property`,
        hint: `did you mean ${meant}?`,
      } satisfies ValidationProblem,
    ];
  });
}
