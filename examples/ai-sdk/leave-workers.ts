/** Written for @cloudflare/codemode, without Workers: node examples/ai-sdk/leave-workers.ts */
import { generateText, stepCountIs, tool } from "ai";
import { createWorkerdEngine } from "codemode";
import { createCodeTool } from "codemode/ai";
import { createExecutor } from "codemode/cloudflare";
import * as z from "zod";
import { scriptedModel } from "./scripted-model.ts";

const tools = {
  getWeather: tool({
    description: "Get weather for a location",
    inputSchema: z.object({ location: z.string() }),
    execute: async ({ location }) => `Weather in ${location}: sunny`,
  }),
};

// It was: new DynamicWorkerExecutor({ loader: env.LOADER })
const executor = createExecutor({ engine: createWorkerdEngine() });
const codemode = createCodeTool({ tools, executor });

const { text } = await generateText({
  model: scriptedModel([
    () => ({
      call: "codemode",
      input: { code: `async () => (await codemode.getWeather({ location: "London" })).includes("sunny")` },
    }),
    (prompt) => (prompt.includes('"result":true') ? "Yes, the sun shines in London." : prompt),
  ]),
  tools: { codemode },
  prompt: "Does the sun shine in London?",
  stopWhen: stepCountIs(5),
});
console.log(text);
await executor.close();
