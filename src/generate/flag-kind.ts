/**
 * What kind of flag a schema makes, and which properties an object has, seen through references, `allOf` and
 * unions with null.
 */
import type { ToolFlag } from "../client/command-types.ts";
import { isRecord } from "../schema/is-record.ts";
import { isSchema, resolveRef, type SchemaScope } from "../schema/resolve-ref.ts";
import type { JsonSchema } from "../spec/value.ts";

export interface FlagProperty {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly scope: SchemaScope;
  readonly required: boolean;
}

export interface FlagKind {
  readonly kind: ToolFlag["kind"];
  readonly list: boolean;
  readonly values?: NonNullable<ToolFlag["values"]>;
}

const maxHops = 8;
/** Longer lists of values are left to the check of the call. */
const maxValues = 200;

/** Of objects, and of what is an object on every way; a property is required where no choice leaves it out. */
export function objectProperties(schema: JsonSchema, scope: SchemaScope): readonly FlagProperty[] {
  const found = new Map<string, FlagProperty>();
  collect(schema, scope, { certain: true, hops: 0 });
  return [...found.values()];

  function collect(
    at: unknown,
    within: SchemaScope,
    { certain, hops }: { readonly certain: boolean; readonly hops: number },
  ): void {
    if (!isRecord(at) || hops > maxHops) return;
    if (typeof at["$ref"] === "string") {
      const target = resolveRef(at["$ref"], within);
      if (target !== undefined) collect(target.schema, target.scope, { certain, hops: hops + 1 });
    }
    const required: readonly unknown[] = Array.isArray(at["required"]) ? at["required"] : [];
    for (const [name, inner] of Object.entries(isRecord(at["properties"]) ? at["properties"] : {})) {
      if (!isSchema(inner)) continue;
      const known = found.get(name);
      const mandatory = (certain && required.includes(name)) || known?.required === true;
      found.set(
        name,
        known === undefined
          ? { name, schema: inner, scope: within, required: mandatory }
          : { ...known, required: mandatory },
      );
    }
    for (const branch of listOf(at["allOf"])) collect(branch, within, { certain, hops: hops + 1 });
    const choices = [...listOf(at["anyOf"]), ...listOf(at["oneOf"])].filter((each) => !isNull(each));
    for (const choice of choices)
      collect(choice, within, { certain: certain && choices.length === 1, hops: hops + 1 });
  }
}

export function flagKind(schema: JsonSchema, scope: SchemaScope, hops = 0): FlagKind {
  if (typeof schema === "boolean" || hops > maxHops) return { kind: "any", list: false };
  if (typeof schema["$ref"] === "string") {
    const target = resolveRef(schema["$ref"], scope);
    return target === undefined
      ? { kind: "any", list: false }
      : flagKind(target.schema, target.scope, hops + 1);
  }
  const values = schema["const"] === undefined ? schema["enum"] : [schema["const"]];
  if (Array.isArray(values) && values.length <= maxValues && values.every(isScalar))
    return { kind: "text", list: false, values };
  const choices = [...listOf(schema["anyOf"]), ...listOf(schema["oneOf"])].filter((each) => !isNull(each));
  if (choices.length > 0) return choiceKind(choices.filter(isSchema), scope, hops);
  const [type, ...others] = [schema["type"]].flat().filter((each) => each !== "null");
  if (others.length > 0) return { kind: "any", list: false };
  switch (type) {
    case "string":
      return { kind: "text", list: false };
    case "number":
    case "integer":
    case "boolean":
      return { kind: type, list: false };
    case "array":
      return listKind(schema["items"], scope, hops);
    case "object":
      return { kind: "json", list: false };
    default: {
      const [only, ...more] = listOf(schema["allOf"]).filter(isSchema);
      if (only !== undefined && more.length === 0) return flagKind(only, scope, hops + 1);
      return { kind: isRecord(schema["properties"]) || more.length > 0 ? "json" : "any", list: false };
    }
  }
}

function choiceKind(choices: readonly JsonSchema[], scope: SchemaScope, hops: number): FlagKind {
  const kinds = choices.map((choice) => flagKind(choice, scope, hops + 1));
  const [first] = kinds;
  if (first === undefined) return { kind: "any", list: false };
  if (kinds.length === 1) return first;
  const values = kinds.flatMap((each) => each.values ?? []);
  if (kinds.every((each) => each.values !== undefined && !each.list))
    return { kind: "text", list: false, values };
  const isText = kinds.every((each) => each.kind === "text" && !each.list);
  return { kind: isText ? "text" : "any", list: false };
}

/** Lists of lists and of objects are given as JSON, item by item or whole. */
function listKind(items: unknown, scope: SchemaScope, hops: number): FlagKind {
  if (!isSchema(items)) return { kind: "any", list: true };
  const { kind, list, values } = flagKind(items, scope, hops + 1);
  if (list) return { kind: "json", list: true };
  return { kind, list: true, ...(values === undefined ? {} : { values }) };
}

function isNull(schema: unknown): boolean {
  return isRecord(schema) && (schema["type"] === "null" || schema["const"] === null);
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
