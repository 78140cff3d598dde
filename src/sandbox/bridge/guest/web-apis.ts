/**
 * The web APIs that need more than their own code: where they would draw random numbers, look at a clock, or
 * wait for more than microtasks.
 */
import type { Random } from "./random.ts";
import type { Timers } from "./timers.ts";

/** `subtle.digest` is a function of its input; what draws random numbers of its own is not offered. */
export function createCrypto(random: Random, native: Crypto | undefined): object {
  const subtle = native?.subtle;
  return {
    getRandomValues: random.getRandomValues,
    randomUUID: random.randomUUID,
    ...(subtle !== undefined && {
      subtle: { digest: (name: AlgorithmIdentifier, data: BufferSource) => subtle.digest(name, data) },
    }),
  };
}

export function patchAbortSignal(timers: Timers, native: typeof AbortSignal): unknown {
  const value = (ms: unknown): AbortSignal => {
    const controller = new AbortController();
    const expire = (): void => controller.abort(new DOMException("The operation timed out.", "TimeoutError"));
    timers.setTimeout(expire, ms);
    return controller.signal;
  };
  return Object.defineProperty(native, "timeout", { value, writable: true, configurable: true });
}

/** Without its stream, which the engine feeds in its own time. */
export function patchBlob(native: typeof Blob): unknown {
  Reflect.deleteProperty(native.prototype, "stream");
  return native;
}
