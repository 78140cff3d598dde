/**
 * Finds what a schema says of one property of the value it describes, wherever it says it: beside, behind a
 * reference, or in a branch of `allOf`, `anyOf` or `oneOf`. Documents often require a name in one place and
 * describe it in another.
 */
import { isRecord } from "./is-record.ts";
import { isSchema } from "./resolve-ref.ts";
import type { SchemaPlace, SchemaWalk } from "./schema-walk.ts";
import type { JsonSchema } from "../spec/value.ts";

const maxDepth = 6;

/** The first statement met, looking at the schema itself and at those evaluated on the same value around it. */
export function findProperty(
  walk: SchemaWalk,
  schema: JsonSchema,
  name: string,
  at: SchemaPlace,
): JsonSchema | undefined {
  const inside = look(walk, schema, name, { at, depth: 0 });
  if (inside !== undefined) return inside;
  for (let outer = at.active; outer !== undefined; outer = outer.outer) {
    const around = isSchema(outer.schema) ? look(walk, outer.schema, name, { at, depth: 0 }) : undefined;
    if (around !== undefined) return around;
  }
  return undefined;
}

function look(
  walk: SchemaWalk,
  schema: JsonSchema,
  name: string,
  { at, depth }: { at: SchemaPlace; depth: number },
): JsonSchema | undefined {
  if (typeof schema === "boolean" || depth > maxDepth || !walk.spend(1)) return undefined;
  const { properties } = schema;
  if (isRecord(properties) && Object.hasOwn(properties, name) && isSchema(properties[name]))
    return properties[name];
  const target =
    typeof schema["$ref"] === "string" ? walk.resolve(schema["$ref"], at.scope)?.schema : undefined;
  const branches = [
    target,
    ...listOf(schema["allOf"]),
    ...listOf(schema["oneOf"]),
    ...listOf(schema["anyOf"]),
  ];
  for (const branch of branches) {
    const found = isSchema(branch) ? look(walk, branch, name, { at, depth: depth + 1 }) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function listOf(branches: unknown): readonly unknown[] {
  return Array.isArray(branches) ? branches : [];
}
