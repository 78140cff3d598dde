/**
 * Turns a value into the bridge's text: JSON, with `{"$": …}` for what JSON lacks (docs/bridge-protocol.md).
 * Runs on both sides. A value that is plain JSON is checked and handed to `JSON.stringify`; anything else is
 * written piece by piece, immune to `toJSON` on prototypes. Decoding is `decode-value.ts`.
 */
import { bytesToBase64 } from "./base64.ts";
import { valuePath, type PathStep } from "./value-path.ts";
import { ValueFault } from "./value-fault.ts";
import { maxBigintDigits, maxNodes, type ValueLimits } from "./value-limits.ts";

const { getPrototypeOf, keys: ownKeys, prototype: objectPrototype } = Object;
const { isArray, prototype: arrayPrototype } = Array;
const stringify = JSON.stringify;
const toStringTag = objectPrototype.toString;

/** The text of `value`, called `root` in faults. Throws `ValueFault`. */
export function encodeValue(value: unknown, limits: ValueLimits, root: string): string {
  const walk: Walk = { limits, root, path: [], ancestors: [], depth: 0, nodes: 0, chars: 0 };
  const text = encodePlain(value, walk) ?? encodeAny(value, walk);
  if (utf8Length(text, limits.bytes) > limits.bytes) throw tooLarge(walk, 0);
  return text;
}

/** `undefined` unless the value is plain JSON within the limits, so that nothing can go wrong. */
function encodePlain(value: unknown, walk: Walk): string | undefined {
  try {
    return !hasInheritedToJson() && isPlainJson(value, 0, walk) ? stringify(value) : undefined;
  } catch {
    return undefined;
  }
}

function encodeAny(value: unknown, walk: Walk): string {
  walk.nodes = 0;
  walk.chars = 0;
  try {
    return write(value, 0, walk);
  } catch (thrown) {
    if (thrown instanceof ValueFault) throw thrown;
    throw unsupported(walk, walk.depth, "cannot be read: its getter, proxy or toJSON threw");
  }
}

interface Walk {
  readonly limits: ValueLimits;
  readonly root: string;
  readonly path: PathStep[];
  readonly ancestors: object[];
  depth: number;
  nodes: number;
  chars: number;
}

function hasInheritedToJson(): boolean {
  return "toJSON" in objectPrototype || "toJSON" in arrayPrototype;
}

/** False for everything that `JSON.stringify` would change, refuse, or that breaks a limit. */
function isPlainJson(value: unknown, depth: number, walk: Walk): boolean {
  switch (typeof value) {
    case "string":
      walk.chars += value.length;
      return walk.chars <= walk.limits.bytes;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "boolean":
      return true;
    case "object":
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (depth >= walk.limits.depth) return false;
  if (isArray(value)) {
    walk.nodes += value.length + 1;
    if (walk.nodes > maxNodes || getPrototypeOf(value) !== arrayPrototype) return false;
    for (let index = 0; index < value.length; index++) {
      if (!isPlainJson(value[index], depth + 1, walk)) return false;
    }
    return true;
  }
  const prototype: unknown = getPrototypeOf(value);
  if (prototype !== objectPrototype && prototype !== null) return false;
  const keys = ownKeys(value);
  walk.nodes += keys.length + 1;
  if (walk.nodes > maxNodes) return false;
  for (const key of keys) {
    walk.chars += key.length;
    if (key === "$" || !isPlainJson(property(value, key), depth + 1, walk)) return false;
  }
  return true;
}

function write(value: unknown, depth: number, walk: Walk): string {
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
  }
}

function writeObject(value: object, depth: number, walk: Walk): string {
  if (depth >= walk.limits.depth) throw tooDeep(walk, depth, value);
  walk.ancestors[depth] = value;
  count(1, depth, walk);
  if (isArray(value)) return writeList(value, depth, walk);
  if (value instanceof Date) return writeDate(value);
  if (value instanceof Map) return `{"$":["map",${writeEntries(value, depth, walk)}]}`;
  if (value instanceof Set) return `{"$":["set",${writeList([...value], depth, walk)}]}`;
  if (ArrayBuffer.isView(value)) {
    return writeBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), depth, walk);
  }
  if (value instanceof ArrayBuffer) return writeBytes(new Uint8Array(value), depth, walk);
  if (value instanceof Promise) throw unsupported(walk, depth, "is a Promise: await it first");
  if (value instanceof Error) return writeFields(errorFields(value), depth, walk);
  const prototype: unknown = getPrototypeOf(value);
  if (prototype === objectPrototype || prototype === null) return writeRecord(value, depth, walk);
  return writeInstance(value, depth, walk);
}

