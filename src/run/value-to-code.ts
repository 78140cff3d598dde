/**
 * Writes a value as an expression of a program, for programs that the host writes. No number is lost in it.
 */
import type { Value } from "../spec/value.ts";

/** JSON is parsed from a string, which is faster than code; only what JSON lacks is written out. */
export function valueToCode(value: Value): string {
  return isJson(value) ? `JSON.parse(${JSON.stringify(JSON.stringify(value))})` : toExpression(value);
}

function isJson(value: Value): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (Array.isArray(value)) return value.every(isJson);
  // A property that is undefined is left out of JSON, as it would be by whoever reads it.
  return isPlain(value) && Object.values(value).every((each) => each === undefined || isJson(each));
}

function isPlain(value: Value): value is { [key: string]: Value } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return !(
    value instanceof Date ||
    value instanceof Uint8Array ||
    value instanceof Map ||
    value instanceof Set
  );
}

function toExpression(value: Value): string {
  if (typeof value === "bigint") return `BigInt("${value}")`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Uint8Array)
    return `Uint8Array.from(atob("${Buffer.from(value).toString("base64")}"), (each) => each.charCodeAt(0))`;
  if (value instanceof Set) return `new Set<any>(${toExpression([...value])})`;
  if (value instanceof Map)
    return `new Map<any, any>([${[...value].map(([key, each]) => toExpression([key, each])).join(", ")}])`;
  if (Array.isArray(value)) return `[${value.map(toExpression).join(", ")}]`;
  if (!isPlain(value)) return typeof value === "string" ? JSON.stringify(value) : String(value);
  // Computed keys: written plainly, "__proto__" would set the prototype.
  const properties = Object.entries(value).map(
    ([key, each]) => `[${JSON.stringify(key)}]: ${toExpression(each)}`,
  );
  return `{ ${properties.join(", ")} }`;
}
