/**
 * The keywords that are kept of a schema, what each may hold, and what OpenAPI 3.0, Swagger 2.0 and the older
 * drafts say in other ways. Walking schemas is `write-schema.ts`.
 */
import { isRecord } from "../../schema/is-record.ts";
import type { JsonRecord } from "./parse-document.ts";
import { plainText } from "./plain-text.ts";

/** A written schema, still changeable while the document is being read. */
export type WrittenSchema = { [keyword: string]: unknown };

/** What a keyword holds: a value, a schema, a list of schemas, or schemas by name. */
export type KeywordKind = "plain" | "schema" | "list" | "map";

export const keywordKinds: ReadonlyMap<string, KeywordKind> = new Map([
  ...(
    "title description type enum const format pattern default multipleOf maximum minimum exclusiveMaximum " +
    "exclusiveMinimum maxLength minLength maxItems minItems uniqueItems maxProperties minProperties required " +
    "readOnly writeOnly deprecated contentMediaType contentEncoding minContains maxContains dependentRequired"
  )
    .split(" ")
    .map((keyword) => [keyword, "plain"] as const),
  ..."items additionalItems additionalProperties not if then else contains propertyNames unevaluatedItems unevaluatedProperties"
    .split(" ")
    .map((keyword) => [keyword, "schema"] as const),
  ...["allOf", "anyOf", "oneOf", "prefixItems"].map((keyword) => [keyword, "list"] as const),
  ...["properties", "patternProperties", "dependentSchemas"].map((keyword) => [keyword, "map"] as const),
]);

const types = new Set(["string", "number", "integer", "boolean", "array", "object", "null"]);
/** Longer texts and examples are prose, which the operation's own description has room for. */
const maxDefaultLength = 200;
const maxDescriptionLength = 4_000;

/** The keyword's value where it is of the right type; `undefined` otherwise. */
export function writePlain(keyword: string, value: unknown): unknown {
  switch (keyword) {
    case "title":
    case "format":
    case "pattern":
    case "contentMediaType":
    case "contentEncoding":
      return typeof value === "string" ? value : undefined;
    case "description":
      return plainText(value)?.slice(0, maxDescriptionLength);
    case "type":
      return writeType(value);
    case "enum":
      return Array.isArray(value) && value.length > 0 ? value : undefined;
    case "required":
      return Array.isArray(value) && value.length > 0
        ? value.filter((name) => typeof name === "string")
        : undefined;
    case "const":
      return value;
    case "default":
      return isShort(value) ? value : undefined;
    case "dependentRequired":
      return isRecord(value) ? value : undefined;
    case "uniqueItems":
    case "readOnly":
    case "writeOnly":
    case "deprecated":
      return value === true ? true : undefined;
    default:
      return typeof value === "number" ? value : undefined;
  }
}

function writeType(value: unknown): unknown {
  if (typeof value === "string") return types.has(value) ? value : undefined;
  if (!Array.isArray(value)) return undefined;
  const known = value.filter((type) => types.has(type));
  return known.length === 0 ? undefined : known;
}

function isShort(value: unknown): boolean {
  return typeof value !== "object" || value === null || JSON.stringify(value).length <= maxDefaultLength;
}

/** What OpenAPI 3.0 and the older drafts say differently: bounds, examples, bytes. */
export function writeDialect(schema: JsonRecord, result: WrittenSchema): void {
  if (schema["exclusiveMinimum"] === true && result["minimum"] !== undefined) {
    result["exclusiveMinimum"] = result["minimum"];
    delete result["minimum"];
  }
  if (schema["exclusiveMaximum"] === true && result["maximum"] !== undefined) {
    result["exclusiveMaximum"] = result["maximum"];
    delete result["maximum"];
  }
  if (Array.isArray(result["items"])) {
    result["prefixItems"] = result["items"];
    delete result["items"];
    if (result["additionalItems"] !== undefined) result["items"] = result["additionalItems"];
  }
  delete result["additionalItems"];
  const example = Array.isArray(schema["examples"]) ? schema["examples"][0] : schema["example"];
  if (example !== undefined && example !== null && isShort(example)) result["examples"] = [example];
  if (isBytes(schema)) {
    delete result["contentMediaType"];
    result["type"] = "string";
    result["format"] = "binary";
  }
}

/** Bytes are a value of their own here (a Uint8Array), not text. */
export function isBytes(schema: JsonRecord): boolean {
  const { type, format, contentMediaType, contentEncoding } = schema;
  if (type === "file") return true;
  if (type !== "string" && type !== undefined) return false;
  if (format === "binary") return true;
  const media = typeof contentMediaType === "string" ? contentMediaType : "";
  return (
    contentEncoding === undefined && /^(?:application\/octet-stream|image\/|audio\/|video\/)/.test(media)
  );
}

export function annotationsOf(written: WrittenSchema): WrittenSchema {
  const kept = ["title", "description", "default", "deprecated", "readOnly", "writeOnly"];
  return Object.fromEntries(Object.entries(written).filter(([keyword]) => kept.includes(keyword)));
}

export function isNullable(schema: JsonRecord): boolean {
  return schema["nullable"] === true || schema["x-nullable"] === true;
}

/** `nullable` of OpenAPI 3.0 (and `x-nullable` before it) as the type that later drafts have for it. */
export function applyNullable(schema: JsonRecord, result: WrittenSchema): void {
  if (!isNullable(schema)) return;
  const { type, enum: allowed } = result;
  if (typeof type === "string" && type !== "null") result["type"] = [type, "null"];
  if (Array.isArray(type) && !type.includes("null")) result["type"] = [...type, "null"];
  if (Array.isArray(allowed) && !allowed.includes(null)) result["enum"] = [...allowed, null];
  if (type !== undefined) return;
  for (const keyword of ["anyOf", "oneOf"]) {
    const branches = result[keyword];
    if (Array.isArray(branches)) {
      result[keyword] = [...branches, { type: "null" }];
      return;
    }
  }
  const { allOf, description: _description, ...rest } = result;
  if (!Array.isArray(allowed) && allOf !== undefined) {
    for (const key of Object.keys(result)) if (key !== "description") delete result[key];
    result["anyOf"] = [{ allOf, ...rest }, { type: "null" }];
  }
}