/** Instances of classes are their own fields, unless they say how they look as JSON. */
function writeInstance(value: object, depth: number, walk: Walk): string {
  const toJson = property(value, "toJSON");
  if (typeof toJson === "function") {
    const replaced: unknown = Reflect.apply(toJson, value, []);
    if (replaced !== value) return write(replaced, depth + 1, walk);
  }
  if (value instanceof String || value instanceof Number || value instanceof Boolean) {
    return write(value.valueOf(), depth, walk);
  }
  if (ownKeys(value).length > 0) return writeRecord(value, depth, walk);
  const kind = toStringTag.call(value).slice(8, -1);
  const hint = kind.endsWith("Iterator") || kind === "Generator" ? ": spread it into an array first" : "";
  throw unsupported(walk, depth, `is a ${className(value, kind)} without fields of its own${hint}`);
}

function writeRecord(value: object, depth: number, walk: Walk): string {
  const keys = ownKeys(value);
  const escaped = keys.includes("$");
  count(keys.length, depth, walk);
  let text = "";
  for (const key of keys) {
    walk.path[depth] = key;
    const separator = text === "" ? "" : ",";
    text += `${separator}${writeString(key, depth, walk)}:${write(property(value, key), depth + 1, walk)}`;
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
  for (const key of ownKeys(error)) {
    if (key !== "name" && key !== "message" && key !== "stack") fields.push([key, property(error, key)]);
  }
  if (Object.hasOwn(error, "cause") && !ownKeys(error).includes("cause")) fields.push(["cause", error.cause]);
  if (error instanceof AggregateError) fields.push(["errors", error.errors]);
  return fields;
}

function writeList(list: readonly unknown[], depth: number, walk: Walk): string {
  count(list.length, depth, walk);
  let text = "[";
  for (let index = 0; index < list.length; index++) {
    walk.path[depth] = index;
    text += index === 0 ? write(list[index], depth + 1, walk) : `,${write(list[index], depth + 1, walk)}`;
  }
  return `${text}]`;
}

function writeEntries(map: Map<unknown, unknown>, depth: number, walk: Walk): string {
  count(map.size * 2, depth, walk);
  const parts: string[] = [];
  for (const [key, entry] of map) {
    walk.path[depth] = { entry: parts.length };
    parts.push(`[${write(key, depth + 1, walk)},${write(entry, depth + 1, walk)}]`);
  }
  return `[${parts.join(",")}]`;
}

function writeString(text: string, depth: number, walk: Walk): string {
  walk.chars += text.length;
  if (walk.chars > walk.limits.bytes) throw tooLarge(walk, depth);
  return stringify(text);
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

function count(nodes: number, depth: number, walk: Walk): void {
  walk.nodes += nodes;
  if (walk.nodes <= maxNodes) return;
  const problem = `makes the value larger than ${maxNodes.toLocaleString("en-US")} elements; return less, or a summary`;
  throw new ValueFault("value_too_large", pathAt(walk, depth), problem);
}

function unsupported(walk: Walk, depth: number, problem: string): ValueFault {
  return new ValueFault("value_unsupported", pathAt(walk, depth), problem);
}

function tooLarge(walk: Walk, depth: number): ValueFault {
  const problem = `makes the value larger than the limit of ${walk.limits.bytes} bytes; return less, or a summary`;
  return new ValueFault("value_too_large", pathAt(walk, depth), problem);
}

function tooDeep(walk: Walk, depth: number, value: object): ValueFault {
  const seen = walk.ancestors.lastIndexOf(value, depth - 1);
  const cyclic = findCycle(walk.ancestors.slice(0, depth));
  if (seen < 0 && cyclic === undefined) {
    return new ValueFault(
      "value_too_large",
      pathAt(walk, depth),
      `is nested deeper than ${walk.limits.depth} levels`,
    );
  }
  const [first, second] = cyclic ?? [seen, depth];
  const problem = `refers back to ${pathAt(walk, first)}: a cycle cannot cross; copy the fields you need`;
  return new ValueFault("value_unsupported", pathAt(walk, second), problem);
}

/** The first ancestor that comes twice. Only asked when the depth limit was met. */
function findCycle(ancestors: readonly object[]): readonly [number, number] | undefined {
  const places = new Map<object, number>();
  for (const [depth, ancestor] of ancestors.entries()) {
    const earlier = places.get(ancestor);
    if (earlier !== undefined) return [earlier, depth];
    places.set(ancestor, depth);
  }
  return undefined;
}

function pathAt(walk: Walk, depth: number): string {
  return valuePath(walk.root, walk.path.slice(0, depth));
}

/** UTF-8 bytes of `text`; counts only as far as it matters for `limit`. */
export function utf8Length(text: string, limit: number): number {
  if (text.length > limit || text.length * 3 <= limit) return text.length;
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
