/**
 * Turns parsed bridge JSON back into values: the inverse of `encode-value.ts`. Whoever calls it has parsed the
 * text with limits; this revives `{"$": …}` in place and refuses what no encoder writes.
 */
import type { Value } from "../../spec/value.ts";
import { base64ToBytes } from "./base64.ts";
import { maxBigintDigits } from "./value-limits.ts";

/** The text was not written by `encodeValue`. */
export class MalformedValue extends Error {
  override readonly name = "MalformedValue";
}

/** False for texts that hold no `{"$": …}` and need no reviving. */
export function mayHoldTags(text: string): boolean {
  return text.includes('"$"') || text.includes("\\u0024");
}

/** `depth` is the number of levels allowed. Throws `MalformedValue`. Changes and returns `parsed`. */
export function reviveValue(parsed: unknown, depth: number): Value {
  if (parsed === null || typeof parsed !== "object") return scalar(parsed);
  if (depth <= 0) throw new MalformedValue("nested too deep");
  if (Array.isArray(parsed)) return reviveList(parsed, depth);
  if (Object.hasOwn(parsed, "$")) return reviveTag(parsed, depth);
  return reviveRecord(parsed, depth);
}

function scalar(parsed: unknown): Value {
  if (
    parsed === null ||
    typeof parsed === "string" ||
    typeof parsed === "number" ||
    typeof parsed === "boolean"
  ) {
    return parsed;
  }
  throw new MalformedValue("not JSON");
}

function reviveList(list: unknown[], depth: number): Value[] {
  const values: Value[] = list as Value[];
  for (const [index, element] of list.entries()) {
    if (element !== null && typeof element === "object") values[index] = reviveValue(element, depth - 1);
  }
  return values;
}

/** Keys are own properties already, `__proto__` too, so that assigning never meets a setter. */
function reviveRecord(record: object, depth: number): { [key: string]: Value } {
  const values = record as { [key: string]: Value };
  for (const key of Object.keys(record)) {
    const field: unknown = values[key];
    if (field !== null && typeof field === "object") values[key] = reviveValue(field, depth - 1);
  }
  return values;
}

function reviveTag(record: object, depth: number): Value {
  if (Object.keys(record).length !== 1) throw new MalformedValue("a tag beside other keys");
  const tag: unknown = Reflect.get(record, "$");
  if (typeof tag === "string") return reviveConstant(tag);
  if (!Array.isArray(tag) || tag.length !== 2) throw new MalformedValue("a tag without its payload");
  const [kind, payload]: unknown[] = tag;
  switch (kind) {
    case "bigint":
      return reviveBigint(payload);
    case "date":
      return reviveDate(payload);
    case "bytes":
      return reviveBytes(payload);
    case "map":
      return reviveMap(payload, depth);
    case "set":
      return reviveSet(payload, depth);
    case "object":
      if (payload === null || typeof payload !== "object" || Array.isArray(payload)) break;
      return reviveRecord(payload, depth);
    default:
  }
  throw new MalformedValue("an unknown tag");
}

function reviveConstant(tag: string): Value {
  switch (tag) {
    case "undefined":
      return undefined;
    case "NaN":
      return Number.NaN;
    case "Infinity":
      return Infinity;
    case "-Infinity":
      return -Infinity;
    case "-0":
      return -0;
    default:
      throw new MalformedValue("an unknown constant");
  }
}

function reviveBigint(payload: unknown): bigint {
  if (typeof payload !== "string" || payload.length > maxBigintDigits + 1 || !/^-?[\da-f]+$/.test(payload)) {
    throw new MalformedValue("not a bigint");
  }
  return payload.startsWith("-") ? -BigInt(`0x${payload.slice(1)}`) : BigInt(`0x${payload}`);
}

function reviveDate(payload: unknown): Date {
  if (payload === null) return new Date(Number.NaN);
  if (typeof payload !== "number" || Math.abs(payload) > 8.64e15) throw new MalformedValue("not a date");
  return new Date(payload);
}

function reviveBytes(payload: unknown): Uint8Array {
  const bytes = typeof payload === "string" ? base64ToBytes(payload) : undefined;
  if (bytes === undefined) throw new MalformedValue("not base64");
  return bytes;
}

function reviveMap(payload: unknown, depth: number): Map<Value, Value> {
  if (!Array.isArray(payload)) throw new MalformedValue("not entries");
  const map = new Map<Value, Value>();
  for (const entry of payload as unknown[]) {
    if (!Array.isArray(entry) || entry.length !== 2) throw new MalformedValue("not an entry");
    const [key, value]: unknown[] = entry;
    map.set(reviveValue(key, depth - 1), reviveValue(value, depth - 1));
  }
  return map;
}

function reviveSet(payload: unknown, depth: number): Set<Value> {
  if (!Array.isArray(payload)) throw new MalformedValue("not elements");
  return new Set(reviveList(payload, depth));
}
