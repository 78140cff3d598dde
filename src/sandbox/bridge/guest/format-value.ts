/**
 * Shows a value on one line as a person would write it, within a number of characters, and never throws:
 * getters are not called, cycles are named, long things are counted instead of listed.
 */
import { snippetFrames } from "./snippet-position.ts";

const maxDepth = 5;
const maxEntries = 100;
const maxNestedString = 1_000;

/** The arguments of `console.log`: strings bare, `%s` and its kin filled in, the rest formatted. */
export function formatArguments(args: readonly unknown[], room: number): string {
  const [first, ...rest] = args;
  const pieces: string[] = [];
  let remaining: unknown[] = [...args];
  if (typeof first === "string" && first.length < 10_000 && first.includes("%")) {
    remaining = rest;
    pieces.push(fillTemplate(first, remaining, room));
  }
  let used = pieces[0]?.length ?? 0;
  for (const value of remaining) {
    if (used > room) break;
    const text =
      typeof value === "string" ? value.slice(0, room - used + 1) : formatValue(value, room - used);
    used += text.length + 1;
    pieces.push(text);
  }
  return pieces.join(" ");
}

/** Takes the values it uses from the front of `values`. */
function fillTemplate(template: string, values: unknown[], room: number): string {
  return template.replaceAll(/%[sdifjoOc%]/g, (mark) => {
    if (mark === "%%") return "%";
    if (values.length === 0) return mark;
    const value = values.shift();
    if (mark === "%c") return "";
    if (mark === "%s") return typeof value === "string" ? value : formatValue(value, room);
    if (mark === "%d" || mark === "%f") return `${toNumber(value)}`;
    return mark === "%i" ? `${Math.trunc(toNumber(value))}` : formatValue(value, room);
  });
}

function toNumber(value: unknown): number {
  return typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
}

export function formatValue(value: unknown, room: number): string {
  const show: Show = { left: room, ancestors: [] };
  const text = showValue(value, show, true);
  return text.length > room ? `${text.slice(0, Math.max(room, 0))}…` : text;
}

interface Show {
  left: number;
  readonly ancestors: object[];
}

function showValue(value: unknown, show: Show, top = false): string {
  const text = showAny(value, show, top);
  show.left -= text.length;
  return text;
}

function showAny(value: unknown, show: Show, top: boolean): string {
  switch (typeof value) {
    case "string":
      return top ? value.slice(0, show.left + 1) : showString(value);
    case "bigint":
      return `${value.toString().slice(0, 1_000)}n`;
    case "symbol":
      return value.toString();
    case "function":
      return showFunction(value);
    case "object":
      return value === null ? "null" : showObject(value, show);
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function showString(text: string): string {
  if (text.length <= maxNestedString) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, maxNestedString))}… ${text.length - maxNestedString} more characters`;
}

function showFunction(value: object): string {
  const name = ownData(value, "name");
  return typeof name === "string" && name !== "" ? `[Function ${name.slice(0, 100)}]` : "[Function]";
}

function showObject(value: object, show: Show): string {
  if (show.ancestors.includes(value)) return "[Circular]";
  show.ancestors.push(value);
  try {
    return showKind(value, show);
  } catch {
    return "[Unreadable]";
  } finally {
    show.ancestors.pop();
  }
}

function showKind(value: object, show: Show): string {
  if (value instanceof Error) return showError(value, show);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return "[Promise: await it to see its value]";
  if (ArrayBuffer.isView(value)) return `[${constructorName(value)} of ${value.byteLength} bytes]`;
  if (value instanceof ArrayBuffer) return `[ArrayBuffer of ${value.byteLength} bytes]`;
  const deep = show.ancestors.length > maxDepth;
  if (Array.isArray(value))
    return deep ? `[Array of ${value.length}]` : `[${showItems(value, value.length, show)}]`;
  if (value instanceof Set)
    return deep ? `[Set of ${value.size}]` : `Set {${showItems(value, value.size, show)}}`;
  if (value instanceof Map) return deep ? `[Map of ${value.size}]` : `Map {${showMap(value, show)}}`;
  if (value instanceof URL) return value.href;
  const name = constructorName(value);
  if (deep) return `[${name}]`;
  return `${name === "Object" ? "" : `${name} `}${showFields(value, show)}`;
}

function showError(error: Error, show: Show): string {
  const head = `${error.name}: ${error.message}`.slice(0, show.left + 1);
  const code = ownData(error, "code");
  const frames = show.ancestors.length > 1 ? [] : snippetFrames(error).slice(0, 5);
  return [typeof code === "string" ? `${head} [${code}]` : head, ...frames].join("\n");
}

function showItems(items: Iterable<unknown>, size: number, show: Show): string {
  const pieces: string[] = [];
  for (const item of items) {
    if (pieces.length === maxEntries || show.left <= 0) break;
    pieces.push(showValue(item, show));
  }
  return join(pieces, size);
}

function showMap(map: Map<unknown, unknown>, show: Show): string {
  const pieces: string[] = [];
  for (const [key, value] of map) {
    if (pieces.length === maxEntries || show.left <= 0) break;
    pieces.push(`${showValue(key, show)} => ${showValue(value, show)}`);
  }
  return join(pieces, map.size);
}

function showFields(value: object, show: Show): string {
  const keys = Object.keys(value);
  const pieces: string[] = [];
  for (const key of keys) {
    if (pieces.length === maxEntries || show.left <= 0) break;
    const field = Object.getOwnPropertyDescriptor(value, key);
    const text = field !== undefined && "value" in field ? showValue(field.value, show) : "[Getter]";
    pieces.push(`${/^[\w$]{1,100}$/.test(key) ? key : showString(key)}: ${text}`);
    show.left -= key.length;
  }
  return pieces.length === 0 && keys.length === 0 ? "{}" : `{ ${join(pieces, keys.length)} }`;
}

function join(pieces: readonly string[], size: number): string {
  const text = pieces.join(", ");
  if (size <= pieces.length) return text;
  return `${text}${pieces.length === 0 ? "" : ", "}… ${size - pieces.length} more`;
}

function constructorName(value: object): string {
  const prototype: object | null = Object.getPrototypeOf(value);
  const constructor = prototype === null ? undefined : ownData(prototype, "constructor");
  const name = typeof constructor === "function" ? ownData(constructor, "name") : undefined;
  return typeof name === "string" && name !== "" ? name.slice(0, 100) : "Object";
}

/** A field's value without calling a getter. */
function ownData(value: object, key: string): unknown {
  const field = Object.getOwnPropertyDescriptor(value, key);
  return field !== undefined && "value" in field ? field.value : undefined;
}
