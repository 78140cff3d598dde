/**
 * The two tools that take the place of all others: what the model sends becomes a search or a run, and what comes back
 * is what a model reads. Worded as on the MCP surface.
 */
import { toCodemodeError } from "../../errors.ts";
import type { Codemode, Execution } from "../../index.ts";
import { executeTool, searchTool } from "../mcp/tool-definitions.ts";
import type { AiCallOptions } from "./ai-tool.ts";
import { ProgressStream } from "./run-progress.ts";
import {
  approveRun,
  asksNow,
  endDeclined,
  openApprovals,
  readAnswers,
  readHandle,
  toHandle,
} from "./sdk-approvals.ts";
import type { Asking, ResumeHandle } from "./sdk-approvals.ts";
import type {
  CallRefused,
  ExecuteInput,
  ExecuteOutput,
  ExecuteTool,
  ModelOutput,
  RunAnswer,
  SdkSchema,
  SearchInput,
  SearchTool,
} from "./sdk-tools.ts";
import { readExecuteInput, readSearchInput } from "./tool-inputs.ts";

export interface SdkToolsContext {
  readonly codemode: Codemode;
  /** Whose call it is. */
  readonly principalOf: (options: AiCallOptions) => string;
  /** Keeps the SDK's call that a run belongs to, for the tools that are called in it. */
  readonly began: (runId: string, options: AiCallOptions) => void;
  readonly ended: (runId: string) => void;
}

const mostDocumentChars = 2 ** 20;

/** `inlined`: the signatures of all tools, where they are so few that none needs to be searched for. */
export function createExecuteTool(context: SdkToolsContext, inlined?: string): ExecuteTool {
  const { codemode } = context;
  const description = executeTool.description ?? "";
  return {
    description:
      inlined === undefined
        ? description
        : `${description}\n\nAll tools there are; none needs to be searched for:\n\n\`\`\`ts\n${inlined}\n\`\`\``,
    inputSchema: toSchema(executeTool.inputSchema, readExecuteInput),
    // A call that is only to go on is asked about when a yes would send something.
    needsApproval: async ({ resume }, options) => {
      const asking = { codemode, principal: context.principalOf(options) };
      await endDeclined(asking, options.messages);
      if (typeof resume !== "string") return false;
      // Major 6 asks again before it executes, and takes a no for a refusal.
      return isAgreed(options) || (await asksNow(asking, readHandle(resume)));
    },
    execute: (input, options) => runStreaming(input, options, context),
    toModelOutput: ({ output }) => executeOutputToModel(output),
  };
}

export function createSearchTool({ codemode, principalOf }: SdkToolsContext): SearchTool {
  return {
    description: searchTool.description ?? "",
    inputSchema: toSchema(searchTool.inputSchema, readSearchInput),
    execute: async ({ query, source, limit, detail }: SearchInput, options) => {
      try {
        return await codemode.searchText({
          query,
          principal: principalOf(options),
          ...(source === undefined ? {} : { source }),
          ...(limit === undefined ? {} : { limit }),
          ...(detail === undefined ? {} : { detail }),
        });
      } catch (thrown) {
        return errorToText(thrown);
      }
    },
    toModelOutput: ({ output }) => ({ type: "text", value: output }),
  };
}

async function* runStreaming(
  input: ExecuteInput,
  options: AiCallOptions,
  context: SdkToolsContext,
): AsyncGenerator<ExecuteOutput, void> {
  const progress = new ProgressStream();
  const run = begin(input, options, { ...context, progress }).finally(() => progress.end());
  // It is awaited below; until then a failure is nobody's fault.
  run.catch(() => undefined);
  yield* progress;
  yield await run;
}

interface Begin extends SdkToolsContext {
  readonly progress: ProgressStream;
}

/** Never rejects: what the model did wrong, it is told. */
async function begin(
  { code, resume, dryRun }: ExecuteInput,
  options: AiCallOptions,
  { codemode, principalOf, began, ended, progress }: Begin,
): Promise<RunAnswer | CallRefused> {
  const { abortSignal, messages } = options;
  const principal = principalOf(options);
  const asking: Asking = { codemode, principal };
  let run: string | undefined;
  const request = {
    principal,
    ...(abortSignal === undefined ? {} : { signal: abortSignal }),
    onEvent: (event: Parameters<ProgressStream["event"]>[0]): void => {
      if (run === undefined) began((run = event.runId), options);
      progress.event(event);
    },
  };
  try {
    await endDeclined(asking, messages);
    if (resume === undefined)
      return await toAnswer(
        asking,
        await codemode.execute({ ...request, code: code ?? "", dryRun: dryRun === true }),
      );
    const handle = readHandle(resume);
    if (await mayGoOn(asking, handle, options)) await approveRun(asking, handle);
    return await toAnswer(asking, await codemode.resume({ ...request, runId: handle.runId }));
  } catch (thrown) {
    return { kind: "refused", text: errorToText(thrown) };
  } finally {
    if (run !== undefined) ended(run);
  }
}

/** A yes to this very call, in the messages, to what the run still asks. */
async function mayGoOn(asking: Asking, handle: ResumeHandle, options: AiCallOptions): Promise<boolean> {
  return isAgreed(options) && asksNow(asking, handle);
}

function isAgreed({ toolCallId, messages }: AiCallOptions): boolean {
  return readAnswers(messages).some((answer) => answer.approved && answer.toolCallId === toolCallId);
}

async function toAnswer(asking: Asking, { document, text }: Execution): Promise<RunAnswer> {
  const { result: _result, ...rest } = document;
  const run = JSON.stringify(document).length > mostDocumentChars ? rest : document;
  if (document.status !== "paused") return { kind: "run", text, run };
  const { codemode, principal } = asking;
  const { questions } = await codemode.questions({ runId: document.runId, principal });
  const handle = toHandle(document.runId, await openApprovals(asking, document.runId));
  return {
    kind: "run",
    text: text.replaceAll(`resume: "${document.runId}"`, `resume: "${handle}"`),
    run,
    questions,
  };
}

/** Also of an output that the application has kept and sent back. */
function executeOutputToModel(output: ExecuteOutput): ModelOutput {
  if (output.kind === "progress")
    return {
      type: "text",
      value: `Run ${output.runId} goes on; wait for it with execute({ resume: "${output.runId}" }).`,
    };
  const failed =
    output.kind === "refused" ||
    output.run.status === "failed" ||
    output.run.status === "rejected" ||
    output.run.status === "cancelled";
  return { type: failed ? "error-text" : "text", value: output.text };
}

function errorToText(thrown: unknown): string {
  const { code, message, hint } = toCodemodeError(thrown);
  return `${code}: ${message}${hint === undefined ? "" : `\n${hint}`}`;
}

function toSchema<Input>(
  jsonSchema: object,
  read: (value: unknown) => { readonly value: Input } | { readonly message: string },
): SdkSchema<Input> {
  const convert = (): Record<string, unknown> => ({ ...jsonSchema });
  return {
    "~standard": {
      version: 1,
      vendor: "codemode",
      jsonSchema: { input: convert, output: convert },
      validate: (value) => {
        const found = read(value);
        return "value" in found ? { value: found.value } : { issues: [{ message: found.message }] };
      },
    },
  };
}
