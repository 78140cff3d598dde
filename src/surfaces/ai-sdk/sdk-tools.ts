/**
 * The types of the tools that are handed to the AI SDK. They are structural, so that they fit the `ToolSet` of every
 * major; type tests hold them to both.
 */
import type { OpenQuestion, RunDocument } from "../../index.ts";
import type { AiCallOptions } from "./ai-tool.ts";
import type { RunProgress } from "./run-progress.ts";

export interface ExecuteInput {
  /** Body of an async function. */
  code?: string | undefined;
  /** Instead of code: a paused or running run. */
  resume?: string | undefined;
  /** Make no writes, list them. */
  dryRun?: boolean | undefined;
}

/** How a run ended, or what it waits for: what the tool answers with last. */
export interface RunAnswer {
  readonly kind: "run";
  /** What the model reads. */
  readonly text: string;
  /** Without `result` where that is larger than 1 MB. */
  readonly run: RunDocument;
  /** What a person must answer, for a screen. */
  readonly questions?: readonly OpenQuestion[];
}

/** A mistake of the call itself: no run began or was found. */
export interface CallRefused {
  readonly kind: "refused";
  readonly text: string;
}

export type ExecuteOutput = RunProgress | RunAnswer | CallRefused;

export interface SearchInput {
  query: string;
  source?: string | undefined;
  limit?: number | undefined;
  detail?: "names" | "signatures" | "full" | undefined;
}

/** A Standard Schema with its JSON Schema: what both majors take as `inputSchema`. */
export interface SdkSchema<Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "codemode";
    readonly types?: { readonly input: unknown; readonly output: Input } | undefined;
    readonly validate: (
      value: unknown,
    ) =>
      | { readonly value: Input; readonly issues?: undefined }
      | { readonly issues: readonly { readonly message: string }[] };
    readonly jsonSchema: {
      readonly input: () => Record<string, unknown>;
      readonly output: () => Record<string, unknown>;
    };
  };
}

export type ModelOutput = { type: "text"; value: string } | { type: "error-text"; value: string };

export interface SdkTool<Input, Output, Context = unknown> {
  readonly description: string;
  readonly inputSchema: SdkSchema<Input>;
  /** Never there: by its type alone major 7 knows what `toolsContext` has to hold. */
  readonly contextSchema?: SdkSchema<Context>;
  readonly toModelOutput: (options: { readonly output: Output }) => ModelOutput;
}

/** `Context` is what major 7 is to be given for it as `toolsContext`, where something is made of that. */
export interface ExecuteTool<Context = unknown> extends SdkTool<ExecuteInput, ExecuteOutput, Context> {
  /** Yields progress, then how the run ended. */
  readonly execute: (input: ExecuteInput, options: AiCallOptions<Context>) => AsyncIterable<ExecuteOutput>;
  readonly needsApproval: (input: ExecuteInput, options: AiCallOptions<Context>) => Promise<boolean>;
}

export interface SearchTool<Context = unknown> extends SdkTool<SearchInput, string, Context> {
  readonly execute: (input: SearchInput, options: AiCallOptions<Context>) => Promise<string>;
}
