/**
 * `structuredClone` as the HTML standard has it, for what the language has; `transfer` is `unsupported`.
 */
import { createRefusal } from "../../bridge/guest/replace-globals.ts";
import { defineGlobal } from "./define-global.ts";

const errorKinds: ReadonlyMap<string, ErrorConstructor> = new Map(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((kind) => [
    kind.name,
    kind,
  ]),
);

export function installClone(): void {
  defineGlobal(
    "structuredClone",
    function structuredClone(value: unknown, options?: { transfer?: unknown[] }) {
      if (options?.transfer !== undefined && options.transfer.length > 0) {
        createRefusal("structuredClone with transfer", "Leave it out: the value is copied.")();
      }
      return cloneAny(value, new Map());
    },
  );
}

function cloneAny(value: unknown, made: Map<object, unknown>): unknown {
  if (typeof value === "function" || typeof value === "symbol") throw notCloneable(String(value));
  if (typeof value !== "object" || value === null) return value;
  if (made.has(value)) return made.get(value);
  const keep = <T>(copy: T): T => {
    made.set(value, copy);
    return copy;
  };
  if (value instanceof Date) return keep(new Date(value.getTime()));
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) return keep(cloneView(value, made));
  if (value instanceof Map) {
    const copy = keep(new Map());
    for (const [key, entry] of value) copy.set(cloneAny(key, made), cloneAny(entry, made));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set());
    for (const entry of value) copy.add(cloneAny(entry, made));
    return copy;
  }
  if (value instanceof Error) return keep(cloneError(value, made));
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (["Number", "String", "Boolean", "BigInt"].includes(tag)) return keep(Object(value.valueOf()));
  if (tag !== "Object" && tag !== "Array" && tag !== "Arguments") throw notCloneable(`[${tag}]`);
  const copy: object = keep(Array.isArray(value) ? emptyList(value.length) : {});
  for (const key of Object.keys(value)) {
    const entry = cloneAny(Reflect.get(value, key), made);
    Object.defineProperty(copy, key, { value: entry, writable: true, enumerable: true, configurable: true });
  }
  return copy;
}

/** Holes stay holes. */
function emptyList(length: number): unknown[] {
  const list: unknown[] = [];
  list.length = length;
  return list;
}

/** Views of one buffer are views of one copy. */
function cloneView(view: ArrayBufferView, made: Map<object, unknown>): unknown {
  const buffer = cloneAny(view.buffer, made);
  const kind: unknown = view.constructor;
  const length: unknown = view instanceof DataView ? view.byteLength : Reflect.get(view, "length");
  if (typeof kind !== "function") throw notCloneable("[view]");
  return Reflect.construct(kind, [buffer, view.byteOffset, length]);
}

function cloneError(error: Error, made: Map<object, unknown>): Error {
  const kind = errorKinds.get(error.name) ?? Error;
  const copy = new kind(error.message);
  Object.defineProperty(copy, "stack", { value: error.stack, writable: true, configurable: true });
  if (Object.hasOwn(error, "cause")) {
    const value = cloneAny(error.cause, made);
    Object.defineProperty(copy, "cause", { value, writable: true, configurable: true });
  }
  return copy;
}

function notCloneable(what: string): DOMException {
  return new DOMException(`${what.slice(0, 100)} could not be cloned.`, "DataCloneError");
}
