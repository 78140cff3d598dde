/** The tools in the shape of Anthropic's Messages API, and the answers to what a model called. */
import type { AgentCallOptions, AgentTools } from "./create-agent-tools.ts";

export interface AnthropicTool {
  readonly name: string;
  readonly description: string;
  readonly input_schema: { type: "object"; [keyword: string]: unknown };
}

/** For `messages.create({ tools })`. */
export function anthropicTools({ tools }: Pick<AgentTools, "tools">): AnthropicTool[] {
  return tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    input_schema: { ...inputSchema },
  }));
}

export interface AnthropicAnswer {
  readonly type: "tool_result";
  readonly tool_use_id: string;
  readonly content: string;
}

/**
 * Runs every `tool_use` block of a message's content, in order, and answers with the blocks of the next user message.
 */
export async function answerAnthropic(
  agent: AgentTools,
  content: readonly { readonly type: string }[],
  options?: AgentCallOptions,
): Promise<AnthropicAnswer[]> {
  const answers: AnthropicAnswer[] = [];
  for (const block of content) {
    if (!isToolUse(block)) continue;
    const text = await agent.call(block.name, block.input, options);
    answers.push({ type: "tool_result", tool_use_id: block.id, content: text });
  }
  return answers;
}

function isToolUse(block: { readonly type: string }): block is {
  readonly type: "tool_use";
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
} {
  return block.type === "tool_use" && "id" in block && "name" in block && "input" in block;
}
