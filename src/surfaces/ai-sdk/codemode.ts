/**
 * `codemode/ai`: Code Mode for the AI SDK, majors 6 and 7. Give it what you give to `streamText`, and give what it
 * returns to `streamText` instead.
 */
import { CodemodeError } from "../../errors.ts";
import { createCodemode, createWorkerdEngine } from "../../index.ts";
import type { Codemode, CodemodeOptions, Engine, PolicyStatement } from "../../index.ts";
import { toInstructions } from "../mcp/to-instructions.ts";
import type { AiCallOptions, AiTools } from "./ai-tool.ts";
import { createExecuteTool, createSearchTool, type SdkToolsContext } from "./create-sdk-tools.ts";
import type { ExecuteTool, SearchTool } from "./sdk-tools.ts";
import { sortEntries, type ToolEntry } from "./tool-entries.ts";
import { createToolPolicy } from "./tool-policy.ts";

export { createCodeTool, type CodeTool, type CreateCodeToolOptions } from "./create-code-tool.ts";
export { aiToolsToSource } from "./ai-tools-to-source.ts";
export type { AiTool, AiTools } from "./ai-tool.ts";
export type { ProgressCall, RunProgress } from "./run-progress.ts";
export type {
  CallRefused,
  ExecuteInput,
  ExecuteOutput,
  ExecuteTool,
  RunAnswer,
  SearchInput,
  SearchTool,
} from "./sdk-tools.ts";
export type { McpEntry, ToolEntry, ToolsClient } from "./tool-entries.ts";

export interface CodemodeToolOptions<Tools, Context = unknown> extends Omit<
  CodemodeOptions,
  "sources" | "engine" | "policy"
> {
  /** The system prompt; what the model must know of the tools is put behind it. */
  readonly system?: string;
  /** Every tool there is, by name: AI SDK tools, groups of them, MCP servers and clients, OpenAPI documents. */
  readonly tools: Tools;
  /** Where AI SDK tools that stand at the top are called: `tools.<name>.…`. Default `app`. */
  readonly name?: string;
  /** Default: a workerd engine of its own. Owned from here on. */
  readonly engine?: Engine;
  /**
   * Asked of every tool, and of it and `needsApproval` the stricter counts. Default: AI SDK tools are free but for
   * `needsApproval`, and writes of all other tools ask.
   */
  readonly policy?: PolicyStatement;
  /**
   * Who runs belong to: a name, or a function of the SDK's context of the call, such as its user. Nobody resumes,
   * approves or finds what is another's. Default `local`.
   */
  readonly principal?: string | ((context: Context) => string);
  /** o200k tokens up to which all signatures stand in the prompt and there is no `search`. Default 1,200; 0 for never. */
  readonly inlineTokens?: number;
}

/** What `streamText` takes in place of what was given: the two tools and, as they were, those without `execute`. */
export type WrappedTools<Tools, Context = unknown> = {
  execute: ExecuteTool<Context>;
  search?: SearchTool<Context>;
} & LeftBeside<Tools>;

/** Tools without `execute` are the client's or the provider's to call. */
export type LeftBeside<Tools> = {
  [
    Name in keyof Tools as Tools[Name] extends { readonly inputSchema: unknown }
      ? Tools[Name] extends { readonly execute: (...args: never) => unknown }
        ? never
        : Name
      : never
  ]: Tools[Name];
};

export interface Wrapped<Tools, Context = unknown> {
  readonly system: string;
  readonly tools: WrappedTools<Tools, Context>;
}

export interface CodemodeTools<Tools, Context = unknown> extends Wrapped<Tools, Context>, AsyncDisposable {
  /** Everything else: runs, questions, answers, replay. */
  readonly codemode: Codemode;
  /**
   * The same once every source has answered or failed: the prompt then names them all, and a fleet that is small
   * needs no `search`.
   */
  ready(): Promise<Wrapped<Tools, Context>>;
  /** Ends what runs, and the processes and connections that were opened. */
  close(): Promise<void>;
}

const defaultInlineTokens = 1_200;

/** Throws `config_invalid`, naming the entry, and `tool_definition_invalid`. */
export function codemode<const Tools extends { readonly [name: string]: ToolEntry }, Context = unknown>(
  options: CodemodeToolOptions<Tools, Context>,
): CodemodeTools<Tools, Context> {
  const {
    system,
    tools,
    name = "app",
    engine,
    policy,
    inlineTokens = defaultInlineTokens,
    principal = "local",
    ...rest
  } = options;
  const calls = new Map<string, AiCallOptions>();
  const callOptions = (runId: string): AiCallOptions | undefined => calls.get(runId);
  const { sources, toolSets, beside } = sortEntries(tools, { own: name, callOptions });
  refuseTaken(beside);
  const core = createCodemode({
    ...rest,
    sources,
    engine: engine ?? createWorkerdEngine(),
    policy: createToolPolicy({ toolSets, stated: policy, callOptions }),
  });
  const context: SdkToolsContext = {
    codemode: core,
    principalOf: ({ context: seven, experimental_context: six }) =>
      // What the application gives there is what its function says it takes.
      typeof principal === "string" ? principal : principal((seven ?? six) as Context),
    began: (runId, call) => void calls.set(runId, call),
    ended: (runId) => void calls.delete(runId),
  };

  function wrap(inlined: string | undefined): Wrapped<Tools, Context> {
    const instructions = inlined === undefined ? toInstructions(core) : inlinedInstructions;
    const search = inlined === undefined ? { search: createSearchTool(context) } : {};
    return {
      system: system === undefined || system === "" ? instructions : `${system}\n\n${instructions}`,
      // The type says what was sorted above.
      tools: { ...beside, ...search, execute: createExecuteTool(context, inlined) } as WrappedTools<
        Tools,
        Context
      >,
    };
  }

  const inline = (): string | undefined =>
    inlineTokens === 0 ? undefined : core.inline({ tokens: inlineTokens });
  const close = (): Promise<void> => core.close();
  return {
    ...wrap(sources.every(({ known }) => known !== undefined) ? inline() : undefined),
    codemode: core,
    ready: async () => {
      await core.catalog({ fresh: true });
      return wrap(inline());
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const inlinedInstructions =
  "Tools are called from programs: run TypeScript over them with `execute`, whose description lists them all.";

function refuseTaken(beside: AiTools): void {
  for (const name of ["execute", "search"])
    if (Object.hasOwn(beside, name))
      throw new CodemodeError("config_invalid", `tools.${name} has no execute and cannot be called so.`, {
        hint: `${name} is one of the two tools that the model is given. Rename yours.`,
      });
}
