/**
 * A key that is equal for recursive schemas that mean the same, so that the tools of a source which each
 * carry their own copy share one type.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../schema/canonical-json.ts";
import type { SchemaScope } from "../schema/resolve-ref.ts";
import type { JsonSchema } from "../spec/value.ts";
import { followRef, schemaFacts } from "./schema-refs.ts";

/** Characters of JSON looked at for one key; a larger schema is shared with nobody. */
const maxLength = 256 * 1024;

/** `undefined` when the schema is too large to compare, or no JSON. */
export function recursionKey(schema: JsonSchema, scope: SchemaScope): string | undefined {
  const hash = createHash("sha256");
  const queue: { readonly ref: string; readonly schema: JsonSchema; readonly scope: SchemaScope }[] = [
    { ref: "", schema, scope },
  ];
  const seen = new Set<string>();
  let length = 0;
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const text = jsonOf(at.schema);
    length += text?.length ?? Infinity;
    if (text === undefined || length > maxLength) return undefined;
    hash.update(`${at.ref}\n${text}\n`);
    for (const ref of schemaFacts(at.schema).refs) {
      const target = followRef(ref, at.scope);
      if (target === undefined || seen.has(ref)) continue;
      seen.add(ref);
      // A shared definition is known by its name.
      if (target.definition === undefined) queue.push({ ref, schema: target.schema, scope: target.scope });
    }
  }
  return hash.digest("hex");
}

function jsonOf(schema: JsonSchema): string | undefined {
  try {
    return canonicalJson(schema);
  } catch {
    return undefined;
  }
}
