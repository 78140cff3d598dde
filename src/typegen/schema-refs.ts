/** Finds the references inside a schema, whatever its depth, without entering what stands behind them. */
import { isRecord } from "../schema/is-record.ts";
import { resolveRef, type ResolvedSchema, type SchemaScope } from "../schema/resolve-ref.ts";
import type { JsonSchema } from "../spec/value.ts";

export interface SchemaFacts {
  readonly refs: ReadonlySet<string>;
  /** It means another thing when sent than when received: a read-only property, bytes. */
  readonly isDirectional: boolean;
}

export function schemaFacts(schema: unknown): SchemaFacts {
  const refs = new Set<string>();
  const seen = new Set<object>();
  let isDirectional = false;
  const queue: unknown[] = [schema];
  for (let at = queue.pop(); queue.length > 0 || at !== undefined; at = queue.pop()) {
    if (typeof at !== "object" || at === null || seen.has(at)) continue;
    seen.add(at);
    if (isRecord(at)) {
      if (typeof at["$ref"] === "string") refs.add(at["$ref"]);
      if (at["readOnly"] === true || at["writeOnly"] === true || at["format"] === "binary")
        isDirectional = true;
    }
    for (const inner of Object.values(at)) if (typeof inner === "object" && inner !== null) queue.push(inner);
  }
  return { refs, isDirectional };
}

/** The names of the definitions that mean another thing when sent than when received, or lead to one that does. */
export function directionalDefinitions(definitions: {
  readonly [name: string]: JsonSchema;
}): ReadonlySet<string> {
  const users = new Map<string, string[]>();
  const found = new Set<string>();
  for (const [name, schema] of Object.entries(definitions)) {
    const facts = schemaFacts(schema);
    if (facts.isDirectional) found.add(name);
    for (const ref of facts.refs) {
      const used = resolveRef(ref, { root: schema, definitions })?.definition;
      if (used === undefined) continue;
      const known = users.get(used);
      if (known === undefined) users.set(used, [name]);
      else known.push(name);
    }
  }
  for (const name of found) for (const user of users.get(name) ?? []) found.add(user);
  return found;
}

/** What a chain of references ends at; `undefined` for a broken, remote or endless one. */
export function followRef(ref: string, scope: SchemaScope): ResolvedSchema | undefined {
  const seen = new Set<unknown>();
  let target = resolveRef(ref, scope);
  while (target !== undefined && isRecord(target.schema)) {
    const next = target.schema["$ref"];
    const isAlias = typeof next === "string" && Object.keys(target.schema).length === 1;
    if (!isAlias) return target;
    if (seen.has(target.schema)) return undefined;
    seen.add(target.schema);
    target = resolveRef(next, target.scope);
  }
  return target;
}
