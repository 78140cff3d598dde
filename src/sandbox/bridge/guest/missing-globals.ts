/**
 * What a snippet does not have, and what to use in its place. Some of it is there as a function that says so
 * when called; of the rest the hint is given when the ReferenceError ends the snippet.
 */

const network =
  "Snippets have no network: call a tool, tools.<source>.<name>(args); find one with codemode.search.";
const modules = "Snippets cannot load modules: use the language, the web APIs and tools.";
const memory = "Snippets cannot see garbage collection or share memory.";

/** Called or constructed, these throw a typed error that names the way out. */
export const refusals: { readonly [name: string]: string } = {
  fetch: network,
  WebSocket: network,
  XMLHttpRequest: network,
  EventSource: network,
  require: modules,
  importScripts: modules,
  eval: "Snippets cannot turn text into code: write the code itself.",
  setImmediate: "Use queueMicrotask or setTimeout(fn, 0).",
  WeakRef: memory,
  FinalizationRegistry: memory,
  SharedArrayBuffer: memory,
};

const hints: { readonly [name: string]: string } = {
  process: "Snippets have no process or environment: configuration reaches tools through their host.",
  Buffer: "Use Uint8Array, TextEncoder, atob and btoa.",
  module: modules,
  exports: modules,
  __dirname: "Snippets have no file system: use a tool.",
  Deno: "Snippets have no file system or network: use a tool.",
  Bun: "Snippets have no file system or network: use a tool.",
  window: "Snippets have no page: use globalThis, and tools for the rest.",
  document: "Snippets have no page: use a tool.",
  WebAssembly: "Snippets cannot compile WebAssembly: write the code in JavaScript.",
  Response: network,
  Request: network,
};

/** The hint for `x is not defined`, if there is one. */
export function hintForMissing(message: string): string | undefined {
  const name = /^([\w$]+) is not defined$/.exec(message)?.[1];
  return name === undefined || !Object.hasOwn(hints, name) ? undefined : hints[name];
}
