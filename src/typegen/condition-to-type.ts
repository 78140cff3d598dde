/**
 * What `if`/`then`/`else` and `dependentSchemas` add to a type. A condition on a property whose values are
 * listed becomes a union told apart by it; of any other condition the properties are kept, all optional, and
 * the validator enforces the rest.
 */
import { isRecord } from "../schema/is-record.ts";
import { bare, intersectTypes, objectType, uniteTypes } from "./combine-types.ts";
import { propertyFinder } from "./find-property.ts";
import { type SchemaConversion, type SchemaObject, type SchemaPlace, within } from "./schema-place.ts";
import type { TypeId, TypeProperty } from "./type-table.ts";
import { valueToType } from "./value-to-type.ts";

/** Values of a property by which types are told apart; every condition repeats them. */
const maxListed = 50;

export function conditionTypes(
  conversion: SchemaConversion,
  schema: SchemaObject,
  place: SchemaPlace,
): TypeId[] {
  const types: TypeId[] = [];
  const inner = within(schema, place);
  const { then: consequence, else: alternative } = schema;
  if (isRecord(schema["if"]) && (isRecord(consequence) || isRecord(alternative))) {
    const told = toldApart(conversion, schema["if"], inner);
    if (told === undefined) types.push(...mentioned(conversion, [consequence, alternative], inner));
    else {
      const branches = [
        intersectTypes(conversion.table, [told.when, conversion.convert(consequence ?? true, inner)]),
        intersectTypes(conversion.table, [told.otherwise, conversion.convert(alternative ?? true, inner)]),
      ];
      types.push(uniteTypes(conversion.table, branches));
    }
  }
  const dependent = schema["dependentSchemas"];
  if (isRecord(dependent)) types.push(...mentioned(conversion, Object.values(dependent), inner));
  return types;
}

interface ToldApart {
  readonly when: TypeId;
  readonly otherwise: TypeId;
}

/** The two halves of a listed property, where the condition is on nothing else. */
function toldApart(
  { table }: SchemaConversion,
  condition: SchemaObject,
  place: SchemaPlace,
): ToldApart | undefined {
  const entries = isRecord(condition["properties"]) ? Object.entries(condition["properties"]) : [];
  const isOnlyThis = Object.keys(condition).every((keyword) =>
    ["type", "properties", "required"].includes(keyword),
  );
  const [name, wanted] = entries[0] ?? [];
  if (!isOnlyThis || entries.length !== 1 || name === undefined) return undefined;
  const chosen = listed(wanted);
  const all = listed(propertyFinder(place.around, place.scope)(name)?.schema);
  const required = condition["required"];
  const isRequired = Array.isArray(required) && required.includes(name);
  if (chosen === undefined || all === undefined) return undefined;
  const rest = all.filter((value) => !chosen.includes(value));
  const half = (values: readonly unknown[], optional: boolean): TypeId => {
    const type = uniteTypes(
      table,
      values.map((value) => valueToType(table, value)),
    );
    return table.add(objectType(table, [{ name, optional, type }], undefined));
  };
  // Where the property is missing the condition holds, unless it asks for the property.
  return { when: half(chosen, !isRequired), otherwise: half(rest, isRequired) };
}

function listed(schema: unknown): readonly unknown[] | undefined {
  if (!isRecord(schema)) return undefined;
  if (schema["const"] !== undefined) return [schema["const"]];
  return Array.isArray(schema["enum"]) && schema["enum"].length <= maxListed ? schema["enum"] : undefined;
}

/** The properties that only the branches know, as optional ones. */
function mentioned(conversion: SchemaConversion, branches: readonly unknown[], place: SchemaPlace): TypeId[] {
  const { table } = conversion;
  const find = propertyFinder(place.around, place.scope);
  const found = new Map<string, TypeId[]>();
  for (const branch of branches) {
    if (!isRecord(branch) || !isRecord(branch["properties"])) continue;
    for (const [name, property] of Object.entries(branch["properties"])) {
      if (find(name) !== undefined) continue;
      const type = conversion.convert(property, { ...place, name, around: [] });
      found.set(name, [...(found.get(name) ?? []), type]);
    }
  }
  const properties: TypeProperty[] = [...found].map(([name, types]) => ({
    name,
    optional: true,
    type:
      types.length === 1 && types[0] !== undefined
        ? types[0]
        : uniteTypes(
            table,
            types.map((type) => bare(table, type)),
          ),
  }));
  return properties.length === 0 ? [] : [table.add(objectType(table, properties, undefined))];
}
