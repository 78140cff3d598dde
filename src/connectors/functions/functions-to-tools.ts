/**
 * Reads a tree of functions into tools and the code behind each. A mistake in a definition is the program's
 * own, so it throws at once rather than being listed.
 */
import { CodemodeError } from "../../errors.ts";
import type { CallContext } from "../../spec/source.ts";
import type { ToolDefinition } from "../../spec/tool.ts";
import type { JsonSchema, Value } from "../../spec/value.ts";
import {
  functionsOf,
  isDefinition,
  isPlainFunction,
  type FunctionDefinition,
  type FunctionTree,
} from "./function-definition.ts";
import { schemaToJsonSchema } from "./schema-to-json-schema.ts";
import { isStandardSchema, type StandardSchema } from "./standard-schema.ts";

/** One tool with what stands behind it. */
export interface FunctionTool {
  readonly tool: ToolDefinition;
  readonly input?: StandardSchema;
  readonly output?: StandardSchema;
  readonly run: (args: unknown, context: CallContext) => unknown;
  readonly revert?: (args: unknown, result: Value, context: CallContext) => unknown;
}

/** Groups deeper than this are a cycle, or as good as one. */
const maxDepth = 16;

/** All functions by upstream name, `repos.list` for nested ones. Throws `tool_definition_invalid`. */
export function functionsToTools(tree: FunctionTree): ReadonlyMap<string, FunctionTool> {
  const tools = new Map<string, FunctionTool>();
  collect(tree, [], tools);
  return tools;
}

function collect(tree: FunctionTree, above: readonly string[], tools: Map<string, FunctionTool>): void {
  if (above.length > maxDepth) throw invalid(above.join("."), `is nested deeper than ${maxDepth} groups`);
  for (const [key, entry] of Object.entries(tree)) {
    const name = [...above, key];
    const upstreamName = name.join(".");
    const definition = isPlainFunction(entry) ? { run: entry } : entry;
    if (isDefinition(definition)) {
      if (tools.has(upstreamName))
        throw invalid(upstreamName, "is defined twice: once with a dot in its name");
      tools.set(upstreamName, toFunctionTool(definition, name, upstreamName));
      continue;
    }
    const group = functionsOf(entry);
    if (group === undefined) {
      throw invalid(upstreamName, "is neither a function, nor a definition with `run`, nor a group of those");
    }
    collect(group, name, tools);
  }
}

function toFunctionTool(
  definition: FunctionDefinition,
  name: readonly string[],
  upstreamName: string,
): FunctionTool {
  const { title, description, effect, deprecated, tags, input, output } = definition;
  const inputSchema = toObjectSchema(input, upstreamName);
  const outputSchema = output === undefined ? undefined : schemaToJsonSchema(output, "output", upstreamName);
  const face = {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(effect !== undefined && { effect }),
    ...(deprecated !== undefined && { deprecated }),
    ...(tags !== undefined && { tags }),
    input: inputSchema,
    ...(outputSchema !== undefined && { output: outputSchema }),
  };
  const revertible = definition.revert !== undefined;
  return {
    tool: { upstreamName, name, ...face, ...(revertible && { revertible }), raw: { upstreamName, ...face } },
    ...(isStandardSchema(input) && { input }),
    ...(isStandardSchema(output) && { output }),
    // Called on the definition, so that a method may use `this`.
    run: (args, context) => definition.run(args, context),
    ...(revertible && { revert: (args, result, context) => definition.revert?.(args, result, context) }),
  };
}

/** Tools take one object; a union of objects is one too. */
function toObjectSchema(input: unknown, upstreamName: string): JsonSchema {
  if (input === undefined) return { type: "object" };
  const schema = schemaToJsonSchema(input, "input", upstreamName);
  if (schema === true) return { type: "object" };
  if (schema === false) throw invalid(upstreamName, "has the input schema `false`, which nothing satisfies");
  if (schema["type"] === "object") return schema;
  if (schema["type"] === undefined) return { type: "object", ...schema };
  throw invalid(
    upstreamName,
    `takes ${JSON.stringify(schema["type"])}, but a tool takes one object`,
    "Name the argument: { value: … }.",
  );
}

function invalid(upstreamName: string, what: string, hint?: string): CodemodeError {
  return new CodemodeError(
    "tool_definition_invalid",
    `Function "${upstreamName}" ${what}.`,
    hint === undefined ? {} : { hint },
  );
}
