/** OpenAI's SDK, by Responses: OPENAI_API_KEY=… node examples/agents/openai-responses.ts */
import { answerOpenAiResponse, openAiResponseTools } from "codemode/agents";
import OpenAI from "openai";
import { agent, codemode, question } from "./stock.ts";

const client = new OpenAI();
const input: OpenAI.Responses.ResponseInputItem[] = [{ role: "user", content: question }];
for (;;) {
  const response = await client.responses.create({
    model: "gpt-5-mini",
    instructions: agent.instructions,
    input,
    tools: openAiResponseTools(agent),
  });
  const answers = await answerOpenAiResponse(agent, response.output);
  if (answers.length === 0) {
    console.log(response.output_text);
    break;
  }
  input.push(...response.output.filter((item) => item.type === "function_call"), ...answers);
}
await codemode.close();
