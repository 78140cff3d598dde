/**
 * An interpreter of JSON Schema (2020-12, drafts 4 to 7, and OpenAPI 3.0's `nullable`), for schemas of
 * strangers. Ours rather than a library's, because what is asked of it is what the known interpreters do
 * not do: a budget of steps (thirty `allOf` diamonds are a billion evaluations), an end to `$ref` loops
 * without progress, patterns in linear time, malformed keywords that are passed over instead of throwing,
 * references into a source's thousands of shared definitions resolved one by one, values that JSON lacks,
 * and problems from which a model can correct its call. Nothing is ever compiled to code.
 *
 * Where the specification leaves a choice or real documents break it: siblings of a `$ref` count in every
 * draft; a reference to nothing permits all; a read-only property is never required of arguments; `format`
 * refuses only the plainly wrong (`string-format.ts`); on `oneOf` see `evaluate-branches.ts`.
 */
import type { JsonSchema, Value } from "../spec/value.ts";
import { briefType } from "./brief-type.ts";
import { canonicalJson } from "./canonical-json.ts";
import { evaluateArray } from "./evaluate-array.ts";
import { evaluateBranches } from "./evaluate-branches.ts";
import { evaluateObject } from "./evaluate-object.ts";
import { evaluateNumber, evaluateString } from "./evaluate-scalar.ts";
import { isRecord } from "./is-record.ts";
import { resolveRef, type ResolvedSchema, type SchemaScope } from "./resolve-ref.ts";
import {
  addEvaluated,
  addProblem,
  newEvaluated,
  type ActiveSchema,
  type Here,
  type Outcome,
  type SchemaObject,
  type SchemaPlace,
  type SchemaWalk,
} from "./schema-walk.ts";
import { isBinaryString } from "./string-format.ts";
import { describeValue, type ValidationProblem } from "./validation-problem.ts";

export interface EvaluateOptions {
  /** Evaluations before the walk gives up; see `arguments-validator.ts`. */
  readonly steps: number;
}

const maxDepth = 1_200;
const typeNames = new Set(["null", "boolean", "object", "array", "number", "integer", "string"]);

/** Every problem found, at most 20; one of kind `too_complex` when the budget or the depth did not suffice. */
export function evaluateSchema(
  schema: JsonSchema,
  value: Value,
  scope: SchemaScope,
  options: EvaluateOptions,
): ValidationProblem[] {
  let left = options.steps;
  let exhausted = false;
  const resolved = new Map<SchemaScope["root"], Map<string, ResolvedSchema | undefined>>();
  const walk: SchemaWalk = {
    evaluate(inner, innerValue, at, outcome) {
      if (at.depth > maxDepth) exhausted = true;
      if (walk.spend(1)) evaluateOne(walk, inner, innerValue, { at, outcome });
    },
    resolve(ref, inScope) {
      const known = resolved.get(inScope.root) ?? new Map<string, ResolvedSchema | undefined>();
      resolved.set(inScope.root, known);
      if (!known.has(ref)) known.set(ref, resolveRef(ref, inScope));
      return known.get(ref);
    },
    spend(steps) {
      left -= steps;
      if (left < 0) exhausted = true;
      return !exhausted;
    },
  };
  const outcome: Outcome = { problems: [], evaluated: undefined };
  walk.evaluate(schema, value, { scope, path: undefined, active: undefined, depth: 0 }, outcome);
  if (!exhausted) return outcome.problems;
  return [
    {
      path: "",
      kind: "too_complex",
      message: "the arguments, or the tool's input schema, are too large or too deeply nested to be checked",
    },
  ];
}

function evaluateOne(walk: SchemaWalk, schema: JsonSchema, value: Value, { at, outcome }: Here): void {
  if (typeof schema === "boolean") {
    if (!schema) addProblem(outcome, at, "unknown", { text: "is not allowed" });
    return;
  }
  if (isActive(schema, at.active)) return;
  if (value === null && (schema["nullable"] === true || schema["x-nullable"] === true)) return;
  const needsEvaluated =
    schema["unevaluatedProperties"] !== undefined || schema["unevaluatedItems"] !== undefined;
  const inner: Outcome = needsEvaluated ? { problems: outcome.problems, evaluated: newEvaluated() } : outcome;
  const here: SchemaPlace = { ...at, active: { schema, outer: at.active }, depth: at.depth + 1 };
  const view =
    value instanceof Date ? value.toISOString() : typeof value === "bigint" ? toNumber(value) : value;

  evaluateReference(walk, schema, view, { at: here, outcome: inner });
  if (!evaluateType(schema, view, { at: here, outcome: inner })) return;
  evaluateConstant(walk, schema, view, { at: here, outcome: inner });
  evaluateBranches(walk, schema, view, { at: here, outcome: inner });
  if (typeof view === "string") evaluateString(walk, schema, view, { at: here, outcome: inner });
  else if (typeof view === "number" || typeof view === "bigint")
    evaluateNumber(schema, view, { at: here, outcome: inner });
  else if (Array.isArray(view)) evaluateArray(walk, schema, view, { at: here, outcome: inner });
  else if (isPlainObject(view)) evaluateObject(walk, schema, view, { at: here, outcome: inner });
  if (needsEvaluated) addEvaluated(outcome.evaluated, inner.evaluated);
}

