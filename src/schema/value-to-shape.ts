/**
 * The shape of one value. Looks at a bounded part of it: items from the beginning and the end of long
 * arrays, so many levels deep, so many values in all.
 */
import type { Value } from "../spec/value.ts";
import { isDataKey, isSensitiveKey } from "./data-key.ts";
import {
  anything,
  arrayShape,
  isAnything,
  mergeOptional,
  objectShape,
  scalarShape,
  type Shape,
} from "./shape.ts";

const maxDepth = 8;
const maxValues = 5_000;
const maxItems = 40;
const maxKeys = 400;

export function valueToShape(value: Value): Shape {
  return shapeOf(value, 0, { left: maxValues });
}

function shapeOf(value: Value, depth: number, budget: { left: number }): Shape {
  budget.left -= 1;
  if (budget.left < 0 || depth > maxDepth) return anything;
  if (value === null) return scalarShape("null");
  switch (typeof value) {
    case "boolean":
    case "string":
      return scalarShape(typeof value as "boolean" | "string");
    case "number":
      return scalarShape(Number.isInteger(value) ? "integer" : "number");
    case "bigint":
      return scalarShape("integer");
    case "object":
      return shapeOfObject(value, depth, budget);
    default:
      return anything;
  }
}

function shapeOfObject(
  value: Exclude<Value, null | undefined | boolean | number | string | bigint>,
  depth: number,
  budget: { left: number },
): Shape {
  if (value instanceof Date) return scalarShape("string");
  if (value instanceof Uint8Array) return scalarShape("string", true);
  if (Array.isArray(value)) return arrayShape(mergeAll(someOf(value), depth, budget));
  if (value instanceof Set) return arrayShape(mergeAll(someOf([...value]), depth, budget));
  if (value instanceof Map)
    return objectShape(new Map(), new Set(), mergeAll(someOf([...value.values()]), depth, budget));
  const properties = new Map<string, Shape>();
  let additional: Shape | undefined;
  for (const [key, item] of Object.entries(value).slice(0, maxKeys)) {
    if (item === undefined) continue;
    const shape = isSensitiveKey(key) ? typeOnly(item) : shapeOf(item, depth + 1, budget);
    if (isDataKey(key)) additional = mergeOptional(additional, shape);
    else properties.set(key, shape);
  }
  return objectShape(properties, new Set(properties.keys()), additional);
}

function mergeAll(items: readonly Value[], depth: number, budget: { left: number }): Shape | undefined {
  let merged: Shape | undefined;
  for (const item of items) {
    const shape = item === undefined ? scalarShape("null") : shapeOf(item, depth + 1, budget);
    // What the budget did not reach must not make anything of what it did.
    if (isAnything(shape) && merged !== undefined && budget.left < 0) break;
    merged = mergeOptional(merged, shape);
  }
  return merged;
}

function someOf(items: readonly Value[]): readonly Value[] {
  if (items.length <= maxItems) return items;
  return [...items.slice(0, maxItems / 2), ...items.slice(-maxItems / 2)];
}

function typeOnly(value: Value): Shape {
  const shape = shapeOf(value, maxDepth, { left: 1 });
  return shape.types.has("object")
    ? objectShape(new Map(), new Set(), undefined)
    : shape.types.has("array")
      ? arrayShape(undefined)
      : shape;
}
