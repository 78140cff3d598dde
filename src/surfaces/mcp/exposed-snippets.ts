/**
 * Saved snippets as MCP tools and prompts of their own, for clients whose operator wants them so. A tool runs the
 * snippet as a run like any other; a prompt gives the model the one line that runs it.
 */
import type { GetPromptResult, Prompt, Tool } from "@modelcontextprotocol/server";
import type { Codemode, JsonSchema, Value } from "../../index.ts";

export type ExposeKind = "tools" | "prompts";

export interface ExposedSnippets {
  readonly kinds: ReadonlySet<ExposeKind>;
  tools(): Promise<Tool[]>;
  /** The program behind a tool of that name; nothing when the name is none of these. */
  programOf(tool: string, args: unknown): Promise<string | undefined>;
  prompts(): Promise<Prompt[]>;
  prompt(name: string, args: { readonly [name: string]: string }): Promise<GetPromptResult | undefined>;
}

const prefix = "snippet_";

type Snippet = Awaited<ReturnType<Codemode["snippets"]["list"]>>[number];

export function createExposedSnippets(
  codemode: Codemode,
  { expose, principal }: { readonly expose: readonly ExposeKind[]; readonly principal: string | undefined },
): ExposedSnippets {
  const kinds = new Set(expose);
  const who = principal === undefined ? {} : { principal };

  async function list(kind: ExposeKind): Promise<readonly Snippet[]> {
    if (!kinds.has(kind)) return [];
    return (await codemode.snippets.list(who)).filter((each) => each.status === "accepted");
  }

  return {
    kinds,
    async tools() {
      return (await list("tools")).map(({ name, description, input }) => ({
        name: prefix + name,
        description,
        inputSchema: toObjectSchema(input),
        annotations: { destructiveHint: true, openWorldHint: true },
      }));
    },
    async programOf(tool, args) {
      const found = (await list("tools")).find(({ name }) => prefix + name === tool);
      if (found === undefined) return undefined;
      const given = (args ?? {}) as { readonly [name: string]: Value };
      return codemode.snippets.program({
        name: found.name,
        input: isObjectSchema(found.input) ? given : given["input"],
      });
    },
    async prompts() {
      return (await list("prompts")).map(({ name, description, input }) => ({
        name,
        description,
        arguments: parametersOf(input).map((parameter) => ({
          name: parameter.name,
          required: parameter.required,
          ...(parameter.description === undefined ? {} : { description: parameter.description }),
        })),
      }));
    },
    async prompt(name, args) {
      const found = (await list("prompts")).find((each) => each.name === name);
      if (found === undefined) return undefined;
      const known = new Map(parametersOf(found.input).map((parameter) => [parameter.name, parameter]));
      const input = Object.fromEntries(
        Object.entries(args).map(([key, text]) => [key, toArgument(text, known.get(key)?.type)]),
      );
      const code = `return await codemode.run(${JSON.stringify(name)}, ${JSON.stringify(input)})`;
      const text = `Run the saved snippet "${name}" (${found.description}) with execute, and tell me what it found:\n\n${JSON.stringify({ code })}`;
      return {
        description: found.description,
        messages: [{ role: "user", content: { type: "text", text } }],
      };
    },
  };
}

/** A tool takes an object: an input that is none stands in one, as `input`. */
function toObjectSchema(input: JsonSchema | undefined): Tool["inputSchema"] {
  if (isObjectSchema(input)) return { ...input, type: "object" };
  return { type: "object", properties: { input: { ...(typeof input === "object" ? input : {}) } } };
}

function isObjectSchema(input: JsonSchema | undefined): input is { readonly [keyword: string]: unknown } {
  return typeof input === "object" && input["type"] === "object";
}

interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly description?: string;
  readonly type: unknown;
}

function parametersOf(input: JsonSchema | undefined): Parameter[] {
  if (!isObjectSchema(input)) return [];
  const { properties, required } = input;
  if (typeof properties !== "object" || properties === null) return [];
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(properties).map(([name, schema]: [string, unknown]) => {
    const description: unknown = Reflect.get(Object(schema), "description");
    return {
      name,
      required: needed.includes(name),
      type: Reflect.get(Object(schema), "type"),
      ...(typeof description === "string" ? { description } : {}),
    };
  });
}

/** Prompts are given text only: what is no text is read as JSON, where it can be. */
function toArgument(text: string, type: unknown): unknown {
  if (type === "string" || type === undefined) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
