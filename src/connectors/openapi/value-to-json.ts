/**
 * A value as JSON text: dates as ISO 8601, bytes as base64, Maps as objects, Sets as arrays, bigints as exact
 * numbers, which JSON allows and `JSON.stringify` refuses.
 */
import { CodemodeError } from "../../errors.ts";
import type { Value } from "../../spec/value.ts";

/** Throws `tool_arguments_invalid` for what JSON cannot say. */
export function valueToJson(value: Value): string {
  return write(value, 0);
}

const maxDepth = 512;

function write(value: Value, depth: number): string {
  if (depth > maxDepth)
    throw new CodemodeError(
      "tool_arguments_invalid",
      `An argument is nested deeper than ${maxDepth} levels.`,
    );
  switch (typeof value) {
    case "string":
    case "boolean":
      return JSON.stringify(value);
    case "number":
      if (Number.isFinite(value)) return JSON.stringify(value);
      throw new CodemodeError("tool_arguments_invalid", `JSON has no number ${value}.`);
    case "bigint":
      return value.toString();
    case "undefined":
      return "null";
    default:
      return value === null ? "null" : writeObject(value, depth);
  }
}

function writeObject(
  value: Exclude<Value, undefined | null | string | number | boolean | bigint>,
  depth: number,
): string {
  if (value instanceof Date) return JSON.stringify(value);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("base64"));
  if (value instanceof Set || Array.isArray(value))
    return `[${[...value].map((item) => write(item, depth + 1)).join(",")}]`;
  const entries =
    value instanceof Map
      ? [...value].map(([key, member]) => [mapKey(key), member] as const)
      : Object.entries(value);
  const members = entries
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}:${write(member, depth + 1)}`);
  return `{${members.join(",")}}`;
}

function mapKey(key: Value): string {
  if (typeof key === "object" && key !== null && !(key instanceof Date)) {
    throw new CodemodeError("tool_arguments_invalid", "A Map in the arguments has a key that is no text.");
  }
  return key instanceof Date ? key.toISOString() : String(key);
}
