/**
 * The TypeScript type of a JSON value, as a reader of a part of it needs it for the whole: lists merged over their
 * items, missing keys optional. Long lists are looked at in steps, wide and deep types end in `…`.
 */
import type { ExactJson } from "../../spec/value.ts";

interface Shape {
  readonly scalars: Set<string>;
  /** Merged over all items seen. */
  items?: Shape;
  fields?: Map<string, Field>;
  /** Objects merged into `fields`. */
  objects: number;
}

interface Room {
  left: number;
  sampled: boolean;
}

interface Field {
  readonly shape: Shape;
  seen: number;
}

/** Values looked at; enough for the first and last of everything. */
const mostValues = 4_000;
const mostItems = 500;
const mostFields = 200;
const deepest = 8;

export interface ValueType {
  /** At most `characters` long. */
  readonly text: string;
  /** Not every value was looked at. */
  readonly sampled: boolean;
}

export function typeOfValue(value: ExactJson, characters: number): ValueType {
  const shape: Shape = { scalars: new Set(), objects: 0 };
  const room = { left: mostValues, sampled: false };
  merge(shape, value, room, 0);
  return { text: fitShape(shape, characters), sampled: room.sampled || room.left <= 0 };
}

function fitShape(shape: Shape, characters: number): string {
  for (const keys of [40, 20, 10, 5, 2]) {
    for (const levels of [deepest, 3, 2]) {
      const text = shapeToText(shape, keys, levels);
      if (text.length <= characters) return text;
    }
  }
  return shapeToText(shape, 1, 1).slice(0, characters);
}

function merge(shape: Shape, value: ExactJson, room: Room, level: number): void {
  room.left -= 1;
  if (typeof value !== "object" || value === null) {
    shape.scalars.add(value === null ? "null" : typeof value);
    return;
  }
  if (Array.isArray(value)) {
    shape.items ??= { scalars: new Set(), objects: 0 };
    if (level >= deepest) return;
    const step = Math.max(1, Math.ceil(value.length / mostItems));
    room.sampled ||= step > 1;
    for (let at = 0; at < value.length && room.left > 0; at += step)
      merge(shape.items, value[at] ?? null, room, level + 1);
    return;
  }
  shape.fields ??= new Map();
  shape.objects += 1;
  if (level >= deepest) return;
  for (const key of Object.keys(value)) {
    const known = shape.fields.get(key);
    if (known === undefined && shape.fields.size >= mostFields) continue;
    const field = known ?? { shape: { scalars: new Set<string>(), objects: 0 }, seen: 0 };
    if (known === undefined) shape.fields.set(key, field);
    field.seen += 1;
    merge(field.shape, value[key] ?? null, room, level + 1);
  }
}

function shapeToText(shape: Shape, keys: number, levels: number): string {
  const parts: string[] = [];
  if (shape.fields !== undefined) parts.push(fieldsToText(shape, keys, levels));
  if (shape.items !== undefined) {
    const item = shapeToText(shape.items, keys, levels);
    parts.push(item.includes(" | ") && !item.startsWith("{") ? `(${item})[]` : `${item}[]`);
  }
  parts.push(...shape.scalars);
  return parts.length === 0 ? "unknown" : parts.join(" | ");
}

function fieldsToText(
  { fields = new Map<string, Field>(), objects }: Shape,
  keys: number,
  levels: number,
): string {
  if (fields.size === 0) return "{}";
  if (levels <= 0) return "{ … }";
  const shown = [...fields].slice(0, keys).map(([key, { shape, seen }]) => {
    const name = /^[A-Za-z_$][\w$]{0,60}$/.test(key) ? key : JSON.stringify(key.slice(0, 60));
    return `${name}${seen < objects ? "?" : ""}: ${shapeToText(shape, keys, levels - 1)}`;
  });
  if (fields.size > keys) shown.push(`… ${fields.size - keys} more`);
  return `{ ${shown.join("; ")} }`;
}
