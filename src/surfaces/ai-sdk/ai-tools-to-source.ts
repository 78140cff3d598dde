/**
 * A set of AI SDK tools as a source: each becomes a function, called with what the SDK would have called it with.
 * Approvals are the policy's; tools without `execute` are left to the application.
 */
import { CodemodeError } from "../../errors.ts";
import { createFunctionsSource } from "../../index.ts";
import type { FunctionDefinition, Source } from "../../index.ts";
import { aiSchemaToStandard, type ReadSchema } from "./ai-schema-to-standard.ts";
import { isExecutable, type AiCallOptions, type AiTools, type ExecutableTool } from "./ai-tool.ts";
import { answerToValue } from "../cloudflare/answer-to-value.ts";
import { createLateSource } from "./late-source.ts";

export interface AiToolsOptions {
  /** The SDK's own call that a run belongs to, by run id. */
  readonly callOptions?: (runId: string) => AiCallOptions | undefined;
}

type Definition = FunctionDefinition;
type RunContext = Parameters<Definition["run"]>[1];

/** Its tools are known at once, but for schemas that are promises. Throws `tool_definition_invalid`. */
export function aiToolsToSource(name: string, tools: AiTools, options: AiToolsOptions = {}): Source {
  const executable = Object.entries(tools).flatMap(([key, tool]): [string, ExecutableTool][] =>
    isExecutable(tool) ? [[key, tool]] : [],
  );
  const definitions = executable.map(([key, tool]) => [key, toDefinition(key, tool, options)] as const);
  const known = definitions.every(([, definition]) => !(definition instanceof Promise));
  if (known) return toSource(name, definitions as (readonly [string, Definition])[]);
  return createLateSource({
    name,
    kind: "functions",
    load: async () =>
      toSource(
        name,
        await Promise.all(definitions.map(async ([key, definition]) => [key, await definition] as const)),
      ),
  });
}

/** Names as own properties of an object without a prototype: `__proto__` is a name like any other. */
function toSource(name: string, definitions: readonly (readonly [string, Definition])[]): Source {
  const functions: { [key: string]: Definition } = Object.create(null);
  for (const [key, definition] of definitions) functions[key] = definition;
  return createFunctionsSource(name, functions);
}

function toDefinition(
  key: string,
  tool: ExecutableTool,
  options: AiToolsOptions,
): Definition | Promise<Definition> {
  const input = aiSchemaToStandard(tool.inputSchema, key);
  const output = aiSchemaToStandard(tool.outputSchema, key);
  const make = (inputNow: unknown, outputNow: unknown): Definition => ({
    ...(tool.title === undefined ? {} : { title: tool.title }),
    ...(typeof tool.description === "string" ? { description: tool.description } : {}),
    ...(inputNow === undefined ? {} : { input: inputNow }),
    ...(outputNow === undefined ? {} : { output: documenting(outputNow) }),
    run: (args: unknown, context) => runTool(tool, args, { context, ...options }),
  });
  if ("now" in input && "now" in output) return make(input.now, output.now);
  return Promise.all([known(input), known(output)]).then(([inputNow, outputNow]) =>
    make(inputNow, outputNow),
  );
}

function known(read: ReadSchema): unknown {
  return "now" in read ? read.now : read.later;
}

/** The SDK does not check answers, so a schema of them describes and refuses nothing. */
function documenting(schema: unknown): NonNullable<Definition["output"]> {
  const standard: unknown = Reflect.get(Object(schema), "~standard");
  if (typeof standard !== "object" || standard === null) return schema as NonNullable<Definition["output"]>;
  return { "~standard": { ...standard, validate: (value: unknown) => ({ value }) } };
}

interface ToolRun extends AiToolsOptions {
  readonly context: RunContext;
}

async function runTool(
  tool: ExecutableTool,
  args: unknown,
  { context, callOptions }: ToolRun,
): Promise<unknown> {
  const outer = callOptions?.(context.runId);
  context.leaving?.();
  const answer: unknown = Reflect.apply(tool.execute, tool, [
    args,
    {
      ...outer,
      toolCallId: `${outer?.toolCallId ?? context.runId}:${context.seq}`,
      messages: outer?.messages ?? [],
      // A run that is cancelled gives a write time to end; the SDK's own signal reaches the tool at once.
      abortSignal:
        outer?.abortSignal === undefined
          ? context.signal
          : AbortSignal.any([outer.abortSignal, context.signal]),
    },
  ]);
  return answerToValue(isAsyncIterable(answer) ? await lastOf(answer, context) : await answer);
}

/** A tool that streams answers with what it yields last; what comes before is progress. */
async function lastOf(answers: AsyncIterable<unknown>, context: RunContext): Promise<unknown> {
  let last: unknown;
  let done = 0;
  for await (const answer of answers) {
    if (context.signal.aborted) throw new CodemodeError("run_cancelled", "The run was cancelled.");
    last = answer;
    done += 1;
    context.onProgress?.({ done });
  }
  return last;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
