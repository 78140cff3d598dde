/**
 * Makes the snippet's global scope: an allow-list of the language and of web APIs that answer the same on
 * every run, deterministic time and randomness in their places, and teaching stand-ins for what is missed.
 */
import { refusals } from "./missing-globals.ts";
import { ToolError } from "./tool-error.ts";

const language =
  "Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Promise RegExp " +
  "Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError " +
  "globalThis JSON Math ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array " +
  "BigUint64Array BigInt64Array Uint8ClampedArray Float16Array Float32Array Float64Array DataView Map BigInt Set " +
  "Iterator WeakMap WeakSet Proxy Reflect DisposableStack AsyncDisposableStack decodeURI decodeURIComponent " +
  "encodeURI encodeURIComponent escape unescape isFinite isNaN";

/** Settle by microtasks alone, in the engines that have them. */
const web =
  "DOMException btoa atob queueMicrotask structuredClone Event CustomEvent EventTarget AbortController AbortSignal " +
  "TextDecoder TextEncoder URL URLSearchParams URLPattern Blob Headers FormData ReadableStream WritableStream " +
  "TransformStream TextEncoderStream TextDecoderStream ByteLengthQueuingStrategy CountQueuingStrategy";

/** `make` gives a global's value, made of what the engine had under that name. */
export type GlobalMaker = (native: unknown) => unknown;

/** Natives that the engine has as own properties and that makers change. */
const changed = ["Date", "Intl", "crypto"];

/**
 * `made` are the harness's own globals and its changes to native ones, by name. They and the web APIs stand
 * behind the global object and move onto it when they are first named: to define some sixty properties would
 * cost every run half a millisecond.
 */
export function replaceGlobals(made: { readonly [name: string]: GlobalMaker }): void {
  const scope = globalThis;
  const natives: object = Object.getPrototypeOf(scope);
  const kept = new Set(language.split(" "));
  const offered = new Set(web.split(" "));
  const own = new Map<string | symbol, unknown>();
  for (const name of Reflect.ownKeys(scope)) {
    if (typeof name === "string" && kept.has(name)) continue;
    if (typeof name === "string" && (offered.has(name) || changed.includes(name)))
      own.set(name, Reflect.get(scope, name));
    Reflect.deleteProperty(scope, name);
  }
  const native = (name: string): unknown => own.get(name) ?? Reflect.get(natives, name, scope);

  const isThere = (name: string | symbol): name is string =>
    typeof name === "string" &&
    (Object.hasOwn(made, name) ||
      Object.hasOwn(refusals, name) ||
      (offered.has(name) && (own.has(name) || name in natives)));

  function make(name: string): unknown {
    const maker = Object.hasOwn(made, name) ? made[name] : undefined;
    if (maker !== undefined) return maker(native(name));
    return Object.hasOwn(refusals, name) ? createRefusal(name, refusals[name] ?? "") : native(name);
  }

  const behind = new Proxy(Object.create(Object.prototype), {
    ownKeys: () => [...new Set([...Object.keys(made), ...Object.keys(refusals), ...offered])].filter(isThere),
    has: (target, name) => isThere(name) || name in target,
    get(target, name) {
      if (!isThere(name)) return Reflect.get(target, name, scope);
      const value = make(name);
      Object.defineProperty(scope, name, { value, writable: true, configurable: true });
      return value;
    },
  });
  Object.setPrototypeOf(scope, behind);
}

export function createRefusal(name: string, hint: string): () => never {
  const refusal = function (): never {
    const error = new ToolError({
      code: "unsupported",
      message: `${name} is not available to snippets. ${hint}`,
    });
    Object.defineProperty(error, "name", { value: "UnsupportedError", configurable: true, writable: true });
    throw error;
  };
  Object.defineProperty(refusal, "name", { value: name, configurable: true });
  return refusal;
}
