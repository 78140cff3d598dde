/**
 * `codemode/agents`: the two tools for any agent that takes tool definitions in JSON Schema and a function that
 * runs them. The shapes of single SDKs are in files of their own; what the tools do is the core's.
 */
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import type { Codemode, Json, RunEvent } from "../../index.ts";
import { createModelSurface, type SurfaceMode } from "../mcp/create-model-surface.ts";
import { parseExecute, parseSearch } from "../mcp/tool-arguments.ts";
import { toInstructions } from "../mcp/to-instructions.ts";

export { anthropicTools, answerAnthropic } from "./anthropic-tools.ts";
export { answerOpenAi, answerOpenAiResponse, openAiResponseTools, openAiTools } from "./openai-tools.ts";

export interface AgentToolsOptions {
  /** `auto` (default) puts every signature into `execute`'s description where all fit 1,200 tokens. */
  readonly surface?: SurfaceMode;
  /** Who the runs belong to. Default `local`. */
  readonly principal?: string;
  /** Called for every event of every run. */
  readonly onEvent?: (event: RunEvent) => void;
}

export interface AgentTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of one object. */
  readonly inputSchema: { readonly type: "object"; readonly [keyword: string]: Json };
  /** The one text for the model; mistakes of the model and failed runs are told in it. Throws `run_cancelled` alone. */
  readonly execute: (input: unknown, options?: AgentCallOptions) => Promise<string>;
}

export interface AgentCallOptions {
  /** Cancels the run and its upstream calls. */
  readonly signal?: AbortSignal | undefined;
}

export interface AgentTools {
  /** For the system prompt: what the sources are. */
  readonly instructions: string;
  readonly tools: readonly AgentTool[];
  /** Calls a tool by name, with input as an object or as the JSON text that models write. */
  call(name: string, input: unknown, options?: AgentCallOptions): Promise<string>;
}

/** Waits until the sources have answered or failed, so that instructions and signatures are complete. */
export async function createAgentTools(
  codemode: Codemode,
  options: AgentToolsOptions = {},
): Promise<AgentTools> {
  await codemode.catalog({ fresh: true });
  using surface = createModelSurface(codemode, { mode: options.surface ?? "auto" });
  const who = options.principal === undefined ? {} : { principal: options.principal };

  const run: { readonly [name: string]: AgentTool["execute"] } = {
    search: async (input) => codemode.searchText({ ...parseSearch(input), ...who }),
    execute: async (input, { signal } = {}) => {
      const parsed = parseExecute(input);
      const shared = {
        ...who,
        ...(signal === undefined ? {} : { signal }),
        ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
      };
      const { text } =
        "code" in parsed
          ? await codemode.execute({ ...shared, ...parsed })
          : await codemode.resume({ ...shared, runId: parsed.resume });
      return text;
    },
  };

  const tools = (await surface.tools()).map(({ name, description = "", inputSchema }): AgentTool => ({
    name,
    description,
    inputSchema: inputSchema as AgentTool["inputSchema"],
    execute: async (input, call = {}) => {
      call.signal?.throwIfAborted();
      return (await run[name]?.(input, call).catch((thrown: unknown) => toText(thrown))) ?? "";
    },
  }));

  return {
    instructions: toInstructions(codemode),
    tools,
    async call(name, input, call) {
      const tool = tools.find((each) => each.name === name);
      if (tool !== undefined) return tool.execute(typeof input === "string" ? parseJson(input) : input, call);
      return toText(
        new CodemodeError("tool_not_found", `There is no tool "${name}".`, {
          hint: `There are ${tools.map((each) => each.name).join(" and ")}; all others are called inside execute.`,
        }),
      );
    },
  };
}

/** Text that is no JSON stays text: the tool's own check says what it takes. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.trim() === "" ? "{}" : text);
  } catch {
    return text;
  }
}

function toText(thrown: unknown): string {
  const { code, message, hint } = toCodemodeError(thrown);
  if (code === "run_cancelled") throw thrown;
  return `${code}: ${message}${hint === undefined ? "" : `\n${hint}`}`;
}
