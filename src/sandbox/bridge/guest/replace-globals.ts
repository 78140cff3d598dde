/**
 * Makes the snippet's global scope: an allow-list of the language and of web APIs that answer the same on
 * every run, deterministic time and randomness in their places, and teaching stand-ins for what is missed.
 * Everything is made when it is first named, since a fresh isolate pays for each function it has to compile.
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

/** `made` are the harness's own globals and its changes to native ones, by name. */
export function replaceGlobals(made: { readonly [name: string]: GlobalMaker }): void {
  const scope = globalThis;
  const natives: object = Object.getPrototypeOf(scope);
  const kept = new Set(language.split(" "));
  const own = new Map<string, unknown>();
  for (const name of Reflect.ownKeys(scope)) {
    if (typeof name === "string" && kept.has(name)) continue;
    if (typeof name === "string" && (name in made || web.includes(name)))
      own.set(name, Reflect.get(scope, name));
    Reflect.deleteProperty(scope, name);
  }
  const native = (name: string): unknown => own.get(name) ?? Reflect.get(natives, name, scope);
  Object.setPrototypeOf(scope, Object.prototype);
  for (const name of web.split(" ")) {
    if (own.has(name) || name in natives) defineLazily(name, () => native(name));
  }
  for (const name in made) defineLazily(name, () => made[name]?.(native(name)));
  for (const name in refusals) defineLazily(name, () => createRefusal(name, refusals[name] ?? ""));
}

/** A property that makes its value when it is first read, and may be assigned like any other. */
function defineLazily(name: string, make: () => unknown): void {
  const settle = (value: unknown): unknown => {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
    return value;
  };
  Object.defineProperty(globalThis, name, { get: () => settle(make()), set: settle, configurable: true });
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
