/**
 * The keywords of JSON Schema that speak of objects. Property names come from both strangers (the schema's
 * and the guest's): only own properties are ever looked at.
 */
import type { JsonSchema, Value } from "../spec/value.ts";
import { briefType } from "./brief-type.ts";
import { findProperty } from "./find-property.ts";
import { isRecord } from "./is-record.ts";
import { compilePattern, type LinearPattern } from "./linear-pattern.ts";
import { isSchema } from "./resolve-ref.ts";
import {
  addProblem,
  childPlace,
  evaluateApart,
  type Here,
  type Outcome,
  type SchemaObject,
  type SchemaPlace,
  type SchemaWalk,
} from "./schema-walk.ts";
import { unknownPropertyHint } from "./unknown-property-hint.ts";

type ObjectValue = { readonly [key: string]: Value };

export function evaluateObject(
  walk: SchemaWalk,
  schema: SchemaObject,
  value: ObjectValue,
  { at, outcome }: Here,
): void {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  const { minProperties, maxProperties } = schema;
  if (typeof minProperties === "number" && keys.length < minProperties) {
    addProblem(outcome, at, "value", {
      text: `has ${keys.length} properties; expected at least ${minProperties}`,
    });
  }
  if (typeof maxProperties === "number" && keys.length > maxProperties) {
    addProblem(outcome, at, "value", {
      text: `has ${keys.length} properties; expected at most ${maxProperties}`,
    });
  }
  evaluateRequired(walk, schema, value, { at, outcome });
  evaluateNames(walk, schema, keys, { at, outcome });
  evaluateDependencies(walk, schema, value, { at, outcome });
  evaluateProperties(walk, schema, value, { at, outcome });
  const unevaluated = schema["unevaluatedProperties"];
  if (!isSchema(unevaluated)) return;
  for (const key of keys) {
    if (outcome.evaluated?.properties.has(key) === true) continue;
    evaluateUnnamed(walk, unevaluated, value, {
      key,
      known: Object.keys(recordOf(schema["properties"])),
      at,
      outcome,
    });
    outcome.evaluated?.properties.add(key);
  }
}

function evaluateRequired(
  walk: SchemaWalk,
  schema: SchemaObject,
  value: ObjectValue,
  { at, outcome }: Here,
): void {
  if (!Array.isArray(schema["required"])) return;
  for (const name of schema["required"]) {
    if (typeof name !== "string" || has(value, name)) continue;
    const stated = findProperty(walk, schema, name, at);
    if (stated !== undefined && isReadOnly(walk, stated, at)) continue;
    const expected = stated === undefined ? "it is required" : `expected ${briefType(stated, at.scope)}`;
    addProblem(outcome, childPlace(at, name), "missing", { text: `is missing; ${expected}` });
  }
}

function isReadOnly(walk: SchemaWalk, schema: JsonSchema, at: SchemaPlace): boolean {
  if (typeof schema === "boolean") return false;
  if (typeof schema["readOnly"] === "boolean") return schema["readOnly"];
  const target =
    typeof schema["$ref"] === "string" ? walk.resolve(schema["$ref"], at.scope)?.schema : undefined;
  return isRecord(target) && target["readOnly"] === true;
}

function evaluateNames(
  walk: SchemaWalk,
  schema: SchemaObject,
  keys: readonly string[],
  { at, outcome }: Here,
): void {
  const names = schema["propertyNames"];
  if (!isSchema(names) || names === true) return;
  for (const key of keys) {
    const problem = evaluateApart(walk, names, key, { at: { ...childPlace(at, key), path: undefined } })[0];
    if (problem === undefined) continue;
    addProblem(outcome, at, "unknown", {
      text: `has a property whose name is not allowed: ${problem.message.replace("the argument", "the name")}`,
    });
  }
}

function evaluateDependencies(
  walk: SchemaWalk,
  schema: SchemaObject,
  value: ObjectValue,
  { at, outcome }: Here,
): void {
  for (const keyword of ["dependentRequired", "dependentSchemas", "dependencies"]) {
    for (const [key, needed] of Object.entries(recordOf(schema[keyword]))) {
      if (!has(value, key)) continue;
      if (isSchema(needed)) walk.evaluate(needed, value, at, outcome);
      if (!Array.isArray(needed)) continue;
      for (const name of needed) {
        if (typeof name !== "string" || has(value, name)) continue;
        addProblem(outcome, childPlace(at, name), "missing", {
          text: `is missing; it is required beside ${key}`,
        });
      }
    }
  }
}

function evaluateProperties(
  walk: SchemaWalk,
  schema: SchemaObject,
  value: ObjectValue,
  { at, outcome }: Here,
): void {
  const properties = recordOf(schema["properties"]);
  const patterns = compilePatterns(schema["patternProperties"]);
  const additional = schema["additionalProperties"];
  const inner: Outcome =
    outcome.evaluated === undefined ? outcome : { problems: outcome.problems, evaluated: undefined };
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    if (!walk.spend(patterns.length + 0.1)) return;
    const matching = patterns.filter(({ pattern }) => pattern === undefined || pattern.test(key));
    const stated = ownSchema(properties, key);
    if (stated !== undefined) walk.evaluate(stated, item, childPlace(at, key), inner);
    // A pattern that cannot be run may match: it keeps the key from being unknown, and demands nothing.
    for (const match of matching)
      if (match.pattern !== undefined) walk.evaluate(match.schema, item, childPlace(at, key), inner);
    if (stated !== undefined || matching.length > 0) outcome.evaluated?.properties.add(key);
    else if (isSchema(additional)) {
      outcome.evaluated?.properties.add(key);
      evaluateUnnamed(walk, additional, value, { key, known: Object.keys(properties), at, outcome: inner });
    }
  }
}

interface Unnamed extends Here {
  readonly key: string;
  readonly known: readonly string[];
}

/** A property that the schema does not name: told apart from a named one, since a typing mistake is likely. */
function evaluateUnnamed(
  walk: SchemaWalk,
  schema: JsonSchema,
  value: ObjectValue,
  { key, known, at, outcome }: Unnamed,
): void {
  const place = childPlace(at, key);
  if (schema !== false) {
    walk.evaluate(schema, value[key], place, outcome);
    return;
  }
  addProblem(outcome, place, "unknown", {
    text: "is not a known property",
    hint: unknownPropertyHint(key, value, known),
  });
}

function compilePatterns(
  stated: unknown,
): { readonly pattern: LinearPattern | undefined; readonly schema: JsonSchema }[] {
  return Object.entries(recordOf(stated)).flatMap(([pattern, schema]) =>
    isSchema(schema) ? [{ pattern: compilePattern(pattern), schema }] : [],
  );
}

function recordOf(value: unknown): SchemaObject {
  return isRecord(value) ? value : {};
}

function ownSchema(properties: SchemaObject, name: string): JsonSchema | undefined {
  if (!Object.hasOwn(properties, name)) return undefined;
  const schema = properties[name];
  return isSchema(schema) ? schema : undefined;
}

function has(value: ObjectValue, name: string): boolean {
  return Object.hasOwn(value, name) && value[name] !== undefined;
}
