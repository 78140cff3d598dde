/**
 * Resources and prompts of the sources that stand beside `search` and `execute`. Each request is a run of its own, so
 * that the policy is asked and the journal keeps it.
 */
import {
  ProtocolError,
  ProtocolErrorCode,
  type GetPromptResult,
  type Prompt,
  type ReadResourceResult,
  type Resource,
} from "@modelcontextprotocol/server";
import { upstreamResultOf, type Codemode, type SourceAnswer, type Value } from "../../index.ts";

export interface NativeFeatures {
  resources(signal: AbortSignal): Promise<Resource[]>;
  /** Throws a protocol error when no source has it. */
  readResource(uri: string, signal: AbortSignal): Promise<ReadResourceResult>;
  prompts(signal: AbortSignal): Promise<Prompt[]>;
  /** Throws a protocol error when no source has it. */
  prompt(
    name: string,
    args: { readonly [name: string]: string },
    signal: AbortSignal,
  ): Promise<GetPromptResult>;
}

type Feature = "resources.list" | "resources.read" | "prompts.list" | "prompts.get";

const resourceNotFound = -32_002;

export function createNativeFeatures(
  codemode: Codemode,
  {
    sources,
    principal,
  }: { readonly sources: () => Promise<readonly string[]>; readonly principal?: string | undefined },
): NativeFeatures {
  async function ask(feature: Feature, args: readonly unknown[], signal: AbortSignal): Promise<Answered> {
    let answer: SourceAnswer | undefined;
    const code = `return await codemode.${feature}(${args.map((each) => JSON.stringify(each)).join(", ")})`;
    const { document } = await codemode.execute({
      code,
      signal,
      ...(principal === undefined ? {} : { principal }),
      onAnswer: (given) => {
        answer = given;
      },
    });
    if (document.status === "completed") return { ok: true, value: answer?.value ?? document.result };
    const { code: reason = document.status, message = "" } = document.error ?? {};
    return { ok: false, reason, message };
  }

  /** A source that has none of them, or cannot be reached, takes nothing from the others. */
  async function list<T extends { readonly [key in Key]: string }, Key extends string>(
    feature: Feature,
    key: Key,
    signal: AbortSignal,
  ): Promise<T[]> {
    const answers = await Promise.all((await sources()).map((source) => ask(feature, [source], signal)));
    const items = answers.flatMap((answer) => (answer.ok && Array.isArray(answer.value) ? answer.value : []));
    // What two sources have under one name is the first one's.
    return [
      ...new Map(items.toReversed().map((item) => [Reflect.get(Object(item), key), item])).values(),
    ].toReversed() as unknown as T[];
  }

  async function first(feature: Feature, args: readonly unknown[], signal: AbortSignal): Promise<Answered> {
    let failed: Answered | undefined;
    for (const source of await sources()) {
      const answer = await ask(feature, [source, ...args], signal);
      if (answer.ok) return answer;
      // "unsupported" is the least that can be said of it.
      if (failed === undefined || answer.reason !== "unsupported") failed = answer;
    }
    return failed ?? { ok: false, reason: "unsupported", message: "No source has any." };
  }

  return {
    resources: (signal) => list<Resource, "uri">("resources.list", "uri", signal),
    prompts: (signal) => list<Prompt, "name">("prompts.list", "name", signal),
    readResource: async (uri, signal) => {
      const answer = await first("resources.read", [uri], signal);
      const upstream = answer.ok ? upstreamResultOf(answer.value) : undefined;
      if (upstream !== undefined) return upstream as ReadResourceResult;
      throw new ProtocolError(resourceNotFound, answer.ok ? "The answer is gone." : answer.message, { uri });
    },
    prompt: async (name, args, signal) => {
      const answer = await first("prompts.get", [name, args], signal);
      const upstream = answer.ok ? upstreamResultOf(answer.value) : undefined;
      if (upstream !== undefined) return upstream as GetPromptResult;
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        answer.ok ? "The answer is gone." : answer.message,
      );
    },
  };
}

type Answered =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string; readonly message: string };
