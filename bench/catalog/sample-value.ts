/** Makes values that satisfy a schema, as far as a short program can; the validator has the last word. */
import { isRecord } from "../../src/schema/is-record.ts";
import { resolveRef, type SchemaScope } from "../../src/schema/resolve-ref.ts";
import type { JsonSchema, Value } from "../../src/spec/value.ts";
import { samplePattern } from "./sample-pattern.ts";

/** Answers with numbers from 0 to 1, always the same for the same seed. */
export type Random = () => number;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const maxDepth = 7;

export function sampleValue(schema: JsonSchema, scope: SchemaScope, random: Random, depth = 0): Value {
  if (!isRecord(schema)) return "x";
  const inner = (part: unknown): Value => sampleValue(part as JsonSchema, scope, random, depth + 1);
  if (typeof schema["$ref"] === "string") {
    const target = resolveRef(schema["$ref"], scope);
    return target === undefined ? "x" : sampleValue(target.schema, target.scope, random, depth + 1);
  }
  if (schema["const"] !== undefined) return schema["const"] as Value;
  if (Array.isArray(schema["enum"])) return pick(schema["enum"] as Value[], random);
  const own = ownSample(schema, inner, random, depth);
  const parts = Array.isArray(schema["allOf"]) ? schema["allOf"].map(inner) : [];
  for (const keyword of ["oneOf", "anyOf"]) {
    const options = schema[keyword];
    if (Array.isArray(options) && options.length > 0)
      parts.push(depth > maxDepth ? inner(options[0]) : inner(pick(options, random)));
  }
  const objects = [own, ...parts].filter((part) => isRecord(part) && !(part instanceof Uint8Array));
  if (objects.length > 0) return Object.assign({}, ...objects) as Value;
  return own ?? parts[0] ?? "x";
}

function ownSample(
  schema: { readonly [keyword: string]: unknown },
  inner: (part: unknown) => Value,
  random: Random,
  depth: number,
): Value {
  const type = Array.isArray(schema["type"]) ? pick(schema["type"] as string[], random) : schema["type"];
  switch (type ?? (isRecord(schema["properties"]) ? "object" : undefined)) {
    case "string":
      return sampleString(schema);
    case "integer":
    case "number":
      return sampleNumber(schema, random);
    case "boolean":
      return random() < 0.5;
    case "null":
      return null;
    case "array": {
      const { items, prefixItems, minItems } = schema;
      if (Array.isArray(prefixItems)) return prefixItems.map(inner);
      const count = Math.max(typeof minItems === "number" ? minItems : 0, depth > maxDepth ? 0 : 1);
      return Array.from({ length: Math.min(count, 5) }, () => inner(items ?? true));
    }
    case "object":
      return sampleObject(schema, inner, random, depth);
    default:
      return undefined;
  }
}

function sampleObject(
  schema: { readonly [keyword: string]: unknown },
  inner: (part: unknown) => Value,
  random: Random,
  depth: number,
): Value {
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  const made: { [name: string]: Value } = {};
  for (const [name, property] of Object.entries(properties)) {
    if (isRecord(property) && property["readOnly"] === true && depth > 0) continue;
    if (required.includes(name) || (depth < 4 && random() < 0.4)) made[name] = inner(property);
  }
  return made;
}

function sampleString(schema: { readonly [keyword: string]: unknown }): Value {
  const { format, minLength, maxLength, pattern, example, examples } = schema;
  const given = Array.isArray(examples) ? examples[0] : example;
  if (typeof given === "string") return given;
  const known = typeof format === "string" ? formats[format] : undefined;
  if (known !== undefined) return known;
  const least = typeof minLength === "number" ? Math.min(minLength, 1_000) : 0;
  const fitting = typeof pattern === "string" ? samplePattern(pattern) : undefined;
  if (fitting !== undefined) return fitting.padEnd(least, fitting.at(-1) ?? "x");
  const text = "sample-text".padEnd(least, "x");
  return typeof maxLength === "number" ? text.slice(0, Math.max(maxLength, least)) : text;
}

const formats: { readonly [format: string]: Value } = {
  "date-time": "2026-01-02T03:04:05Z",
  date: "2026-01-02",
  time: "03:04:05Z",
  uuid: "123e4567-e89b-12d3-a456-426614174000",
  email: "someone@example.com",
  uri: "https://example.com/",
  url: "https://example.com/",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  hostname: "example.com",
};

function sampleNumber(schema: { readonly [keyword: string]: unknown }, random: Random): Value {
  const { minimum, maximum, type } = schema;
  const low = typeof minimum === "number" ? minimum : typeof maximum === "number" ? Math.min(0, maximum) : 0;
  const high = typeof maximum === "number" ? maximum : low + 10;
  const value = low + random() * (high - low);
  return type === "number" && random() < 0.5 ? value : Math.min(Math.ceil(value), Math.floor(high));
}

function pick<T>(items: readonly T[], random: Random): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("There is nothing to choose from.");
  return item;
}
