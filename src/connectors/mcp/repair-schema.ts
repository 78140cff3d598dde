/**
 * Mends a stranger's JSON Schema where it is broken, and only there: a part that means nothing is replaced
 * by one that permits everything, and named. What schemas mean is not decided here.
 */
import { isRecord } from "../../schema/is-record.ts";
import { isSchema, resolveRef } from "../../schema/resolve-ref.ts";
import type { JsonSchema } from "../../spec/value.ts";

interface RepairedSchema {
  readonly schema: { readonly [keyword: string]: unknown };
  /** What was mended and where; empty for a sound schema, which is returned as it came. */
  readonly reasons: readonly string[];
}

const maxReasons = 5;
const maxDepth = 100;
const types = new Set(["null", "boolean", "object", "array", "number", "string", "integer"]);
const schemaMaps = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const schemaLists = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const schemaKeywords = new Set(
  [
    ["items", "additionalItems", "contains", "unevaluatedItems"],
    ["additionalProperties", "unevaluatedProperties", "propertyNames"],
    ["not", "if", "then", "else", "contentSchema"],
  ].flat(),
);

/** As `repairSchema`, and the result is the schema of an object: a call passes its arguments by name. */
export function repairInputSchema(raw: unknown): RepairedSchema {
  if (raw === undefined || raw === null)
    return {
      schema: { type: "object", properties: {} },
      reasons: ["it has no input schema: any arguments are let through"],
    };
  if (!isRecord(raw))
    return {
      schema: { type: "object" },
      reasons: ["its input schema is no schema: any arguments are let through"],
    };
  const { schema, reasons } = repairSchema(raw);
  const type = schema["type"];
  if (type === "object") return { schema, reasons };
  if (type === undefined)
    return {
      schema: { type: "object", ...schema },
      reasons: ['its input schema has no type: taken as "object"', ...reasons],
    };
  if (Array.isArray(type) && type.includes("object")) {
    return {
      schema: { ...schema, type: "object" },
      reasons: ['its input schema has several types: taken as "object"', ...reasons],
    };
  }
  return {
    schema: { type: "object" },
    reasons: [
      `its input schema is of type ${JSON.stringify(type)}, which no arguments are: any are let through`,
    ],
  };
}

export function repairSchema(root: { readonly [keyword: string]: unknown }): RepairedSchema {
  const reasons: string[] = [];
  const repair: Repair = {
    root,
    note: (path, says) => void reasons.push(`${path === "" ? "its schema" : path} ${says}`),
  };
  const schema = repairObject(root, { repair, path: "", depth: 0 });
  if (reasons.length === 0) return { schema: root, reasons };
  const shown = reasons.slice(0, maxReasons);
  return {
    schema,
    reasons: reasons.length > shown.length ? [...shown, `and ${reasons.length - shown.length} more`] : shown,
  };
}

interface Repair {
  readonly root: JsonSchema;
  readonly note: (path: string, says: string) => void;
}

interface Place {
  readonly repair: Repair;
  readonly path: string;
  readonly depth: number;
}

function repairAny(schema: unknown, place: Place): JsonSchema {
  if (typeof schema === "boolean") return schema;
  if (!isRecord(schema)) {
    place.repair.note(place.path, "is no schema: anything is let through");
    return {};
  }
  if (place.depth > maxDepth) {
    place.repair.note(place.path, "is nested too deeply: anything is let through");
    return {};
  }
  return repairObject(schema, place);
}

function repairObject(
  schema: { readonly [keyword: string]: unknown },
  place: Place,
): { [keyword: string]: unknown } {
  const entries = Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
    const repaired = repairKeyword(keyword, value, place);
    return repaired === undefined ? [] : [[keyword, repaired]];
  });
  return Object.fromEntries(entries);
}

/** The value a keyword should have; `undefined` when it means nothing. */
function repairKeyword(keyword: string, value: unknown, place: Place): unknown {
  const { repair, path } = place;
  const at = path === "" ? keyword : `${path}.${keyword}`;
  const drop = (says: string): undefined => {
    repair.note(at, `${says}: left away`);
    return undefined;
  };
  if (keyword === "$ref") return repairRef(value, place);
  if (keyword === "type") return isType(value) ? value : drop(`names no type (${brief(value)})`);
  if (keyword === "enum") return Array.isArray(value) ? value : drop("is no list");
  if (keyword === "required") return repairRequired(value, drop);
  if (schemaMaps.has(keyword)) {
    if (!isRecord(value)) return drop("is no object of schemas");
    const entries = Object.entries(value).map(([name, each]) => [
      name,
      repairAny(each, inside(place, `${at}.${name}`)),
    ]);
    return Object.fromEntries(entries);
  }
  if (schemaLists.has(keyword)) {
    if (!Array.isArray(value)) return drop("is no list of schemas");
    return value.map((each: unknown, index) => repairAny(each, inside(place, `${at}[${index}]`)));
  }
  if (!schemaKeywords.has(keyword)) return value;
  if (keyword === "items" && Array.isArray(value)) {
    return value.map((each: unknown, index) => repairAny(each, inside(place, `${at}[${index}]`)));
  }
  return isSchema(value) ? repairAny(value, inside(place, at)) : drop("is no schema");
}

/** What stands beside a broken reference, such as its description, stays. */
function repairRef(ref: unknown, { repair, path }: Place): string | undefined {
  const found =
    typeof ref === "string" && resolveRef(ref, { root: repair.root, definitions: {} }) !== undefined;
  if (found) return ref;
  repair.note(path, `refers to ${brief(ref)}, where nothing is: anything is let through`);
  return undefined;
}

function repairRequired(value: unknown, drop: (says: string) => undefined): unknown {
  if (!Array.isArray(value)) return drop("is no list of names");
  const names = value.filter((name) => typeof name === "string");
  if (names.length < value.length) drop("holds something that is no name");
  return names;
}

function isType(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((each) => types.has(each));
  return typeof value === "string" && types.has(value);
}

function inside({ repair, depth }: Place, path: string): Place {
  return { repair, path: path.length > 300 ? `…${path.slice(-300)}` : path, depth: depth + 1 };
}

function brief(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
    return "nothing usable";
  return JSON.stringify(String(value).slice(0, 100));
}
