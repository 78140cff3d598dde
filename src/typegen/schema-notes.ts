/**
 * What a schema says that a type cannot carry, as short phrases for a doc comment: formats, bounds, defaults,
 * examples. Notes on the type itself are apart from those on its use, so that types alike stay alike.
 */
import { isRecord } from "../schema/is-record.ts";
import type { SchemaObject } from "./schema-place.ts";

const maxValueLength = 120;
const maxPatternLength = 300;

/** `date-time`, `1..100`, `length >=1`, `/^[a-z]+$/`, `unique`. */
export function typeNotes(schema: SchemaObject): string {
  const notes: string[] = [];
  if (typeof schema["format"] === "string" && !impliedFormats.has(schema["format"]))
    notes.push(schema["format"]);
  if (typeof schema["contentMediaType"] === "string") notes.push(schema["contentMediaType"]);
  if (typeof schema["contentEncoding"] === "string") notes.push(schema["contentEncoding"]);
  const value = range(lower(schema), upper(schema));
  if (value !== "") notes.push(value);
  for (const [word, least, most] of counted) {
    const minimum = schema[least] === 0 ? undefined : bound(schema[least], ">=");
    const text = range(minimum, bound(schema[most], "<="));
    if (text !== "") notes.push(`${word} ${text}`);
  }
  if (typeof schema["multipleOf"] === "number") notes.push(`multiple of ${schema["multipleOf"]}`);
  if (typeof schema["pattern"] === "string" && schema["pattern"].length <= maxPatternLength)
    notes.push(`/${schema["pattern"]}/`);
  if (schema["uniqueItems"] === true) notes.push("unique");
  const keys = isRecord(schema["propertyNames"]) ? schema["propertyNames"] : {};
  if (typeof keys["description"] === "string") notes.push(`keys: ${keys["description"].trim()}`);
  if (typeof keys["pattern"] === "string") notes.push(`keys /${keys["pattern"]}/`);
  if (schema["not"] !== undefined && schema["not"] !== false) notes.push(`not ${brief(schema["not"])}`);
  for (const keyword of ["dependentRequired", "contains"]) {
    if (typeof schema[keyword] === "object" && schema[keyword] !== null)
      notes.push(`${keyword} ${brief(schema[keyword])}`);
  }
  return notes.join(", ");
}

/** `default 5`, `e.g. "a"`. */
export function useNotes(schema: SchemaObject): string {
  const notes: string[] = [];
  const preset = schema["default"];
  if (preset !== undefined && preset !== null && preset !== "") notes.push(`default ${brief(preset)}`);
  const { example, examples } = schema;
  const shown = Array.isArray(examples) ? examples.slice(0, 2) : example === undefined ? [] : [example];
  if (shown.length > 0) notes.push(`e.g. ${shown.map(brief).join(" or ")}`);
  return notes.join(", ");
}

/** Formats that say no more than the type does. */
const impliedFormats = new Set([
  "double",
  "float",
  "number",
  "string",
  "int64",
  "integer",
  "boolean",
  "binary",
]);

const counted = [
  ["length", "minLength", "maxLength"],
  ["items", "minItems", "maxItems"],
  ["properties", "minProperties", "maxProperties"],
] as const;

interface Bound {
  readonly sign: ">=" | ">" | "<=" | "<";
  readonly limit: number;
}

function lower(schema: SchemaObject): Bound | undefined {
  const { minimum, exclusiveMinimum } = schema;
  if (typeof exclusiveMinimum === "number") return bound(exclusiveMinimum, ">");
  return bound(minimum, exclusiveMinimum === true ? ">" : ">=");
}

function upper(schema: SchemaObject): Bound | undefined {
  const { maximum, exclusiveMaximum } = schema;
  if (typeof exclusiveMaximum === "number") return bound(exclusiveMaximum, "<");
  return bound(maximum, exclusiveMaximum === true ? "<" : "<=");
}

/** Bounds at the edge of what a double holds exactly are the writer's default, and say nothing. */
function bound(limit: unknown, sign: Bound["sign"]): Bound | undefined {
  if (typeof limit !== "number" || !Number.isFinite(limit) || Math.abs(limit) >= Number.MAX_SAFE_INTEGER)
    return undefined;
  return { sign, limit };
}

function range(least: Bound | undefined, most: Bound | undefined): string {
  if (least?.sign === ">=" && most?.sign === "<=") {
    return least.limit === most.limit ? String(least.limit) : `${least.limit}..${most.limit}`;
  }
  return [least, most].flatMap((one) => (one === undefined ? [] : [`${one.sign}${one.limit}`])).join(" ");
}

/** A value as JSON, shortened when it is long; never fails, whatever the value. */
function brief(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? "";
  } catch {
    text = "…";
  }
  return text.length <= maxValueLength ? text : `${text.slice(0, maxValueLength)}…`;
}
