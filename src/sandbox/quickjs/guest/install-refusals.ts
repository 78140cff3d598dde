/**
 * Web APIs that the workerd engine has and this one has not: there to say so when they are used.
 */
import { createRefusal } from "../../bridge/guest/replace-globals.ts";
import { defineGlobal } from "./define-global.ts";

const absent =
  "Event CustomEvent EventTarget AbortController AbortSignal URLPattern Blob Headers FormData ReadableStream " +
  "WritableStream TransformStream TextEncoderStream TextDecoderStream ByteLengthQueuingStrategy CountQueuingStrategy";

export function installRefusals(): void {
  const hint = "The quickjs engine has none: use plain values and promises.";
  for (const name of absent.split(" ")) defineGlobal(name, createRefusal(name, hint));
  defineGlobal("Intl", createLocaleFreeIntl());
}

/** Whatever is read of it is there to say so when it is used. */
function createLocaleFreeIntl(): object {
  const hint = "The quickjs engine knows no locales: format by hand, or use toFixed and toISOString.";
  return new Proxy(
    {},
    {
      get: (_target, name) => (typeof name === "symbol" ? undefined : createRefusal(`Intl.${name}`, hint)),
    },
  );
}
