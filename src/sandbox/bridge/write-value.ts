/**
 * Writes any value as bridge text, piece by piece: tags for what JSON lacks, faults for what cannot cross.
 * Immune to `toJSON` on prototypes, since only strings are given to `JSON.stringify`.
 */
import { bytesToBase64 } from "./base64.ts";
import { ValueFault } from "./value-fault.ts";
import { maxBigintDigits } from "./value-limits.ts";
import { count, pathAt, tooDeep, tooLarge, unsupported, type Walk } from "./value-walk.ts";

const boxes: ReadonlySet<string> = new Set(["String", "Number", "Boolean", "BigInt"]);

/** Throws `ValueFault`, and whatever getters, proxies and `toJSON` throw. */
export function writeValue(value: unknown, depth: number, walk: Walk): string {
  walk.depth = depth;
  switch (typeof value) {
    case "string":
      return writeString(value, depth, walk);
    case "number":
      return writeNumber(value);
    case "boolean":
      return value ? "true" : "false";
    case "undefined":
      return '{"$":"undefined"}';
    case "bigint":
      return writeBigint(value, depth, walk);
    case "function":
      throw unsupported(walk, depth, "is a function; only data can cross to the host");
    case "symbol":
      throw unsupported(walk, depth, "is a symbol; only data can cross to the host");
    case "object":
      return value === null ? "null" : writeObject(value, depth, walk);
    default:
      throw unsupported(walk, depth, "is of no known type");
  }
}

function writeObject(value: object, depth: number, walk: Walk): string {
  if (depth >= walk.limits.depth) throw tooDeep(walk, depth, value);
  walk.ancestors[depth] = value;
  count(1, depth, walk);
  if (Array.isArray(value)) return writeList(value, depth, walk);
  if (value instanceof Date) return writeDate(value);
  if (value instanceof Map) return `{"$":["map",${writeEntries(value, depth, walk)}]}`;
  if (value instanceof Set) return `{"$":["set",${writeList([...value], depth, walk)}]}`;
  if (ArrayBuffer.isView(value)) {
    return writeBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), depth, walk);
  }
  if (value instanceof ArrayBuffer) return writeBytes(new Uint8Array(value), depth, walk);
  if (value instanceof Promise) throw unsupported(walk, depth, "is a Promise: await it first");
  if (value instanceof Error) return writeFields(errorFields(value), depth, walk);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return writeRecord(value, depth, walk);
  return writeInstance(value, depth, walk);
}

/** Instances of classes are their own fields, unless they say how they look as JSON. */
function writeInstance(value: object, depth: number, walk: Walk): string {
  const toJson = property(value, "toJSON");
  if (typeof toJson === "function") {
    const replaced: unknown = Reflect.apply(toJson, value, []);
    if (replaced !== value) return writeValue(replaced, depth + 1, walk);
  }
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (boxes.has(kind)) return writeValue(value.valueOf(), depth + 1, walk);
  if (Object.keys(value).length > 0) return writeRecord(value, depth, walk);
  const hint = kind.endsWith("Iterator") || kind === "Generator" ? ": spread it into an array first" : "";
  throw unsupported(walk, depth, `is a ${className(value, kind)} without fields of its own${hint}`);
}

function writeRecord(value: object, depth: number, walk: Walk): string {
  const keys = Object.keys(value);
  const escaped = keys.includes("$");
  count(keys.length, depth, walk);
  let text = "";
  for (const key of keys) {
    walk.path[depth] = key;
    const separator = text === "" ? "" : ",";
    text += `${separator}${writeString(key, depth, walk)}:${writeValue(property(value, key), depth + 1, walk)}`;
  }
  return escaped ? `{"$":["object",{${text}}]}` : `{${text}}`;
}

function writeFields(fields: readonly (readonly [string, unknown])[], depth: number, walk: Walk): string {
  const record: object = Object.create(null);
  for (const [key, value] of fields) {
    Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return writeRecord(record, depth, walk);
}

function errorFields(error: Error): (readonly [string, unknown])[] {
  const fields: (readonly [string, unknown])[] = [
    ["name", error.name],
    ["message", error.message],
  ];
  for (const key of Object.keys(error)) {
    if (key !== "name" && key !== "message" && key !== "stack") fields.push([key, property(error, key)]);
  }
  if (Object.hasOwn(error, "cause") && !Object.keys(error).includes("cause"))
    fields.push(["cause", error.cause]);
  if (error instanceof AggregateError) fields.push(["errors", error.errors]);
  return fields;
}

function writeList(list: readonly unknown[], depth: number, walk: Walk): string {
  count(list.length, depth, walk);
  let text = "[";
  for (let index = 0; index < list.length; index++) {
    walk.path[depth] = index;
    text +=
      index === 0 ? writeValue(list[index], depth + 1, walk) : `,${writeValue(list[index], depth + 1, walk)}`;
  }
  return `${text}]`;
}

function writeEntries(map: Map<unknown, unknown>, depth: number, walk: Walk): string {
  count(map.size * 2, depth, walk);
  const parts: string[] = [];
  for (const [key, entry] of map) {
    walk.path[depth] = { entry: parts.length };
    parts.push(`[${writeValue(key, depth + 1, walk)},${writeValue(entry, depth + 1, walk)}]`);
  }
  return `[${parts.join(",")}]`;
}

function writeString(text: string, depth: number, walk: Walk): string {
  walk.chars += text.length;
  if (walk.chars > walk.limits.bytes) throw tooLarge(walk, depth);
  return JSON.stringify(text);
}

function writeNumber(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '{"$":"-0"}' : `${value}`;
  return `{"$":"${value}"}`;
}

function writeBigint(value: bigint, depth: number, walk: Walk): string {
  const text = value.toString(16);
  if (text.length > maxBigintDigits) {
    throw new ValueFault(
      "value_too_large",
      pathAt(walk, depth),
      `is a bigint of more than ${maxBigintDigits * 4} bits`,
    );
  }
  return `{"$":["bigint","${text}"]}`;
}

function writeDate(value: Date): string {
  const time = Date.prototype.getTime.call(value);
  return `{"$":["date",${Number.isNaN(time) ? "null" : time}]}`;
}

function writeBytes(bytes: Uint8Array, depth: number, walk: Walk): string {
  walk.chars += bytes.length * 1.34;
  if (walk.chars > walk.limits.bytes) throw tooLarge(walk, depth);
  return `{"$":["bytes","${bytesToBase64(bytes)}"]}`;
}

function property(value: object, key: string): unknown {
  return Reflect.get(value, key);
}

function className(value: object, fallback: string): string {
  const constructor = property(value, "constructor");
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : fallback;
}
