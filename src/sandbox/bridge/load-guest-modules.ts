/**
 * Reads the guest's modules as text, for an engine to put into a sandbox: the entry and everything that it
 * imports, under flat names. From `src` the types are stripped here; from `dist` the compiler did it.
 */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { basename } from "node:path";

const importFrom = /\bfrom "(\.{1,2}\/[^"]+)"/g;

/**
 * Module texts by name (`harness.js`), the entry first. `entry` names the source without its ending:
 * `new URL("./guest/main", import.meta.url)`.
 */
export function loadGuestModules(entry: URL): ReadonlyMap<string, string> {
  const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const modules = new Map<string, string>();
  const places = new Map<string, string>();
  const queue = [new URL(entry.href + ending)];
  for (const url of queue) {
    const name = moduleName(url.pathname);
    const known = places.get(name);
    if (known === url.href) continue;
    if (known !== undefined)
      throw new Error(`Two guest modules are called ${name}: ${known} and ${url.href}.`);
    places.set(name, url.href);
    const text = readSource(url);
    for (const [, specifier] of text.matchAll(importFrom)) queue.push(new URL(String(specifier), url));
    modules.set(
      name,
      text.replaceAll(importFrom, (_from, specifier: string) => `from "${moduleName(specifier)}"`),
    );
  }
  return modules;
}

function readSource(url: URL): string {
  const text = readFileSync(url, "utf8");
  return toCompact(url.pathname.endsWith(".ts") ? stripTypeScriptTypes(text) : text);
}

/**
 * A fresh isolate parses this on every run, so it is made cheap to parse: V8 stores and scans text twice as
 * wide once it holds one character beyond ASCII, and comments and indentation are copied with the rest. The
 * guest's sources have no template that spans lines.
 */
function toCompact(text: string): string {
  return text
    .replaceAll(/^\s*(?:\/\*\*?(?:[^*]|\*(?!\/))*\*\/|\/\/.*)$/gm, "")
    .replaceAll(/^\s+/gm, "")
    .replaceAll(
      /[\u0080-\uFFFF]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

function moduleName(path: string): string {
  return basename(path).replace(/\.ts$/, ".js");
}
