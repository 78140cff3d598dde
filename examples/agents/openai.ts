/** OpenAI's SDK, by Chat Completions: OPENAI_API_KEY=… node examples/agents/openai.ts */
import { answerOpenAi, openAiTools } from "codemode/agents";
import OpenAI from "openai";
import { agent, codemode, question } from "./stock.ts";

const client = new OpenAI();
const messages: OpenAI.ChatCompletionMessageParam[] = [
  { role: "system", content: agent.instructions },
  { role: "user", content: question },
];
for (;;) {
  const completion = await client.chat.completions.create({
    model: "gpt-5-mini",
    messages,
    tools: openAiTools(agent),
  });
  const message = completion.choices[0]?.message;
  if (message === undefined) break;
  messages.push(message);
  const answers = await answerOpenAi(agent, message.tool_calls);
  if (answers.length === 0) {
    console.log(message.content);
    break;
  }
  messages.push(...answers);
}
await codemode.close();
