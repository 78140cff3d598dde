/**
 * The keywords of JSON Schema that speak of arrays, `items` as a list (before 2020-12) included.
 */
import type { JsonSchema, Value } from "../spec/value.ts";
import { canonicalJson } from "./canonical-json.ts";
import { isSchema } from "./resolve-ref.ts";
import {
  addProblem,
  childPlace,
  evaluateApart,
  type Here,
  type Outcome,
  type SchemaObject,
  type SchemaWalk,
} from "./schema-walk.ts";

export function evaluateArray(
  walk: SchemaWalk,
  schema: SchemaObject,
  value: readonly Value[],
  { at, outcome }: Here,
): void {
  const { minItems, maxItems } = schema;
  const wrong = (text: string): void => addProblem(outcome, at, "value", { text });
  if (typeof minItems === "number" && value.length < minItems) {
    wrong(`has ${value.length} items; expected at least ${minItems}`);
  }
  if (typeof maxItems === "number" && value.length > maxItems) {
    wrong(`has ${value.length} items; expected at most ${maxItems}`);
  }
  if (schema["uniqueItems"] === true) evaluateUnique(walk, value, { at, outcome });
  evaluateItems(walk, schema, value, { at, outcome });
  evaluateContains(walk, schema, value, { at, outcome });
  const unevaluated = schema["unevaluatedItems"];
  if (!isSchema(unevaluated)) return;
  for (const [index, item] of value.entries()) {
    if (outcome.evaluated?.items.has(index) === true) continue;
    walk.evaluate(unevaluated, item, childPlace(at, index), withoutEvaluated(outcome));
    outcome.evaluated?.items.add(index);
  }
}

function evaluateUnique(walk: SchemaWalk, value: readonly Value[], { at, outcome }: Here): void {
  const seen = new Map<string, number>();
  for (const [index, item] of value.entries()) {
    const text = canonicalJson(item);
    if (!walk.spend(1 + text.length / 10)) return;
    const first = seen.get(text);
    if (first !== undefined) {
      addProblem(outcome, at, "value", {
        text: `has the same item at [${first}] and [${index}]; expected each once`,
      });
      return;
    }
    seen.set(text, index);
  }
}

function evaluateItems(
  walk: SchemaWalk,
  schema: SchemaObject,
  value: readonly Value[],
  { at, outcome }: Here,
): void {
  const list: unknown = Array.isArray(schema["items"]) ? schema["items"] : schema["prefixItems"];
  const first: readonly unknown[] = Array.isArray(list) ? list : [];
  const rest = Array.isArray(schema["items"]) ? schema["additionalItems"] : schema["items"];
  const inner = withoutEvaluated(outcome);
  for (const [index, item] of value.entries()) {
    const itemSchema = index < first.length ? first[index] : rest;
    if (!isSchema(itemSchema)) continue;
    outcome.evaluated?.items.add(index);
    walk.evaluate(itemSchema, item, childPlace(at, index), inner);
    if (!walk.spend(0)) return;
  }
}

function evaluateContains(
  walk: SchemaWalk,
  schema: SchemaObject,
  value: readonly Value[],
  { at, outcome }: Here,
): void {
  const contains = schema["contains"];
  if (!isSchema(contains)) return;
  const least = typeof schema["minContains"] === "number" ? schema["minContains"] : 1;
  const most = typeof schema["maxContains"] === "number" ? schema["maxContains"] : Infinity;
  let count = 0;
  for (const [index, item] of value.entries()) {
    if (!isAccepted(walk, contains, item, { at: childPlace(at, index), outcome })) continue;
    outcome.evaluated?.items.add(index);
    count += 1;
  }
  if (count < least)
    addProblem(outcome, at, "value", {
      text: `has ${count} items of the kind that it must contain; expected at least ${least}`,
    });
  if (count > most)
    addProblem(outcome, at, "value", {
      text: `has ${count} items of a kind of which it may contain ${most}`,
    });
}

function isAccepted(walk: SchemaWalk, schema: JsonSchema, value: Value, { at }: Here): boolean {
  return evaluateApart(walk, schema, value, { at }).length === 0;
}

/** Children are other values: what is evaluated in them says nothing of this one. */
function withoutEvaluated(outcome: Outcome): Outcome {
  return outcome.evaluated === undefined ? outcome : { problems: outcome.problems, evaluated: undefined };
}
