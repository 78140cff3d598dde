/**
 * What the parts of the schema interpreter share: the walk with its budget, the place it has reached, and
 * the outcome it collects.
 */
import type { JsonSchema, Value } from "../spec/value.ts";
import type { ResolvedSchema, SchemaScope } from "./resolve-ref.ts";
import {
  pathToText,
  type ProblemKind,
  type ValidationProblem,
  type ValuePath,
} from "./validation-problem.ts";

export interface SchemaWalk {
  /** Evaluates a schema at a place; the parts call each other through this. */
  evaluate(schema: JsonSchema, value: Value, at: SchemaPlace, outcome: Outcome): void;
  resolve(ref: string, scope: SchemaScope): ResolvedSchema | undefined;
  /** Takes steps from the budget; once it is used up this is false and every evaluation ends at once. */
  spend(steps: number): boolean;
}

export interface SchemaPlace {
  readonly scope: SchemaScope;
  readonly path: ValuePath | undefined;
  /** Schemas being evaluated on this same value, so that a `$ref` loop without progress ends. */
  readonly active: ActiveSchema | undefined;
  readonly depth: number;
}

export interface ActiveSchema {
  readonly schema: object;
  readonly outer: ActiveSchema | undefined;
}

/** Which properties and items some schema has spoken of: what `unevaluated…` must not touch. */
export interface Evaluated {
  readonly properties: Set<string>;
  readonly items: Set<number>;
}

/** Where a part of the interpreter is, and where its findings go. */
export interface Here {
  readonly at: SchemaPlace;
  readonly outcome: Outcome;
}

export interface Outcome {
  readonly problems: ValidationProblem[];
  /** Kept only where an `unevaluated…` keyword needs it. */
  readonly evaluated: Evaluated | undefined;
}

/** More would not help a model and cost time on a value that is wrong throughout. */
export const maxProblems = 20;

export type SchemaObject = { readonly [keyword: string]: unknown };

export function childPlace(at: SchemaPlace, key: string | number): SchemaPlace {
  return { scope: at.scope, path: { parent: at.path, key }, active: undefined, depth: at.depth + 1 };
}

/** The problems a schema finds on a value, apart from those found so far. */
export function evaluateApart(
  walk: SchemaWalk,
  schema: JsonSchema,
  value: Value,
  apart: { readonly at: SchemaPlace; readonly evaluated?: Evaluated | undefined },
): ValidationProblem[] {
  const outcome: Outcome = { problems: [], evaluated: apart.evaluated };
  walk.evaluate(schema, value, apart.at, outcome);
  return outcome.problems;
}

export function addProblem(
  outcome: Outcome,
  at: SchemaPlace,
  kind: ProblemKind,
  says: { readonly text: string; readonly hint?: string },
): void {
  if (outcome.problems.length >= maxProblems) return;
  const path = pathToText(at.path);
  const message = `${path === "" ? "the argument" : path} ${says.text}`;
  if (outcome.problems.some((problem) => problem.message === message)) return;
  outcome.problems.push({ path, kind, message, ...(says.hint === undefined ? {} : { hint: says.hint }) });
}

export function newEvaluated(): Evaluated {
  return { properties: new Set(), items: new Set() };
}

export function addEvaluated(into: Evaluated | undefined, from: Evaluated | undefined): void {
  if (into === undefined || from === undefined) return;
  for (const name of from.properties) into.properties.add(name);
  for (const index of from.items) into.items.add(index);
}
