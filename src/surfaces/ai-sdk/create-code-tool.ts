/**
 * `createCodeTool({ tools, executor })` with the meaning it has in `@cloudflare/codemode`: one AI SDK tool whose code
 * calls `codemode.<tool>(…)`, or `<provider>.<tool>(…)`, run by any executor. Nothing is kept, searched or asked;
 * `codemode()` does all that.
 */
import { CodemodeError } from "../../errors.ts";
import { builtinNames, listingToSignatures, snippetToFunction, toIdentifier } from "../../index.ts";
import type { Source } from "../../index.ts";
import type { EngineExecuteOptions } from "../cloudflare/create-executor.ts";
import type { Executor, ResolvedProvider, ToolProvider } from "../cloudflare/executor.ts";
import { aiToolsToSource } from "./ai-tools-to-source.ts";
import { isExecutable, isToolSet, type AiCallOptions, type AiTools, type ExecutableTool } from "./ai-tool.ts";
import type { SdkSchema } from "./sdk-tools.ts";

export interface CreateCodeToolOptions {
  /** Tools under `codemode`, or providers, each under its name. Those with `needsApproval` are left out. */
  readonly tools: AiTools | readonly ToolProvider[];
  readonly executor: Executor;
  /** The tool's description; `{{types}}` in it becomes the tools' TypeScript. */
  readonly description?: string;
}

export interface CodeInput {
  code: string;
}

export interface CodeOutput {
  result: unknown;
  logs?: string[];
}

export interface CodeTool {
  readonly description: string;
  readonly inputSchema: SdkSchema<CodeInput>;
  /** Throws `snippet_threw` with what the program threw and what it logged. */
  readonly execute: (input: CodeInput, options: AiCallOptions) => Promise<CodeOutput>;
}

const defaultDescription = `Runs JavaScript or TypeScript in a sandbox where these functions are:

{{types}}

Write one async arrow function, and return what is wanted: \`async () => { const r = await codemode.someTool({ … }); return r; }\`. Do the whole task in one program.`;

const callMs = 600_000;
const answerBytes = 32 * 2 ** 20;

/** Throws `tool_definition_invalid` for tools that cannot be told apart, or that are named like a built-in. */
export function createCodeTool({ tools, executor, description }: CreateCodeToolOptions): CodeTool {
  const providers: readonly ToolProvider[] = isProviders(tools) ? tools : [{ tools }];
  const named = providers.map(toNamed);
  const types = named.map(toTypes).filter((text) => text !== "");
  // A function, since `$` means something in a replacement's text.
  const text = (description ?? defaultDescription).replace("{{types}}", () => types.join("\n\n"));
  return {
    description: text,
    inputSchema: codeSchema,
    execute: async ({ code }, call) => {
      const resolved = named.map((each) => toResolved(each, call));
      const { abortSignal } = call;
      const options: EngineExecuteOptions | undefined =
        abortSignal === undefined ? undefined : { signal: abortSignal };
      abortSignal?.throwIfAborted();
      const { result, error, logs = [] } = await executor.execute(snippetToFunction(code), resolved, options);
      if (error !== undefined && error !== "") throw failed(error, logs);
      return logs.length === 0 ? { result } : { result, logs };
    },
  };
}

interface Named {
  readonly name: string;
  readonly tools: { readonly [name: string]: ExecutableTool };
  readonly types: string | undefined;
}

function toNamed({ name = "codemode", tools, types }: ToolProvider): Named {
  if (!isToolSet(tools) && Object.keys(tools).length > 0)
    throw new CodemodeError(
      "tool_definition_invalid",
      `The provider "${name}" has something that is no tool.`,
      {
        hint: "Each is an AI SDK tool or { description, execute }.",
      },
    );
  const kept = Object.entries(tools as AiTools).flatMap(([key, tool]): [string, ExecutableTool][] =>
    isExecutable(tool) && !asksApproval(tool) ? [[key, tool]] : [],
  );
  refuseNames(
    name,
    kept.map(([key]) => key),
  );
  return { name, tools: Object.fromEntries(kept), types };
}

