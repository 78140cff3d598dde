/**
 * The error of what a loaded worker does not have, and functions that throw it in the places of what is missed.
 */
const unsupportedHint = "See docs/loader.md for what a loaded worker has.";

class UnsupportedByWorker extends Error {
  readonly code = "unsupported";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

Object.defineProperty(UnsupportedByWorker.prototype, "name", {
  value: "UnsupportedError",
  configurable: true,
  writable: true,
});

export function unsupportedInWorker(what: string, hint: string = unsupportedHint): Error {
  return new UnsupportedByWorker(`${what} is not available to a loaded worker.`, hint);
}

/** Called or constructed, it throws. */
export function refusalInWorker(name: string, hint: string): () => never {
  const refusal = function (): never {
    throw unsupportedInWorker(name, hint);
  };
  Object.defineProperty(refusal, "name", { value: name, configurable: true });
  return refusal;
}
