/** Two lines to Code Mode: node examples/ai-sdk/two-lines.ts */
import { generateText, stepCountIs, tool } from "ai";
import { codemode } from "codemode/ai";
import * as z from "zod";
import { scriptedModel } from "./scripted-model.ts";

const degrees: { readonly [city: string]: number } = { Rome: 24, Berlin: 12, Oslo: 5 };
const getWeather = tool({
  description: "The weather of a city today.",
  inputSchema: z.object({ city: z.string() }),
  outputSchema: z.object({ city: z.string(), degrees: z.number() }),
  execute: async ({ city }) => ({ city, degrees: degrees[city] ?? 15 }),
});

const wrapped = codemode({ system: "You help people pack.", tools: { getWeather } });
const { system, tools } = wrapped;

const { text, steps } = await generateText({
  model: scriptedModel([
    () => ({
      call: "execute",
      input: {
        code: `const cities = ["Rome", "Berlin", "Oslo"];
const all = await Promise.all(cities.map((city) => tools.app.getWeather({ city })));
return all.filter(({ degrees }) => degrees < 15).map(({ city }) => city);`,
      },
    }),
    (prompt) => (prompt.includes("Oslo") ? "Take a coat to Berlin and Oslo." : prompt),
  ]),
  system,
  tools,
  prompt: "Where do I need a coat: Rome, Berlin or Oslo?",
  stopWhen: stepCountIs(5),
});
console.log(`${text} (${steps.length} steps)`);
await wrapped.close();
