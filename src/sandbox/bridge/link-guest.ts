/**
 * Reads the guest's modules as text and links them into one, for an engine to put into a sandbox: a fresh
 * isolate pays for each module and each byte on every run. From `src` the types are stripped here; from `dist`
 * the compiler did it.
 */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";

/** Imports by name from a path, as the guest's sources have them and no others. */
const importFrom = /^import \{[^}]*\} from "(\.{1,2}\/[^"]+)";$/gm;

/**
 * The text of one module: what `entry` imports, each module once and before those that import it, then the
 * entry. All names on the top level of guest modules differ, or the text does not parse. `entry` is the source
 * without its ending: `new URL("./guest/main", import.meta.url)`.
 */
export function linkGuest(entry: URL): string {
  const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const texts = new Map<string, string>();
  link(new URL(entry.href + ending), texts, []);
  return [...texts.values()].join("\n");
}

/** Adds the texts in the order in which they are to stand. Only the entry keeps its exports. */
function link(url: URL, texts: Map<string, string>, above: readonly string[]): void {
  if (texts.has(url.href)) return;
  if (above.includes(url.href)) {
    throw new Error(`Guest modules import each other: ${[...above, url.href].join(" → ")}.`);
  }
  const text = readSource(url);
  for (const [, specifier] of text.matchAll(importFrom)) {
    link(new URL(String(specifier), url), texts, [...above, url.href]);
  }
  const bare = text.replaceAll(importFrom, "").trim();
  texts.set(url.href, above.length === 0 ? bare : bare.replaceAll(/^export /gm, ""));
}

function readSource(url: URL): string {
  const text = readFileSync(url, "utf8");
  return toCompact(url.pathname.endsWith(".ts") ? stripTypeScriptTypes(text) : text);
}

/**
 * V8 stores and scans text twice as wide once it holds one character beyond ASCII, and comments and indentation
 * are copied with the rest. The guest's sources have no template that spans lines.
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
