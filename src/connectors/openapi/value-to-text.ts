/**
 * One value as the text that goes into a URL, a header or a form field. Bytes and other structures that have
 * no such text are written as JSON.
 */
import type { Value } from "../../spec/value.ts";
import { valueToJson } from "./value-to-json.ts";

/** A list of texts, or names with texts, or one text; `undefined` for what is not sent at all. */
export type TextShape =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "map"; readonly entries: readonly (readonly [name: string, text: string])[] };

/** `null` and `undefined` are not sent, nor are empty lists and objects (RFC 6570, 2.3). */
export function toTextShape(value: Value): TextShape | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Set) return toTextShape([...value]);
  if (Array.isArray(value)) {
    const items = value.filter(isSent).map(valueToText);
    return items.length === 0 ? undefined : { kind: "list", items };
  }
  const entries = entriesOf(value);
  if (entries === undefined) return { kind: "text", text: valueToText(value) };
  const texts = entries
    .filter(([, member]) => isSent(member))
    .map(([name, member]) => [name, valueToText(member)] as const);
  return texts.length === 0 ? undefined : { kind: "map", entries: texts };
}

export function valueToText(value: Value): string {
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object" && value !== null) return valueToJson(value);
  return String(value);
}

/** The members of an object or Map; `undefined` for every other value. */
export function entriesOf(value: Value): [string, Value][] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  if (value instanceof Map) return [...value].map(([key, member]) => [valueToText(key), member]);
  if (value instanceof Date || value instanceof Uint8Array || value instanceof Set) return undefined;
  return Object.entries(value);
}

export function isSent(value: Value): boolean {
  return value !== undefined && value !== null;
}
