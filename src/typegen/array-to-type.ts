/**
 * The type of an array schema: lists and tuples, in the words of every draft (`prefixItems`, or `items` as a
 * list with `additionalItems`).
 */
import type { SchemaConversion, SchemaObject, SchemaPlace } from "./schema-place.ts";
import type { TypeId } from "./type-table.ts";

/** Longer tuples are declared as lists of any of their items. */
const maxTuple = 64;

export function arrayToType(conversion: SchemaConversion, schema: SchemaObject, place: SchemaPlace): TypeId {
  const { table } = conversion;
  const inner = { ...place, name: singular(place.name), around: [], isWhole: false };
  const { prefixItems, items } = schema;
  const prefix = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : undefined;
  if (prefix === undefined || prefix.length === 0 || prefix.length > maxTuple) {
    return table.add({
      kind: "array",
      item: items === undefined ? table.word("any") : conversion.convert(items, inner),
    });
  }
  const further = Array.isArray(prefixItems) ? items : schema["additionalItems"];
  const { minItems, maxItems } = schema;
  const isClosed = further === false || (typeof maxItems === "number" && maxItems <= prefix.length);
  return table.add({
    kind: "tuple",
    items: prefix.map((item) => conversion.convert(item, inner)),
    // Strictly every item may be missing; whoever writes a tuple without `minItems` means all of them.
    required:
      typeof minItems === "number"
        ? Math.max(0, Math.min(Math.floor(minItems), prefix.length))
        : prefix.length,
    rest: isClosed ? undefined : conversion.convert(further ?? true, inner),
  });
}

function singular(name: string): string {
  if (/ies$/i.test(name)) return `${name.slice(0, -3)}y`;
  if (/(ss|us|is)$/i.test(name)) return name;
  if (/(ses|xes|ches|shes)$/i.test(name)) return name.slice(0, -2);
  return /s$/i.test(name) && name.length > 3 ? name.slice(0, -1) : name;
}
