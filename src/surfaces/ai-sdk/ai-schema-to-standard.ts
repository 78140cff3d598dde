/**
 * Makes what the functions connector reads, a Standard Schema or a JSON Schema, of every kind of schema that the
 * AI SDK takes. Checking and converting are left to the schema itself.
 */
import { createRequire } from "node:module";
import { CodemodeError } from "../../errors.ts";

const require = createRequire(import.meta.url);
const schemaMark = Symbol.for("vercel.ai.schema");

/** As `jsonSchema()` and `zodSchema()` make it. */
interface AiSchema {
  readonly jsonSchema: unknown;
  readonly validate?: ((value: unknown) => unknown) | undefined;
}

/** A schema that is known now, or one whose JSON Schema is still to come. */
export type ReadSchema = { readonly now: unknown } | { readonly later: PromiseLike<unknown> };

/** Throws `tool_definition_invalid` for what only an installed `ai` could read. */
export function aiSchemaToStandard(schema: unknown, tool: string): ReadSchema {
  if (schema === undefined || schema === null) return { now: undefined };
  if (isAiSchema(schema)) return fromAiSchema(schema);
  if (isConvertible(schema)) return { now: schema };
  // A lazy schema is a function that makes one; schemas that are functions themselves were seen above.
  if (typeof schema === "function") return aiSchemaToStandard(schema(), tool);
  if (typeof schema === "object" && ("~standard" in schema || "_def" in schema))
    return fromAiSchema(readByPackage(schema, tool));
  return { now: schema };
}

function fromAiSchema({ jsonSchema, validate }: AiSchema): ReadSchema {
  const make = (known: unknown): unknown =>
    validate === undefined ? withoutPrototype(known) : toStandard(known, validate);
  if (isThenable(jsonSchema)) return { later: jsonSchema.then(make) };
  return { now: make(jsonSchema) };
}

function toStandard(jsonSchema: unknown, validate: NonNullable<AiSchema["validate"]>): unknown {
  return {
    "~standard": {
      version: 1,
      vendor: "ai-sdk",
      jsonSchema: { input: () => jsonSchema, output: () => jsonSchema },
      validate: async (value: unknown) => {
        const result = await validate(value);
        if (!isRecord(result)) return { issues: [{ message: "its schema gave no verdict" }] };
        if (result["success"] === true) return { value: result["value"] };
        const { error } = result;
        return { issues: [{ message: error instanceof Error ? error.message : String(error) }] };
      },
    },
  };
}

/** zod 3 has no conversion of its own; the SDK brings one. */
function readByPackage(schema: unknown, tool: string): AiSchema {
  try {
    const { asSchema } = require("ai") as { readonly asSchema: (schema: unknown) => unknown };
    const read = asSchema(schema);
    if (isAiSchema(read)) return read;
  } catch (cause) {
    throw unreadable(tool, cause);
  }
  throw unreadable(tool);
}

function unreadable(tool: string, cause?: unknown): CodemodeError {
  return new CodemodeError("tool_definition_invalid", `The schema of the tool "${tool}" cannot be read.`, {
    hint: "Give zod 4, a Standard Schema that converts to JSON Schema, or jsonSchema({ … }); zod 3 needs the package `ai` beside this one.",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Plain data, whatever class a library has made it of. */
function withoutPrototype(jsonSchema: unknown): unknown {
  return isRecord(jsonSchema) ? { ...jsonSchema } : jsonSchema;
}

function isAiSchema(value: unknown): value is AiSchema {
  return typeof value === "object" && value !== null && Reflect.get(value, schemaMark) === true;
}

/** A Standard Schema that converts to JSON Schema by itself, or valibot's, which the connector knows. */
function isConvertible(value: unknown): boolean {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  const standard: unknown = Reflect.get(value, "~standard");
  return isRecord(standard) && (standard["jsonSchema"] !== undefined || standard["vendor"] === "valibot");
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isRecord(value) && typeof value["then"] === "function";
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null;
}
