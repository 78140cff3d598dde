/** The type that a schema's own keywords state: `const`, `enum`, `type` and what goes with each type. */
import { arrayToType } from "./array-to-type.ts";
import { uniteTypes } from "./combine-types.ts";
import { objectToType } from "./object-to-type.ts";
import type { SchemaConversion, SchemaObject, SchemaPlace } from "./schema-place.ts";
import type { TypeId, TypeTable } from "./type-table.ts";
import { valueToType } from "./value-to-type.ts";

/** `any` when the keywords state none. */
export function ownType(conversion: SchemaConversion, schema: SchemaObject, place: SchemaPlace): TypeId {
  const { table } = conversion;
  if (schema["const"] !== undefined) return valueToType(table, schema["const"]);
  if (Array.isArray(schema["enum"]) && schema["enum"].length > 0) {
    return uniteTypes(
      table,
      schema["enum"].map((value) => valueToType(table, value)),
    );
  }
  const types = statedTypes(schema);
  if (types.length === 0) return table.word("any");
  return uniteTypes(
    table,
    types.map((type) => typed(conversion, type, { schema, place })),
  );
}

/** Keywords whose presence means an object where `type` is missing. */
const objectKeywords = [
  "properties",
  "required",
  "additionalProperties",
  "patternProperties",
  "propertyNames",
];

function statedTypes(schema: SchemaObject): readonly unknown[] {
  const { type } = schema;
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return [...new Set(type)];
  if (objectKeywords.some((keyword) => schema[keyword] !== undefined)) return ["object"];
  if (schema["items"] !== undefined || schema["prefixItems"] !== undefined) return ["array"];
  return schema["format"] === "binary" ? ["string"] : [];
}

interface Stated {
  readonly schema: SchemaObject;
  readonly place: SchemaPlace;
}

function typed(conversion: SchemaConversion, type: unknown, { schema, place }: Stated): TypeId {
  const { table } = conversion;
  switch (type) {
    case "string":
      return schema["format"] === "binary" ? bytes(table, place) : table.word("string");
    case "file":
      return bytes(table, place);
    case "number":
    case "boolean":
    case "null":
      return table.word(type);
    case "integer":
      return table.word("int");
    case "array":
      return arrayToType(conversion, schema, place);
    case "object":
      return objectToType(conversion, schema, place);
    default:
      return table.word("any");
  }
}

/** Sent as bytes or as text, received as bytes. */
function bytes(table: TypeTable, { direction }: SchemaPlace): TypeId {
  const array = table.word("Uint8Array");
  return direction === "input" ? uniteTypes(table, [array, table.word("string")]) : array;
}
