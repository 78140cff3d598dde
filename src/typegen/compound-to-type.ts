/**
 * What the combining keywords of a schema add to its own type: `allOf` (inheritance), `oneOf` and `anyOf`
 * (unions, tagged where a discriminator says so). Conditions are read in `condition-to-type`.
 */
import { isRecord } from "../schema/is-record.ts";
import type { SchemaScope } from "../schema/resolve-ref.ts";
import { intersectTypes, objectType, uniteTypes } from "./combine-types.ts";
import { conditionTypes } from "./condition-to-type.ts";
import { propertyFinder } from "./find-property.ts";
import { type SchemaConversion, type SchemaObject, type SchemaPlace, within } from "./schema-place.ts";
import { followRef } from "./schema-refs.ts";
import type { TypeId } from "./type-table.ts";

/** The types a value must have besides the schema's own. */
export function compoundTypes(
  conversion: SchemaConversion,
  schema: SchemaObject,
  place: SchemaPlace,
): TypeId[] {
  const types: TypeId[] = [];
  const inner = within(schema, place);
  const { allOf } = schema;
  if (Array.isArray(allOf)) for (const part of allOf) types.push(partType(conversion, part, inner));
  for (const keyword of ["oneOf", "anyOf"]) {
    const options = schema[keyword];
    if (!Array.isArray(options) || options.length === 0) continue;
    const tag = tagger(schema);
    types.push(
      uniteTypes(
        conversion.table,
        options.map((option) => optionType(conversion, option, tag, inner)),
      ),
    );
  }
  types.push(...conditionTypes(conversion, schema, place));
  return types;
}

/**
 * A parent that lists its children as options, and is inherited by them, would contain itself: what a child
 * takes from it is the rest.
 */
function partType(conversion: SchemaConversion, part: unknown, place: SchemaPlace): TypeId {
  const ref = isRecord(part) ? part["$ref"] : undefined;
  const target = typeof ref === "string" ? followRef(ref, place.scope) : undefined;
  if (target === undefined || !isRecord(target.schema)) return conversion.convert(part, place);
  const child = place.around[0];
  if (!["oneOf", "anyOf"].some((keyword) => listsOption(target.schema, keyword, child, target.scope))) {
    return conversion.convert(part, place);
  }
  const { oneOf: _one, anyOf: _any, discriminator: _tag, ...parent } = target.schema;
  return conversion.convert(parent, { ...place, scope: target.scope, around: [] });
}

function listsOption(
  parent: unknown,
  keyword: string,
  child: SchemaObject | undefined,
  scope: SchemaScope,
): boolean {
  const options = isRecord(parent) ? parent[keyword] : undefined;
  if (!Array.isArray(options)) return false;
  return options.some((option: unknown) => {
    const ref = isRecord(option) ? option["$ref"] : undefined;
    return typeof ref === "string" && followRef(ref, scope)?.schema === child;
  });
}

interface Tagger {
  readonly property: string;
  /** The values that mean the option a reference names. */
  valuesOf(ref: string): readonly string[];
}

/** Reads OpenAPI's `discriminator`: without a mapping, the name of the definition is the value. */
function tagger(schema: SchemaObject): Tagger | undefined {
  const { discriminator } = schema;
  if (!isRecord(discriminator) || typeof discriminator["propertyName"] !== "string") return undefined;
  const mapping = isRecord(discriminator["mapping"]) ? Object.entries(discriminator["mapping"]) : [];
  return {
    property: discriminator["propertyName"],
    valuesOf(ref) {
      const name = lastSegment(ref);
      const values = mapping
        .filter(([, to]) => typeof to === "string" && lastSegment(to) === name)
        .map(([value]) => value);
      return values.length > 0 || mapping.length > 0 ? values : [name];
    },
  };
}

function lastSegment(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}

function optionType(
  conversion: SchemaConversion,
  option: unknown,
  tag: Tagger | undefined,
  place: SchemaPlace,
): TypeId {
  const { table } = conversion;
  const type = conversion.convert(option, place);
  const ref = isRecord(option) ? option["$ref"] : undefined;
  if (tag === undefined || typeof ref !== "string" || !isRecord(option)) return type;
  const declared = propertyFinder([option], place.scope)(tag.property)?.schema;
  const saysItself =
    isRecord(declared) && (declared["const"] !== undefined || Array.isArray(declared["enum"]));
  const values = tag.valuesOf(ref);
  if (saysItself || values.length === 0) return type;
  const value = uniteTypes(
    table,
    values.map((text) => table.add({ kind: "literal", value: text })),
  );
  const mark = table.add(
    objectType(table, [{ name: tag.property, optional: false, type: value }], undefined),
  );
  return intersectTypes(table, [mark, type]);
}
