/** Anthropic's SDK: ANTHROPIC_API_KEY=… node examples/agents/anthropic.ts */
import Anthropic from "@anthropic-ai/sdk";
import { answerAnthropic, anthropicTools } from "codemode/agents";
import { agent, codemode, question } from "./stock.ts";

const client = new Anthropic();
const messages: Anthropic.MessageParam[] = [{ role: "user", content: question }];
for (;;) {
  const message = await client.messages.create({
    model: "claude-sonnet-4-5",
    max_tokens: 4_000,
    system: agent.instructions,
    messages,
    tools: anthropicTools(agent),
  });
  const answers = await answerAnthropic(agent, message.content);
  if (answers.length === 0) {
    console.log(message.content.map((block) => (block.type === "text" ? block.text : "")).join(""));
    break;
  }
  messages.push({ role: "assistant", content: message.content }, { role: "user", content: answers });
}
await codemode.close();
