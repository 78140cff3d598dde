/**
 * The tools in the shapes of OpenAI's APIs, Chat Completions and Responses, and the answers to what a model called.
 * Many other providers and local servers speak the former.
 */
import type { AgentCallOptions, AgentTools } from "./create-agent-tools.ts";

export interface OpenAiTool {
  readonly type: "function";
  readonly function: {
    readonly name: string;
    readonly description: string;
    readonly parameters: { [keyword: string]: unknown };
  };
}

export interface OpenAiResponseTool {
  readonly type: "function";
  readonly name: string;
  readonly description: string;
  readonly parameters: { [keyword: string]: unknown };
  readonly strict: false;
}

/** For `chat.completions.create({ tools })`. */
export function openAiTools({ tools }: Pick<AgentTools, "tools">): OpenAiTool[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: "function",
    function: { name, description, parameters: { ...inputSchema } },
  }));
}

/** For `responses.create({ tools })`. */
export function openAiResponseTools({ tools }: Pick<AgentTools, "tools">): OpenAiResponseTool[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: "function",
    name,
    description,
    parameters: { ...inputSchema },
    // Strict schemas know no optional fields.
    strict: false,
  }));
}

export interface OpenAiAnswer {
  readonly role: "tool";
  readonly tool_call_id: string;
  readonly content: string;
}

/** Runs the `tool_calls` of a chat completion's message, in order, and answers with the messages to append. */
export async function answerOpenAi(
  agent: AgentTools,
  calls: readonly { readonly type: string; readonly id: string }[] | null | undefined,
  options?: AgentCallOptions,
): Promise<OpenAiAnswer[]> {
  const answers: OpenAiAnswer[] = [];
  for (const call of calls ?? []) {
    if (!isFunctionCall(call)) continue;
    const content = await agent.call(call.function.name, call.function.arguments, options);
    answers.push({ role: "tool", tool_call_id: call.id, content });
  }
  return answers;
}

export interface OpenAiResponseAnswer {
  readonly type: "function_call_output";
  readonly call_id: string;
  readonly output: string;
}

/** Runs the `function_call` items of a response's output, in order, and answers with the input items to append. */
export async function answerOpenAiResponse(
  agent: AgentTools,
  output: readonly { readonly type: string }[],
  options?: AgentCallOptions,
): Promise<OpenAiResponseAnswer[]> {
  const answers: OpenAiResponseAnswer[] = [];
  for (const item of output) {
    if (!isResponseCall(item)) continue;
    const text = await agent.call(item.name, item.arguments, options);
    answers.push({ type: "function_call_output", call_id: item.call_id, output: text });
  }
  return answers;
}

interface FunctionCall {
  readonly type: string;
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

function isFunctionCall(call: { readonly type: string; readonly id: string }): call is FunctionCall {
  return call.type === "function" && "function" in call;
}

interface ResponseCall {
  readonly type: string;
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
}

function isResponseCall(item: { readonly type: string }): item is ResponseCall {
  return item.type === "function_call" && "call_id" in item && "name" in item && "arguments" in item;
}
