/**
 * Reads what a saved snippet takes from its own code: the type that stands at the first parameter of the function
 * that it is, as a JSON Schema. Understands what models write for inputs; of anything else it says nothing.
 */
import type { JsonSchema } from "../../spec/value.ts";
import { unfence } from "../unfence.ts";
import { TypeReader } from "./type-reader.ts";

/** `async (input: { repo: string; limit?: number }) => …`, `export default async function ({ repo }: { … })`, `async function main(…)`. */
const head =
  /^(?:export\s+default\s+)?(?:async\s+)?(?:function\s*[\w$]*\s*)?\(\s*(?:([\w$]+)|\{[^{}()]*\})\s*(\?)?\s*([:,)=])/;

/** `undefined` where the code is no function, its first parameter has no type, or the type is not understood. */
export function inferInput(code: string): JsonSchema | undefined {
  const text = skipLeading(unfence(code));
  const found = head.exec(text);
  if (found === null || found[3] !== ":") return undefined;
  const reader = new TypeReader(text, found[0].length, localTypes(text));
  return reader.read();
}

/** Imports, comments and types may stand before the function. */
function skipLeading(text: string): string {
  const start = /^(?:export\s+default\b|(?:async\s*)?\(|(?:async\s+)?function\b|async\s+[\w$]+\s*=>)/m.exec(
    text,
  );
  return start === null ? text : text.slice(start.index) + "\n".repeat(1) + text.slice(0, start.index);
}

/** Interfaces and type aliases of the snippet's own, by name: where the text of each begins. */
function localTypes(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const match of text.matchAll(
    /^\s*(?:export\s+)?(?:interface\s+([\w$]+)\s*(?=\{)|type\s+([\w$]+)\s*=)/gm,
  ))
    found.set(match[1] ?? match[2] ?? "", match.index + match[0].length);
  return found;
}
