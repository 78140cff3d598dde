/** The type that admits exactly one JSON value: what `const` and each value of `enum` mean. */
import { isRecord } from "../schema/is-record.ts";
import type { TypeId, TypeTable } from "./type-table.ts";

const maxDepth = 8;

/** A literal type; past eight levels of nesting, and for numbers no literal can write, a wider one. */
export function valueToType(table: TypeTable, value: unknown, depth = 0): TypeId {
  if (value === null) return table.word("null");
  if (typeof value === "string" || typeof value === "boolean") return table.add({ kind: "literal", value });
  if (typeof value === "number") {
    return Number.isFinite(value)
      ? table.add({ kind: "literal", value: value === 0 ? 0 : value })
      : table.word("number");
  }
  if (depth >= maxDepth) return table.word("any");
  if (Array.isArray(value)) {
    const items = value.map((item) => valueToType(table, item, depth + 1));
    return table.add({ kind: "tuple", items, required: items.length, rest: undefined });
  }
  if (!isRecord(value)) return table.word("any");
  const properties = Object.entries(value).map(([name, inner]) => ({
    name,
    optional: false,
    type: valueToType(table, inner, depth + 1),
  }));
  return table.add({
    kind: "object",
    bases: [],
    properties,
    index: properties.length === 0 ? table.word("never") : undefined,
  });
}
