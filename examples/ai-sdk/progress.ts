/** What a run does while it goes on, for a screen: node examples/ai-sdk/progress.ts */
import { stepCountIs, streamText, tool } from "ai";
import { codemode } from "codemode/ai";
import * as z from "zod";
import { scriptedModel } from "./scripted-model.ts";

await using wrapped = codemode({
  tools: {
    fetchPage: tool({
      inputSchema: z.object({ page: z.number() }),
      execute: async ({ page }) => {
        await new Promise((resolve) => setTimeout(resolve, 200));
        return { items: page * 10 };
      },
    }),
  },
});

const result = streamText({
  model: scriptedModel([
    () => ({
      call: "execute",
      input: {
        code: `let items = 0;
for (const page of [1, 2, 3]) items += (await tools.app.fetchPage({ page })).items;
return items;`,
      },
    }),
    (prompt) => (prompt.includes("60") ? "There are 60 items." : prompt),
  ]),
  tools: wrapped.tools,
  prompt: "How many items are there?",
  stopWhen: stepCountIs(5),
});
for await (const part of result.fullStream) {
  if (part.type === "tool-result" && !part.dynamic && part.toolName === "execute") {
    const { output } = part;
    if (output.kind === "progress") console.log(`${output.issued} calls, now ${output.calls.at(-1)?.path}`);
    else if (part.preliminary !== true) console.log(output.kind === "run" ? output.run.status : output.text);
  }
  if (part.type === "text-delta") console.log(part.text);
}
