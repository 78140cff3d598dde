/**
 * The keywords of JSON Schema that combine schemas: `allOf`, `anyOf`, `oneOf`, `not`, `if`.
 *
 * A value that fits more than one branch of a `oneOf` is refused only where every branch does no more than
 * say which properties are required (`oneOf: [{ required: ["id"] }, { required: ["name"] }]`): that is how
 * exclusion is written. Elsewhere branches overlap because their author took `oneOf` for a union, no
 * argument could satisfy them, and refusing would make the tool unusable.
 */
import type { JsonSchema, Value } from "../spec/value.ts";
import { briefType } from "./brief-type.ts";
import { isRecord } from "./is-record.ts";
import { isSchema } from "./resolve-ref.ts";
import {
  addEvaluated,
  addProblem,
  evaluateApart,
  maxProblems,
  newEvaluated,
  type Here,
  type SchemaObject,
  type SchemaWalk,
} from "./schema-walk.ts";
import { describeValue, pathToText, type ValidationProblem } from "./validation-problem.ts";

export function evaluateBranches(
  walk: SchemaWalk,
  schema: SchemaObject,
  value: Value,
  { at, outcome }: Here,
): void {
  for (const branch of schemasOf(schema["allOf"])) walk.evaluate(branch, value, at, outcome);
  evaluateUnion(walk, schemasOf(schema["anyOf"]), value, { at, outcome, exclusive: false });
  const oneOf = schemasOf(schema["oneOf"]);
  evaluateUnion(walk, oneOf, value, { at, outcome, exclusive: oneOf.every(onlyRequires) });
  const { not, if: condition } = schema;
  if (isSchema(not) && evaluateApart(walk, not, value, { at }).length === 0) {
    addProblem(outcome, at, "value", {
      text: `is ${describeValue(value)}; expected anything but ${briefType(not, at.scope)}`,
    });
  }
  if (isSchema(condition)) {
    const evaluated = outcome.evaluated === undefined ? undefined : newEvaluated();
    const holds = evaluateApart(walk, condition, value, { at, evaluated }).length === 0;
    if (holds) addEvaluated(outcome.evaluated, evaluated);
    const next = holds ? schema["then"] : schema["else"];
    if (isSchema(next)) walk.evaluate(next, value, at, outcome);
  }
}

function evaluateUnion(
  walk: SchemaWalk,
  branches: readonly JsonSchema[],
  value: Value,
  { at, outcome, exclusive }: Here & { readonly exclusive: boolean },
): void {
  if (branches.length === 0) return;
  const failed: ValidationProblem[][] = [];
  const fitting: JsonSchema[] = [];
  for (const branch of branches) {
    const evaluated = outcome.evaluated === undefined ? undefined : newEvaluated();
    const problems = evaluateApart(walk, branch, value, { at, evaluated });
    if (problems.length > 0) {
      failed.push(problems);
      continue;
    }
    fitting.push(branch);
    addEvaluated(outcome.evaluated, evaluated);
    if (!exclusive && outcome.evaluated === undefined) return;
  }
  if (fitting.length === 0) {
    const path = pathToText(at.path);
    const best = bestBranch(failed, path);
    const whole: ValidationProblem[] = [];
    if (best === undefined)
      addProblem({ problems: whole, evaluated: undefined }, at, "type", {
        text: `is ${describeValue(value)}; expected ${briefType({ anyOf: branches }, at.scope)}`,
      });
    outcome.problems.push(...(best ?? whole).slice(0, maxProblems - outcome.problems.length));
  } else if (exclusive && fitting.length > 1) {
    const names = branches.map((branch) =>
      isRecord(branch) && Array.isArray(branch["required"]) ? branch["required"].join(" and ") : "",
    );
    addProblem(outcome, at, "value", {
      text: `has more than one of ${names.join(", ")}; expected exactly one`,
    });
  }
}

/** The problems of the branch that was probably meant; none when the value is of no branch's type. */
function bestBranch(failed: readonly ValidationProblem[][], path: string): ValidationProblem[] | undefined {
  const sameKind = failed.filter(
    (problems) => !problems.some((problem) => problem.path === path && problem.kind === "type"),
  );
  if (sameKind.length === 0) return failed.length === 1 ? failed[0] : undefined;
  const scored = sameKind.map((problems) => ({
    problems,
    score: problems.reduce((sum, problem) => sum + distanceOf(problem), 0),
  }));
  scored.sort((a, b) => a.score - b.score);
  const best = scored[0];
  if (best === undefined) return undefined;
  return mergedDiscriminator(sameKind) ?? best.problems;
}

/** A wrong literal means another branch; a missing or misspelt property is a slip within this one. */
function distanceOf(problem: ValidationProblem): number {
  return problem.kind === "value" ? 10 : problem.kind === "type" ? 5 : 3;
}

/** When every branch refuses the same property's literal (`kind: "circel"`), all literals are the answer. */
function mergedDiscriminator(branches: readonly ValidationProblem[][]): ValidationProblem[] | undefined {
  if (branches.length < 2) return undefined;
  const refused = branches.map((problems) =>
    problems.find((problem) => problem.kind === "value" && /; expected ["\d]/.test(problem.message)),
  );
  const first = refused[0];
  if (first === undefined || refused.some((problem) => problem?.path !== first.path)) return undefined;
  const literals = refused.flatMap((problem) =>
    problem === undefined ? [] : [problem.message.slice(problem.message.indexOf("; expected ") + 11)],
  );
  const found = first.message.slice(0, first.message.indexOf("; expected "));
  const shown = [...new Set(literals)];
  return [
    {
      ...first,
      message: `${found}; expected ${shown.slice(0, 8).join(" | ")}${shown.length > 8 ? " | …" : ""}`,
    },
  ];
}

function onlyRequires(branch: JsonSchema): boolean {
  if (!isRecord(branch) || !Array.isArray(branch["required"])) return false;
  return Object.keys(branch).every(
    (keyword) => keyword === "required" || keyword === "title" || keyword === "description",
  );
}

function schemasOf(list: unknown): readonly JsonSchema[] {
  return Array.isArray(list) ? list.filter(isSchema) : [];
}
