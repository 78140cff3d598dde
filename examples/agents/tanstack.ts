/** TanStack AI: OPENAI_API_KEY=… node examples/agents/tanstack.ts */
import { chat, toolDefinition } from "@tanstack/ai";
import { openaiChatCompletions } from "@tanstack/ai-openai";
import { agent, codemode, question } from "./stock.ts";

const tools = agent.tools.map(({ name, description, inputSchema, execute }) =>
  toolDefinition({ name, description, inputSchema }).server((input: unknown) => execute(input)),
);
const text = await chat({
  adapter: openaiChatCompletions("gpt-5-mini"),
  systemPrompts: [agent.instructions],
  messages: [{ role: "user", content: question }],
  tools,
  stream: false,
});
console.log(text);
await codemode.close();
