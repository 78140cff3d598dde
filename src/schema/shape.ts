/**
 * The shape of values as far as it is learned: types, property names and which of them are always there.
 * Never a literal. Merging shapes only widens them, so that learning comes to rest.
 */

export type ShapeType = "null" | "boolean" | "integer" | "number" | "string" | "object" | "array";

export interface Shape {
  /** Empty: anything. */
  readonly types: ReadonlySet<ShapeType>;
  readonly properties: ReadonlyMap<string, Shape>;
  /** Names that every object seen had. */
  readonly required: ReadonlySet<string>;
  /** Of properties whose names are data. */
  readonly additional: Shape | undefined;
  /** `undefined` until an item was seen. */
  readonly items: Shape | undefined;
  /** The strings stand for bytes. */
  readonly isBinary: boolean;
}

/** Objects with more names than these are remembered only in part. */
export const maxNames = 60;
const manyNames = 30;
const none: ReadonlyMap<string, Shape> = new Map();
const noNames: ReadonlySet<string> = new Set();

export function scalarShape(type: ShapeType, isBinary = false): Shape {
  return {
    types: new Set([type]),
    properties: none,
    required: noNames,
    additional: undefined,
    items: undefined,
    isBinary,
  };
}

export const anything: Shape = {
  types: new Set(),
  properties: none,
  required: noNames,
  additional: undefined,
  items: undefined,
  isBinary: false,
};

export function arrayShape(items: Shape | undefined): Shape {
  return { ...scalarShape("array"), items };
}

export function objectShape(
  properties: ReadonlyMap<string, Shape>,
  required: ReadonlySet<string>,
  additional: Shape | undefined,
): Shape {
  return settleNames({ ...scalarShape("object"), properties, required, additional });
}

export function isAnything(shape: Shape): boolean {
  return shape.types.size === 0;
}

/** The narrowest shape that covers both; equal to `a` where `b` brings nothing new. */
export function mergeShapes(a: Shape, b: Shape): Shape {
  if (isAnything(a) || isAnything(b)) return anything;
  const types = new Set([...a.types, ...b.types]);
  if (types.has("number")) types.delete("integer");
  const merged: Shape = {
    types,
    properties: mergeProperties(a.properties, b.properties),
    required: requiredOfBoth(a, b),
    additional: mergeOptional(a.additional, b.additional),
    items: mergeOptional(a.items, b.items),
    isBinary: a.isBinary || b.isBinary,
  };
  const [first, second] = [isDictionary(a), isDictionary(b)];
  return first || second ? foldNames(merged) : settleNames(merged);
}

function requiredOfBoth(a: Shape, b: Shape): ReadonlySet<string> {
  // A value that is no object says nothing of an object's properties.
  if (!a.types.has("object")) return b.required;
  if (!b.types.has("object")) return a.required;
  return new Set([...a.required].filter((name) => b.required.has(name)));
}

function mergeProperties(a: Shape["properties"], b: Shape["properties"]): Shape["properties"] {
  const merged = new Map(a);
  for (const [name, shape] of b) merged.set(name, mergeOptional(a.get(name), shape) ?? shape);
  return merged;
}

export function mergeOptional(a: Shape | undefined, b: Shape | undefined): Shape | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return mergeShapes(a, b);
}

function isDictionary(shape: Shape): boolean {
  return shape.types.has("object") && shape.additional !== undefined && shape.properties.size === 0;
}

/** All names were data. */
function foldNames(shape: Shape): Shape {
  let { additional } = shape;
  for (const property of shape.properties.values()) additional = mergeOptional(additional, property);
  return { ...shape, properties: none, required: noNames, additional };
}

/** Many names of one kind of value are a dictionary's; too many of several kinds are cut. */
function settleNames(shape: Shape): Shape {
  if (shape.properties.size > manyNames && isOneKind([...shape.properties.values()])) return foldNames(shape);
  if (shape.properties.size <= maxNames) return shape;
  const properties = new Map([...shape.properties].slice(0, maxNames));
  return {
    ...shape,
    properties,
    required: new Set([...shape.required].filter((name) => properties.has(name))),
    additional: anything,
  };
}

function isOneKind(shapes: readonly Shape[]): boolean {
  const first = shapes.find((shape) => !shape.types.has("null"));
  if (first === undefined) return true;
  return shapes.every((shape) => {
    const types = [...shape.types].filter((type) => type !== "null");
    if (!types.every((type) => first.types.has(type))) return false;
    if (!first.types.has("object") || shape.properties.size === 0)
      return first.properties.size === 0 || types.length === 0;
    const shared = [...shape.properties.keys()].filter((name) => first.properties.has(name)).length;
    return shared * 2 >= first.properties.size;
  });
}