/** A bigint that a number holds is that number; a larger one is compared as it is. */
function toNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function isActive(schema: object, active: ActiveSchema | undefined): boolean {
  for (let one = active; one !== undefined; one = one.outer) if (one.schema === schema) return true;
  return false;
}

function evaluateReference(
  walk: SchemaWalk,
  schema: SchemaObject,
  value: Value,
  { at, outcome }: Here,
): void {
  for (const keyword of ["$ref", "$dynamicRef", "$recursiveRef"]) {
    const ref = schema[keyword];
    if (typeof ref !== "string") continue;
    const target = walk.resolve(ref, at.scope);
    if (target !== undefined) walk.evaluate(target.schema, value, { ...at, scope: target.scope }, outcome);
  }
}

/** Whether the value has one of the schema's types; if not, nothing else about it is worth saying. */
function evaluateType(schema: SchemaObject, value: Value, { at, outcome }: Here): boolean {
  const stated: readonly unknown[] = Array.isArray(schema["type"]) ? schema["type"] : [schema["type"]];
  const types = stated.filter((type) => typeof type === "string" && typeNames.has(type));
  // A type nobody knows ("any", "file") takes part in a list as the one that permits all.
  if (types.length === 0 || types.length < stated.length) return true;
  if (types.some((type) => hasType(type, value, schema))) return true;
  const hint = conversionHint(types, value);
  addProblem(outcome, at, "type", {
    text: `is ${describeValue(value)}; expected ${briefType(schema, at.scope)}`,
    ...(hint === undefined ? {} : { hint }),
  });
  return false;
}

function hasType(type: unknown, value: Value, schema: SchemaObject): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value) || typeof value === "bigint";
    case "number":
      return typeof value === "number" || typeof value === "bigint";
    case "string":
      return typeof value === "string" || (value instanceof Uint8Array && isBinaryString(schema));
    case "object":
      return isPlainObject(value);
    default:
      return typeof value === type;
  }
}

function isPlainObject(value: Value): value is { [key: string]: Value } {
  return isRecord(value) && !(value instanceof Uint8Array) && !(value instanceof Date);
}

function conversionHint(types: readonly unknown[], value: Value): string | undefined {
  if (value instanceof Uint8Array) return "encode the bytes as a base64 string";
  const numeric = types.includes("number") || types.includes("integer");
  if (typeof value === "string" && numeric && value.trim() !== "" && Number.isFinite(Number(value)))
    return "pass a number, without quotes";
  if (typeof value === "string" && types.includes("array")) return "pass an array";
  if (typeof value === "number" && types.includes("integer") && !types.includes("number"))
    return "pass a whole number";
  if (["number", "bigint", "boolean"].includes(typeof value) && types.includes("string"))
    return "pass a string, in quotes";
  return value === null ? "leave it out instead of passing null" : undefined;
}

function evaluateConstant(walk: SchemaWalk, schema: SchemaObject, value: Value, { at, outcome }: Here): void {
  const allowed: readonly unknown[] | undefined =
    schema["const"] === undefined ? arrayOf(schema["enum"]) : [schema["const"]];
  if (allowed === undefined) return;
  walk.spend(1 + allowed.length / 20);
  if (allowed.includes(value)) return;
  // Constants of schemas are read as numbers, so that the nearest one is meant.
  if (typeof value === "bigint" && allowed.includes(Number(value))) return;
  if (typeof value === "object" && value !== null) {
    const text = canonicalJson(value);
    walk.spend(text.length / 10);
    if (allowed.some((one) => typeof one === "object" && one !== null && canonicalJson(one) === text)) return;
  }
  addProblem(outcome, at, "value", {
    text: `is ${describeValue(value)}; expected ${briefType({ enum: allowed }, at.scope)}`,
  });
}

function arrayOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