function asksApproval({ needsApproval }: ExecutableTool): boolean {
  return needsApproval === true || typeof needsApproval === "function";
}

function refuseNames(provider: string, names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const identifier = toIdentifier(name);
    const other = seen.get(identifier);
    if (other !== undefined)
      throw new CodemodeError(
        "tool_definition_invalid",
        `The tools "${other}" and "${name}" would both be called ${provider}.${identifier}.`,
        { hint: "Rename one of them." },
      );
    seen.set(identifier, name);
    if (provider === "codemode" && builtinNames.has(identifier))
      throw new CodemodeError(
        "tool_definition_invalid",
        `The tool "${name}" is named like the built-in codemode.${identifier}.`,
        { hint: 'Rename it, or give its provider a name: { name: "…", tools }.' },
      );
  }
}

function toTypes({ name, tools, types }: Named): string {
  if (types !== undefined || Object.keys(tools).length === 0) return types ?? "";
  const known = aiToolsToSource(name, tools).known ?? aiToolsToSource(name, withoutSchemas(tools)).known;
  return known === undefined ? "" : listingToSignatures(name, known);
}

/** A schema that is a promise has no type yet. */
function withoutSchemas(tools: Named["tools"]): AiTools {
  return Object.fromEntries(
    Object.entries(tools).map(([name, { description, execute }]) => [name, { description, execute }]),
  );
}

/** With a schema the one argument is checked; without one whatever came is passed on. */
function toResolved({ name, tools }: Named, call: AiCallOptions): ResolvedProvider {
  const source = aiToolsToSource(name, tools, { callOptions: () => call });
  let seq = 0;
  const fns = Object.entries(tools).map(([key, tool]) => {
    const fn = async (...args: unknown[]): Promise<unknown> => {
      seq += 1;
      if (tool.inputSchema === undefined || tool.inputSchema === null)
        return Reflect.apply(tool.execute, tool, args) as unknown;
      return callSource(source, key, { args: args[0], call, seq });
    };
    return [key, fn] as const;
  });
  return { name, fns: Object.fromEntries(fns) };
}

interface SourceCall {
  readonly args: unknown;
  readonly call: AiCallOptions;
  readonly seq: number;
}

async function callSource(
  source: Source,
  upstreamName: string,
  { args, call, seq }: SourceCall,
): Promise<unknown> {
  const { value } = await source.call(
    // Off the bridge, or from an executor of somebody else; the tool's own schema checks it.
    { upstreamName, args: args as Parameters<Source["call"]>[0]["args"] },
    {
      signal: call.abortSignal ?? new AbortController().signal,
      timeoutMs: callMs,
      principal: "local",
      runId: call.toolCallId,
      seq,
      maxResultBytes: answerBytes,
    },
  );
  return value;
}

function failed(error: string, logs: readonly string[]): CodemodeError {
  const said = logs.length === 0 ? "" : `\n\nConsole output:\n${logs.join("\n")}`;
  return new CodemodeError("snippet_threw", `Code execution failed: ${error}${said}`);
}

const codeJsonSchema = {
  type: "object",
  properties: { code: { type: "string", description: "One async arrow function" } },
  required: ["code"],
  additionalProperties: false,
};

const codeSchema: SdkSchema<CodeInput> = {
  "~standard": {
    version: 1,
    vendor: "codemode",
    jsonSchema: { input: () => ({ ...codeJsonSchema }), output: () => ({ ...codeJsonSchema }) },
    validate: (value) =>
      typeof value === "object" && value !== null && "code" in value && typeof value.code === "string"
        ? { value: { code: value.code } }
        : { issues: [{ message: "It takes { code: string }, one async arrow function." }] },
  },
};

function isProviders(tools: CreateCodeToolOptions["tools"]): tools is readonly ToolProvider[] {
  return Array.isArray(tools);
}
