/**
 * The type of an object schema: properties, which of them are required, which may be sent or received, and
 * what further properties may hold.
 */
import { isRecord } from "../schema/is-record.ts";
import { bare, objectType, uniteTypes } from "./combine-types.ts";
import { propertyFinder } from "./find-property.ts";
import { followRef } from "./schema-refs.ts";
import type { SchemaConversion, SchemaObject, SchemaPlace } from "./schema-place.ts";
import type { TypeId, TypeProperty } from "./type-table.ts";

export function objectToType(conversion: SchemaConversion, schema: SchemaObject, place: SchemaPlace): TypeId {
  const { table } = conversion;
  const inner = { ...place, around: [], isWhole: false };
  const required = requiredNames(schema);
  const declared = isRecord(schema["properties"]) ? schema["properties"] : {};
  const properties = new Map<string, TypeProperty>();
  const declare = (name: string, property: unknown): void => {
    const isRequired = required.has(name) || (isRecord(property) && property["required"] === true);
    const carried = carriage(property, place);
    if (carried === "no" || (carried === "perhaps" && !isRequired)) return;
    const optional = !isRequired || carried === "perhaps";
    properties.set(name, { name, optional, type: conversion.convert(property, { ...inner, name }) });
  };
  for (const [name, property] of Object.entries(declared)) declare(name, property);
  const find = propertyFinder([schema, ...place.around], place.scope);
  for (const name of required) {
    if (Object.hasOwn(declared, name)) continue;
    const found = find(name);
    if (found !== undefined && carriage(found.schema, place) !== "yes") continue;
    const type =
      found === undefined
        ? table.word("any")
        : conversion.convert(found.schema, { ...inner, name, scope: found.scope });
    properties.set(name, { name, optional: false, type: bare(table, type) });
  }
  const further = furtherProperties(conversion, schema, inner);
  for (const name of keysOf(schema)) {
    if (!properties.has(name))
      properties.set(name, { name, optional: !required.has(name), type: further ?? table.word("any") });
  }
  const index = keysOf(schema).length > 0 ? undefined : further;
  const isUnsaid =
    properties.size === 0 &&
    index === undefined &&
    (place.direction === "output" || !isRecord(schema["properties"]));
  return table.add(objectType(table, [...properties.values()], isUnsaid ? table.word("any") : index));
}

function requiredNames(schema: SchemaObject): ReadonlySet<string> {
  const { required } = schema;
  return new Set(Array.isArray(required) ? required.filter((name) => typeof name === "string") : []);
}

/**
 * Whether a property goes in the direction at all. The parameters of a tool itself do, whatever the schema
 * they borrow says. Where only a definition that the property borrows is read-only, a request that asks for
 * the property means it, and it can be sent.
 */
function carriage(property: unknown, { direction, isWhole, scope }: SchemaPlace): "yes" | "no" | "perhaps" {
  if (!isRecord(property) || (direction === "input" && isWhole)) return "yes";
  const keyword = direction === "input" ? "readOnly" : "writeOnly";
  if (property[keyword] === true) return "no";
  const { $ref: ref } = property;
  const target = typeof ref === "string" ? followRef(ref, scope)?.schema : undefined;
  return isRecord(target) && target[keyword] === true ? "perhaps" : "yes";
}

/** The names a map is limited to by `propertyNames`, when it lists them. */
function keysOf(schema: SchemaObject): readonly string[] {
  const names = schema["propertyNames"];
  if (!isRecord(names) || !Array.isArray(names["enum"]) || names["enum"].length > 200) return [];
  return names["enum"].filter((name) => typeof name === "string");
}

/** `undefined` when nothing is said, or when there may be none beside those declared. */
function furtherProperties(
  conversion: SchemaConversion,
  schema: SchemaObject,
  place: SchemaPlace,
): TypeId | undefined {
  const { table } = conversion;
  const types: TypeId[] = [];
  const { patternProperties } = schema;
  if (isRecord(patternProperties)) {
    for (const pattern of Object.values(patternProperties)) types.push(conversion.convert(pattern, place));
  }
  const additional = schema["additionalProperties"] ?? schema["unevaluatedProperties"];
  if (additional !== undefined && additional !== false) types.push(conversion.convert(additional, place));
  if (types.length > 0) return uniteTypes(table, types);
  const declaresNone = !isRecord(schema["properties"]) || Object.keys(schema["properties"]).length === 0;
  return additional === false && declaresNone ? table.word("never") : undefined;
}
