/**
 * Follows a `$ref` inside one tool's schema. A reference is a JSON pointer into the schema it stands in, or
 * the name of one of the source's shared definitions (`#/$defs/<name>`). Nothing is ever fetched.
 */
import type { JsonSchema } from "../spec/value.ts";
import { isRecord } from "./is-record.ts";

export interface SchemaScope {
  /** The schema document the reference stands in: a tool's input or output, or one shared definition. */
  readonly root: JsonSchema;
  readonly definitions: { readonly [name: string]: JsonSchema };
}

export interface ResolvedSchema {
  readonly schema: JsonSchema;
  /** The scope in which references inside `schema` are to be read. */
  readonly scope: SchemaScope;
  /** The shared definition it came from, when it did. */
  readonly definition?: string;
}

/** The schema a reference names; `undefined` when nothing stands there (a broken or a remote reference). */
export function resolveRef(ref: string, scope: SchemaScope): ResolvedSchema | undefined {
  if (!ref.startsWith("#")) return undefined;
  const own =
    ref.startsWith("#/") || ref === "#"
      ? atPointer(scope.root, ref.slice(1))
      : atAnchor(scope.root, ref.slice(1));
  if (own !== undefined) return { schema: own, scope };
  const name = sharedName(ref);
  if (name === undefined || !Object.hasOwn(scope.definitions, name)) return undefined;
  const schema = scope.definitions[name];
  if (!isSchema(schema)) return undefined;
  return { schema, scope: { root: schema, definitions: scope.definitions }, definition: name };
}

/** The shared definition that `#/$defs/<name>` names. */
export function sharedName(ref: string): string | undefined {
  const match = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(ref);
  return match?.[1] === undefined ? undefined : unescapePointer(match[1]);
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "boolean" || isRecord(value);
}

function atPointer(root: JsonSchema, pointer: string): JsonSchema | undefined {
  let at: unknown = root;
  for (const part of pointer.split("/").slice(1)) {
    const key = unescapePointer(part);
    if (Array.isArray(at)) at = at[Number(key)];
    else if (isRecord(at) && Object.hasOwn(at, key)) at = at[key];
    else return undefined;
  }
  return isSchema(at) ? at : undefined;
}

function atAnchor(root: JsonSchema, anchor: string): JsonSchema | undefined {
  if (typeof root === "boolean") return undefined;
  for (const holder of [root["$defs"], root["definitions"]]) {
    if (!isRecord(holder)) continue;
    for (const schema of Object.values(holder)) {
      if (isRecord(schema) && (schema["$anchor"] === anchor || schema["$dynamicAnchor"] === anchor))
        return schema;
    }
  }
  return undefined;
}

function unescapePointer(part: string): string {
  let decoded = part;
  try {
    decoded = decodeURIComponent(part);
  } catch {
    // A stray "%" is a character of the key itself.
  }
  return decoded.replaceAll("~1", "/").replaceAll("~0", "~");
}
