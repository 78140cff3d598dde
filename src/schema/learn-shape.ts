/**
 * Learns the output type of a tool that states none from its real answers: property names, types and
 * optionality, merged over calls. No literal is ever kept; names that are data become a dictionary's, and of
 * what looks sensitive only the type remains. Keeping the schema, and marking it as observed, is left to
 * others.
 */
import type { JsonSchema, Value } from "../spec/value.ts";
import { isRecord } from "./is-record.ts";
import {
  anything,
  isAnything,
  maxNames,
  mergeShapes,
  scalarShape,
  type Shape,
  type ShapeType,
} from "./shape.ts";
import { valueToShape } from "./value-to-shape.ts";

const maxDepth = 8;
const maxNodes = 400;
const typeOrder: readonly ShapeType[] = ["object", "array", "string", "number", "integer", "boolean", "null"];

/**
 * The schema of all answers so far: `schema` is what this function returned before. Equal, to the order of
 * its keys, when the answer brings nothing new; each change widens it, and there is an end to changes. At
 * most 8 levels deep, 60 names an object, 400 subschemas in all.
 */
export function learnShape(schema: JsonSchema | undefined, value: Value): JsonSchema {
  const seen = valueToShape(value);
  const merged = schema === undefined ? seen : mergeShapes(schemaToShape(schema, 0), seen);
  return shapeToSchema(merged, 0, { left: maxNodes });
}

function shapeToSchema(shape: Shape, depth: number, budget: { left: number }): JsonSchema {
  budget.left -= 1;
  if (isAnything(shape) || depth > maxDepth || budget.left < 0) return {};
  const types = typeOrder.filter((type) => shape.types.has(type));
  const schema: Record<string, unknown> = { type: types.length === 1 ? types[0] : types };
  if (shape.isBinary) schema["format"] = "binary";
  if (shape.properties.size > 0) {
    const properties = [...shape.properties].map(([name, inner]) => [
      name,
      shapeToSchema(inner, depth + 1, budget),
    ]);
    schema["properties"] = Object.fromEntries(properties);
    const required = [...shape.properties.keys()].filter((name) => shape.required.has(name));
    if (required.length > 0) schema["required"] = required;
  }
  if (shape.additional !== undefined)
    schema["additionalProperties"] = shapeToSchema(shape.additional, depth + 1, budget);
  if (shape.items !== undefined) schema["items"] = shapeToSchema(shape.items, depth + 1, budget);
  return schema;
}

/** Reads back what `shapeToSchema` wrote, from a file that anyone may have edited: what is odd is anything. */
function schemaToShape(schema: unknown, depth: number): Shape {
  if (!isRecord(schema) || depth > maxDepth) return anything;
  const stated: readonly unknown[] = Array.isArray(schema["type"]) ? schema["type"] : [schema["type"]];
  const types = typeOrder.filter((type) => stated.includes(type));
  if (types.length === 0) return anything;
  const properties = new Map<string, Shape>();
  const named = isRecord(schema["properties"]) ? Object.entries(schema["properties"]).slice(0, maxNames) : [];
  for (const [name, inner] of named) properties.set(name, schemaToShape(inner, depth + 1));
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const inside = (keyword: string): Shape | undefined =>
    isRecord(schema[keyword]) ? schemaToShape(schema[keyword], depth + 1) : undefined;
  return {
    ...scalarShape(types[0] ?? "null"),
    types: new Set(types),
    properties,
    required: new Set([...properties.keys()].filter((name) => required.includes(name))),
    additional: inside("additionalProperties"),
    items: inside("items"),
    isBinary: schema["format"] === "binary",
  };
}
