/**
 * The parameters of a tool as a flat list, for messages that say what exists: properties of the input
 * schema, seen through `$ref`, `allOf` and unions.
 */
import type { JsonSchema } from "../spec/value.ts";
import { briefType } from "./brief-type.ts";
import { isRecord } from "./is-record.ts";
import { isSchema, resolveRef, type SchemaScope } from "./resolve-ref.ts";

export interface ToolInput {
  readonly input: JsonSchema;
  /** The source's shared definitions. */
  readonly definitions: { readonly [name: string]: JsonSchema };
}

export interface Parameter {
  readonly name: string;
  /** TypeScript-like, at most 90 characters. */
  readonly type: string;
  readonly required: boolean;
}

export interface ParameterList {
  /** Required ones first, each group in the schema's order. */
  readonly parameters: readonly Parameter[];
  /** Whether the schema says anything of properties it does not name. */
  readonly open: "unstated" | "open" | "closed";
}

const maxHops = 12;

export function listParameters(tool: ToolInput): ParameterList {
  const found = new Map<string, Parameter>();
  let open: ParameterList["open"] = "unstated";
  collect(tool.input, { root: tool.input, definitions: tool.definitions }, { certain: true, hops: 0 });
  const parameters = [...found.values()].sort((a, b) => Number(b.required) - Number(a.required));
  return { parameters, open };

  function collect(
    schema: unknown,
    scope: SchemaScope,
    how: { readonly certain: boolean; readonly hops: number },
  ): void {
    if (!isRecord(schema) || how.hops > maxHops) return;
    const next = { certain: how.certain, hops: how.hops + 1 };
    if (typeof schema["$ref"] === "string") {
      const target = resolveRef(schema["$ref"], scope);
      if (target !== undefined) collect(target.schema, target.scope, next);
    }
    if (statesMore(schema)) open = "open";
    else if (schema["additionalProperties"] === false || schema["unevaluatedProperties"] === false)
      open = open === "open" ? open : "closed";
    const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
    const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
    for (const [name, stated] of Object.entries(properties)) {
      if (!isSchema(stated)) continue;
      const mandatory = how.certain && required.includes(name);
      found.set(name, {
        name,
        type: briefType(stated, scope),
        required: mandatory || found.get(name)?.required === true,
      });
    }
    for (const branch of listOf(schema["allOf"])) collect(branch, scope, next);
    for (const branch of [
      ...listOf(schema["anyOf"]),
      ...listOf(schema["oneOf"]),
      schema["then"],
      schema["else"],
    ]) {
      collect(branch, scope, { certain: false, hops: how.hops + 1 });
    }
  }
}

function statesMore(schema: { readonly [keyword: string]: unknown }): boolean {
  const more = schema["additionalProperties"] ?? schema["unevaluatedProperties"];
  return (more !== undefined && more !== false) || schema["patternProperties"] !== undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
