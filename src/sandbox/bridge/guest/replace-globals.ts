/**
 * Makes the snippet's global scope: an allow-list of the language and of web APIs that answer the same on
 * every run, deterministic time and randomness in their places, and teaching stand-ins for what is missed.
 */
import type { Clock } from "./clock.ts";
import { refusedFunctions } from "./missing-globals.ts";
import type { Random } from "./random.ts";
import type { Timers } from "./timers.ts";
import { ToolError } from "./tool-error.ts";

export interface GuestGlobals {
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  /** `tools`, `codemode`, `console`, `ToolError`. */
  readonly values: { readonly [name: string]: unknown };
}

const language =
  "Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Promise RegExp " +
  "Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError " +
  "globalThis JSON Math Intl ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array " +
  "BigUint64Array BigInt64Array Uint8ClampedArray Float16Array Float32Array Float64Array DataView Map BigInt Set " +
  "Iterator WeakMap WeakSet Proxy Reflect DisposableStack AsyncDisposableStack decodeURI decodeURIComponent " +
  "encodeURI encodeURIComponent escape unescape isFinite isNaN";

/** Settle by microtasks alone, in the engines that have them. */
const web =
  "DOMException btoa atob queueMicrotask structuredClone Event CustomEvent EventTarget AbortController AbortSignal " +
  "TextDecoder TextEncoder URL URLSearchParams URLPattern Blob Headers FormData ReadableStream WritableStream " +
  "TransformStream TextEncoderStream TextDecoderStream ByteLengthQueuingStrategy CountQueuingStrategy";

const allowed: ReadonlySet<string> = new Set(`${language} ${web}`.split(" "));

export function replaceGlobals({ clock, random, timers, values }: GuestGlobals): void {
  const subtle = typeof crypto === "undefined" ? undefined : crypto.subtle;
  removeUnlisted();
  Math.random = random.random;
  define({
    ...timers,
    ...values,
    Date: clock.Date,
    performance: clock.performance,
    crypto: createCrypto(random, subtle),
    self: globalThis,
  });
  define({ $mport: async () => createRefusal("import()", "Remove it: snippets cannot load modules.")() });
  for (const [name, hint] of refusedFunctions) define({ [name]: createRefusal(name, hint) });
  patchWebApis(timers);
}

/** Own properties of the global object and of every prototype before `Object.prototype`. */
function removeUnlisted(): void {
  let scope: object | null = globalThis;
  while (scope !== null && scope !== Object.prototype) {
    for (const name of Reflect.ownKeys(scope)) {
      if (typeof name === "symbol" || !allowed.has(name)) Reflect.deleteProperty(scope, name);
    }
    scope = Object.getPrototypeOf(scope);
  }
}

function define(values: { readonly [name: string]: unknown }): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
}

function createRefusal(name: string, hint: string): () => never {
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

/** `subtle.digest` is a function of its input; what draws random numbers of its own is not offered. */
function createCrypto(random: Random, subtle: SubtleCrypto | undefined): object {
  return {
    getRandomValues: random.getRandomValues,
    randomUUID: random.randomUUID,
    ...(subtle !== undefined && {
      subtle: { digest: (name: AlgorithmIdentifier, data: BufferSource) => subtle.digest(name, data) },
    }),
  };
}

/** The parts of allowed APIs that look at a clock or wait for more than microtasks. */
function patchWebApis(timers: Timers): void {
  if (typeof Blob === "function") Reflect.deleteProperty(Blob.prototype, "stream");
  if (typeof AbortSignal !== "function") return;
  const timeout = (ms: unknown): AbortSignal => {
    const controller = new AbortController();
    timers.setTimeout(
      () => controller.abort(new DOMException("The operation timed out.", "TimeoutError")),
      ms,
    );
    return controller.signal;
  };
  Object.defineProperty(AbortSignal, "timeout", { value: timeout, writable: true, configurable: true });
}
