/** Finds what a schema, or one it inherits from, says of a property: what a `required` beside it refers to. */
import { isRecord } from "../schema/is-record.ts";
import { isSchema, type ResolvedSchema, type SchemaScope } from "../schema/resolve-ref.ts";
import type { SchemaObject } from "./schema-place.ts";
import { followRef } from "./schema-refs.ts";

export type PropertyFinder = (name: string) => ResolvedSchema | undefined;

/** Schemas looked into for the properties of one value. */
const maxSchemas = 64;

/** Looks into `schemas` in order, and into what their `$ref` and `allOf` lead to; they are read when first asked. */
export function propertyFinder(schemas: readonly SchemaObject[], scope: SchemaScope): PropertyFinder {
  let holders: readonly Holder[] | undefined;
  return (name) => {
    holders ??= holdersIn(schemas, scope);
    const holder = holders.find(({ properties }) => Object.hasOwn(properties, name));
    const schema = holder?.properties[name];
    return holder === undefined || !isSchema(schema) ? undefined : { schema, scope: holder.scope };
  };
}

interface Holder {
  readonly properties: SchemaObject;
  readonly scope: SchemaScope;
}

function holdersIn(schemas: readonly SchemaObject[], scope: SchemaScope): readonly Holder[] {
  const holders: Holder[] = [];
  const queue: ResolvedSchema[] = schemas.map((schema) => ({ schema, scope }));
  for (let at = 0; at < queue.length && at < maxSchemas; at += 1) {
    const visited = queue[at];
    if (visited === undefined || !isRecord(visited.schema)) continue;
    const { properties, $ref: ref, allOf } = visited.schema;
    if (isRecord(properties)) holders.push({ properties, scope: visited.scope });
    const target = typeof ref === "string" ? followRef(ref, visited.scope) : undefined;
    if (target !== undefined) queue.push(target);
    if (!Array.isArray(allOf)) continue;
    for (const part of allOf.slice(0, maxSchemas))
      if (isSchema(part)) queue.push({ schema: part, scope: visited.scope });
  }
  return holders;
}
