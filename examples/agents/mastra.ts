/** Mastra: OPENAI_API_KEY=… node examples/agents/mastra.ts */
import { Agent } from "@mastra/core/agent";
import { createTool } from "@mastra/core/tools";
import * as z from "zod";
import { agent, codemode, question } from "./stock.ts";

const tools = Object.fromEntries(
  agent.tools.map(({ name, description, inputSchema, execute }) => [
    name,
    createTool({
      id: name,
      description,
      inputSchema: z.fromJSONSchema(inputSchema),
      execute: (input, context) => execute(input, { signal: context?.abortSignal }),
    }),
  ]),
);
const worker = new Agent({
  id: "warehouse",
  name: "Warehouse",
  instructions: agent.instructions,
  model: {
    id: "openai/gpt-5-mini",
    url: process.env["OPENAI_BASE_URL"] ?? "https://api.openai.com/v1",
    apiKey: process.env["OPENAI_API_KEY"] ?? "",
  },
  tools,
});
const { text } = await worker.generate(question);
console.log(text);
await codemode.close();
