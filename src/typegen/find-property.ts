/** Finds what a schema, or one it inherits from, says of a property: what a `required` beside it refers to. */
import { isRecord } from "../schema/is-record.ts";
import type { ResolvedSchema, SchemaScope } from "../schema/resolve-ref.ts";
import { isSchema } from "../schema/resolve-ref.ts";
import type { SchemaObject } from "./schema-place.ts";
import { followRef } from "./schema-refs.ts";

/** Schemas looked into for one property. */
const maxVisits = 64;

/** Looks into `schemas` in order, each with what its `$ref` and `allOf` lead to. */
export function findProperty(
  name: string,
  schemas: readonly SchemaObject[],
  scope: SchemaScope,
): ResolvedSchema | undefined {
  const queue: ResolvedSchema[] = schemas.map((schema) => ({ schema, scope }));
  for (let at = 0; at < queue.length && at < maxVisits; at += 1) {
    const visited = queue[at];
    if (visited === undefined || !isRecord(visited.schema)) continue;
    const { properties, $ref: ref, allOf } = visited.schema;
    if (isRecord(properties) && Object.hasOwn(properties, name)) {
      const schema = properties[name];
      if (isSchema(schema)) return { schema, scope: visited.scope };
    }
    const target = typeof ref === "string" ? followRef(ref, visited.scope) : undefined;
    if (target !== undefined) queue.push(target);
    if (!Array.isArray(allOf)) continue;
    for (const part of allOf.slice(0, maxVisits))
      if (isSchema(part)) queue.push({ schema: part, scope: visited.scope });
  }
  return undefined;
}
