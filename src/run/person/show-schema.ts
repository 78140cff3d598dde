/**
 * Makes visible what the words of a schema hide: titles, descriptions and the like. What is answered by (names, choices,
 * constants, patterns) stays as it is, or an answer would be another than the one that is meant.
 */
import { isRecord } from "../../schema/is-record.ts";
import { showHidden } from "../../show-hidden.ts";
import type { Json } from "../../spec/value.ts";

const words = new Set(["title", "description", "$comment", "enumNames"]);
/** Below these, names are names of properties and not keywords. */
const named = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const verbatim = new Set(["enum", "const", "default", "examples"]);

export function showSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(showSchema);
  if (!isRecord(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, showKeyword(keyword, value)]),
  );
}

function showKeyword(keyword: string, value: Json): Json {
  if (words.has(keyword)) return showWords(value);
  if (verbatim.has(keyword)) return value;
  if (!named.has(keyword) || !isRecord(value)) return showSchema(value);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, showSchema(each)]));
}

function showWords(value: Json): Json {
  if (typeof value === "string") return showHidden(value);
  return Array.isArray(value) ? value.map(showWords) : value;
}
