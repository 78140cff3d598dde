/**
 * Fingerprints what a document says of each operation, for pinning: the operation as received, and the shared
 * schemas that its arguments refer to at any depth. Answers are not part of it, so that a change somewhere in
 * what an API returns does not look like a change of what is asked of it.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../../schema/canonical-json.ts";
import type { JsonSchema } from "../../spec/value.ts";
import type { JsonRecord } from "./parse-document.ts";

export interface Digestible {
  readonly raw: JsonRecord;
  readonly input: JsonSchema;
}

/** SHA-256 (hex) of each tool, in order. */
export function digestTools(
  tools: readonly Digestible[],
  definitions: ReadonlyMap<string, unknown>,
): string[] {
  const known = new Map<string, { readonly digest: string; readonly refs: readonly string[] }>();
  for (const [name, definition] of definitions) {
    const text = canonicalJson(definition);
    known.set(name, { digest: sha256(text), refs: refsIn(text) });
  }
  return tools.map(({ raw, input }) => {
    const reached = new Set<string>();
    const open = refsIn(JSON.stringify(input));
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      open.push(...(known.get(name)?.refs ?? []));
    }
    const schemas = [...reached].sort().map((name) => known.get(name)?.digest ?? name);
    return sha256([canonicalJson(raw), ...schemas].join("\n"));
  });
}

function refsIn(text: string): string[] {
  return [...text.matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map(([, name]) => name ?? "");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
