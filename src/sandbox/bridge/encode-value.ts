/**
 * Turns a value into the bridge's text: JSON, with `{"$": …}` for what JSON lacks (docs/bridge-protocol.md).
 * Runs on both sides. A value that is plain JSON is checked and handed to `JSON.stringify`; anything else is
 * written by `write-value.ts`. Decoding is `decode-value.ts`.
 */
import { utf8Length } from "./utf8-length.ts";
import { ValueFault } from "./value-fault.ts";
import { maxNodes, type ValueLimits } from "./value-limits.ts";
import { createWalk, tooLarge, unsupported, type Walk } from "./value-walk.ts";
import { writeValue } from "./write-value.ts";

const objectPrototype = Object.prototype;
const arrayPrototype = Array.prototype;

/** The text of `value`, called `root` in faults. Throws `ValueFault`. */
export function encodeValue(value: unknown, limits: ValueLimits, root: string): string {
  const walk = createWalk(limits, root);
  const text = encodePlain(value, walk) ?? encodeAny(value, walk);
  if (utf8Length(text, limits.bytes) > limits.bytes) throw tooLarge(walk, 0);
  return text;
}

/** `undefined` unless the value is plain JSON within the limits, so that nothing can go wrong. */
function encodePlain(value: unknown, walk: Walk): string | undefined {
  try {
    return !hasInheritedToJson() && isPlainJson(value, 0, walk) ? JSON.stringify(value) : undefined;
  } catch {
    return undefined;
  }
}

function encodeAny(value: unknown, walk: Walk): string {
  walk.nodes = 0;
  walk.chars = 0;
  try {
    return writeValue(value, 0, walk);
  } catch (thrown) {
    if (thrown instanceof ValueFault || isOutOfMemory(thrown)) throw thrown;
    throw unsupported(walk, walk.depth, "cannot be read: its getter, proxy or toJSON threw");
  }
}

/** QuickJS throws where other engines end. */
function isOutOfMemory(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "InternalError" && thrown.message === "out of memory";
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
  if (Array.isArray(value)) {
    walk.nodes += value.length + 1;
    if (walk.nodes > maxNodes || Object.getPrototypeOf(value) !== arrayPrototype) return false;
    for (let index = 0; index < value.length; index++) {
      if (!isPlainJson(value[index], depth + 1, walk)) return false;
    }
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== objectPrototype && prototype !== null) return false;
  const keys = Object.keys(value);
  walk.nodes += keys.length + 1;
  if (walk.nodes > maxNodes) return false;
  for (const key of keys) {
    walk.chars += key.length;
    if (key === "$" || !isPlainJson(Reflect.get(value, key), depth + 1, walk)) return false;
  }
  return true;
}
