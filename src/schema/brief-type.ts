/**
 * Names a schema's type in a few characters, for sentences such as "expected string | null". The exact and
 * complete types are typegen's.
 */
import type { JsonSchema } from "../spec/value.ts";
import { isRecord } from "./is-record.ts";
import { isSchema, resolveRef, type SchemaScope } from "./resolve-ref.ts";
import { cut } from "./validation-problem.ts";

const maxLength = 90;
const maxMembers = 8;
const maxHops = 4;

/** TypeScript-like text of at most 90 characters; what does not fit is cut with `…`. */
export function briefType(schema: JsonSchema, scope: SchemaScope): string {
  return cut(nameType(schema, scope, 0), maxLength);
}

function nameType(schema: JsonSchema, scope: SchemaScope, hops: number): string {
  if (typeof schema === "boolean") return schema ? "any" : "never";
  const base = nameBase(schema, scope, hops);
  const nullable = schema["nullable"] === true || schema["x-nullable"] === true;
  return nullable && base !== "any" && !base.split(" | ").includes("null") ? `${base} | null` : base;
}

function nameBase(schema: { readonly [keyword: string]: unknown }, scope: SchemaScope, hops: number): string {
  if (hops > maxHops) return "…";
  if (typeof schema["$ref"] === "string") return nameRef(schema["$ref"], scope, hops);
  if (schema["const"] !== undefined) return literal(schema["const"]);
  if (Array.isArray(schema["enum"])) return union(schema["enum"].map(literal));
  const members = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(members))
    return union(members.filter(isSchema).map((member) => nameType(member, scope, hops + 1)));
  const type = schema["type"];
  if (Array.isArray(type)) return union(type.map((one) => nameOneType(one, schema, scope, hops)));
  if (type !== undefined) return nameOneType(type, schema, scope, hops);
  if (Array.isArray(schema["allOf"])) {
    const named = schema["allOf"].filter(isSchema).map((member) => nameType(member, scope, hops + 1));
    return named.find((name) => name !== "any" && name !== "object") ?? named[0] ?? "any";
  }
  if (isRecord(schema["properties"])) return nameOneType("object", schema, scope, hops);
  return schema["items"] === undefined ? "any" : nameOneType("array", schema, scope, hops);
}

function nameRef(ref: string, scope: SchemaScope, hops: number): string {
  const resolved = resolveRef(ref, scope);
  if (resolved === undefined) return "any";
  return nameType(resolved.schema, resolved.scope, hops + 1);
}

function nameOneType(
  type: unknown,
  schema: { readonly [keyword: string]: unknown },
  scope: SchemaScope,
  hops: number,
): string {
  if (type === "integer") return "integer";
  if (type === "string" || type === "number" || type === "boolean" || type === "null") return type;
  if (type === "array") {
    const items = isSchema(schema["items"]) ? nameType(schema["items"], scope, hops + 1) : "any";
    return items.includes(" | ") ? `(${items})[]` : `${items}[]`;
  }
  return type === "object" ? nameObject(schema, hops) : "any";
}

function nameObject(schema: { readonly [keyword: string]: unknown }, hops: number): string {
  if (!isRecord(schema["properties"]) || hops > 2) return "object";
  const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  const names = Object.keys(schema["properties"]);
  if (names.length === 0) return "object";
  const shown = names
    .toSorted((a, b) => Number(required.includes(b)) - Number(required.includes(a)))
    .slice(0, 5);
  const listed = shown.map((name) => cut(name, 30) + (required.includes(name) ? "" : "?"));
  return `{ ${listed.join(", ")}${names.length > shown.length ? ", …" : ""} }`;
}

function literal(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(cut(value, 40));
  return typeof value === "object" && value !== null ? "object" : String(value);
}

function union(members: readonly string[]): string {
  const distinct = [...new Set(members)];
  if (distinct.length === 0) return "never";
  const shown = distinct.slice(0, maxMembers).join(" | ");
  return distinct.length > maxMembers ? `${shown} | … ${distinct.length - maxMembers} more` : shown;
}
