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

/**
 * `parsed` comes from `JSON.parse`; `depth` is the number of levels allowed. Throws `MalformedValue`. Changes
 * and returns `parsed`.
 */
export function reviveValue(parsed: Value, depth: number): Value {
  if (!isContainer(parsed)) return parsed;
  if (Array.isArray(parsed)) return reviveList(parsed, depth);
  return Object.hasOwn(parsed, "$") ? reviveTag(parsed, depth) : reviveRecord(parsed, depth);
}

type Container = Value[] | { [key: string]: Value };

/** True for what `JSON.parse` makes an object of. */
function isContainer(parsed: Value): parsed is Container {
  return parsed !== null && typeof parsed === "object";
}

function reviveList(list: Value[], depth: number): Value[] {
  if (depth <= 0) throw new MalformedValue("nested too deep");
  for (let index = 0; index < list.length; index++) {
    const element = list[index];
    if (isContainer(element)) list[index] = reviveValue(element, depth - 1);
  }
  return list;
}

/** Keys are own properties already, `__proto__` too, so that assigning never meets a setter. */
function reviveRecord(record: { [key: string]: Value }, depth: number): Value {
  if (depth <= 0) throw new MalformedValue("nested too deep");
  for (const key of Object.keys(record)) {
    const field = record[key];
    if (isContainer(field)) record[key] = reviveValue(field, depth - 1);
  }
  return record;
}

function reviveTag(record: { [key: string]: Value }, depth: number): Value {
  if (Object.keys(record).length !== 1) throw new MalformedValue("a tag beside other keys");
  const tag = record["$"];
  if (typeof tag === "string") return reviveConstant(tag);
  if (!Array.isArray(tag) || tag.length !== 2) throw new MalformedValue("a tag without its payload");
  const [kind, payload] = tag;
  if (kind === "bigint") return reviveBigint(payload);
  if (depth <= 0) throw new MalformedValue("nested too deep");
  switch (kind) {
    case "date":
      return reviveDate(payload);
    case "bytes":
      return reviveBytes(payload);
    case "map":
      return reviveMap(payload, depth);
    case "set":
      return reviveSet(payload, depth);
    case "object":
      if (!isContainer(payload) || Array.isArray(payload)) throw new MalformedValue("not a record");
      return reviveRecord(payload, depth);
    default:
      throw new MalformedValue("an unknown tag");
  }
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

function reviveBigint(payload: Value): bigint {
  if (typeof payload !== "string" || payload.length > maxBigintDigits + 1 || !/^-?[\da-f]+$/.test(payload)) {
    throw new MalformedValue("not a bigint");
  }
  return payload.startsWith("-") ? -BigInt(`0x${payload.slice(1)}`) : BigInt(`0x${payload}`);
}

function reviveDate(payload: Value): Date {
  if (payload === null) return new Date(Number.NaN);
  if (typeof payload !== "number" || Math.abs(payload) > 8.64e15) throw new MalformedValue("not a date");
  return new Date(payload);
}

function reviveBytes(payload: Value): Uint8Array {
  const bytes = typeof payload === "string" ? base64ToBytes(payload) : undefined;
  if (bytes === undefined) throw new MalformedValue("not base64");
  return bytes;
}

function reviveMap(payload: Value, depth: number): Map<Value, Value> {
  if (!Array.isArray(payload)) throw new MalformedValue("not entries");
  const map = new Map<Value, Value>();
  for (const entry of payload) {
    if (!Array.isArray(entry) || entry.length !== 2) throw new MalformedValue("not an entry");
    const [key, value] = entry;
    map.set(reviveValue(key, depth - 1), reviveValue(value, depth - 1));
  }
  return map;
}

function reviveSet(payload: Value, depth: number): Set<Value> {
  if (!Array.isArray(payload)) throw new MalformedValue("not elements");
  return new Set(reviveList(payload, depth));
}
