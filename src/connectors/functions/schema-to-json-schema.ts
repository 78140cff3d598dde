/**
 * The JSON Schema of a function's `input` or `output`, whichever way it was given. Types that JSON Schema
 * lacks (Date, Map, bigint) become "anything", since the values themselves cross as they are.
 */
import { createRequire } from "node:module";
import { CodemodeError } from "../../errors.ts";
import { isSchema } from "../../schema/resolve-ref.ts";
import type { JsonSchema } from "../../spec/value.ts";
import { isStandardSchema, type StandardJsonSchema, type StandardSchema } from "./standard-schema.ts";

const target = "draft-2020-12";

const require = createRequire(import.meta.url);

/**
 * `side` says whether the values before (`input`) or after (`output`) the schema's transforms are meant.
 * Throws `tool_definition_invalid` for what is no schema or cannot be expressed.
 */
export function schemaToJsonSchema(schema: unknown, side: "input" | "output", tool: string): JsonSchema {
  if (isStandardSchema(schema)) return convert(schema, side, tool);
  if (isSchema(schema)) return withoutDialect(schema);
  throw new CodemodeError("tool_definition_invalid", `The ${side} of function "${tool}" is no schema.`, {
    hint: "Give a Standard Schema (zod, arktype, valibot) or a JSON Schema object.",
  });
}

function convert(schema: StandardSchema, side: "input" | "output", tool: string): JsonSchema {
  const { vendor } = schema["~standard"];
  const converter =
    schema["~standard"].jsonSchema ?? (vendor === "valibot" ? valibotConverter(schema) : undefined);
  if (converter === undefined) {
    throw new CodemodeError(
      "tool_definition_invalid",
      `The ${side} schema of function "${tool}" (${vendor}) has no conversion to JSON Schema.`,
      {
        hint:
          vendor === "valibot"
            ? "Install @valibot/to-json-schema, or give a JSON Schema instead."
            : "Give a JSON Schema, or a schema that implements Standard JSON Schema (`~standard.jsonSchema`).",
      },
    );
  }
  try {
    const libraryOptions = unrepresentable[vendor];
    return withoutDialect(converter[side]({ target, ...(libraryOptions && { libraryOptions }) }));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodemodeError(
      "tool_definition_invalid",
      `The ${side} schema of function "${tool}" has no JSON Schema: ${reason}`,
      { cause, hint: "Use types that JSON Schema can express, or give a JSON Schema instead." },
    );
  }
}

/** How each library is told to write "anything" for what JSON Schema cannot say. */
const unrepresentable: { readonly [vendor: string]: Record<string, unknown> | undefined } = {
  zod: { unrepresentable: "any" },
  arktype: { fallback: (context: { readonly base: unknown }) => context.base },
};

/** valibot keeps its conversion in a package of its own, used where the program has installed it. */
function valibotConverter(schema: StandardSchema): StandardJsonSchema | undefined {
  let toJsonSchema: (schema: unknown, config: object) => unknown;
  try {
    ({ toJsonSchema } = require("@valibot/to-json-schema"));
  } catch {
    return undefined;
  }
  const convert = (typeMode: "input" | "output"): JsonSchema => {
    const converted = toJsonSchema(schema, { target, typeMode, errorMode: "ignore" });
    return isSchema(converted) ? converted : {};
  };
  return { input: () => convert("input"), output: () => convert("output") };
}

/** Every schema of a listing is read as the newest draft, so the declaration only costs space. */
function withoutDialect(schema: JsonSchema): JsonSchema {
  if (typeof schema === "boolean") return schema;
  const { $schema: _dialect, ...rest } = schema;
  return rest;
}
