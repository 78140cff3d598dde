/** A tool that needs approval, in the AI SDK's own flow: node examples/ai-sdk/approval.ts */
import { generateText, stepCountIs, tool, type ModelMessage } from "ai";
import { codemode } from "codemode/ai";
import * as z from "zod";
import { scriptedModel } from "./scripted-model.ts";

const invoices = { a1: 120, b2: 80 };
const wrapped = codemode({
  tools: {
    listInvoices: tool({ inputSchema: z.object({}), execute: async () => Object.entries(invoices) }),
    pay: tool({
      description: "Pays an invoice.",
      inputSchema: z.object({ id: z.string(), amount: z.number() }),
      needsApproval: ({ amount }) => amount >= 100,
      execute: async ({ id }) => `paid ${id}`,
    }),
  },
});

const model = scriptedModel([
  () => ({
    call: "execute",
    input: {
      code: `const paid = [];
for (const [id, amount] of await tools.app.listInvoices({})) paid.push(await tools.app.pay({ id, amount }));
return paid;`,
    },
  }),
  // The paused run has told it how to go on; that call is what a person is asked about.
  (prompt) => ({ call: "execute", input: { resume: /run_\w+\.\w+/.exec(prompt)?.[0] ?? "" } }),
  (prompt) => (prompt.includes("paid a1") ? "Both are paid." : "Nothing is paid."),
]);

const messages: ModelMessage[] = [{ role: "user", content: "Pay my invoices." }];
for (;;) {
  const { text, content, response } = await generateText({
    model,
    tools: wrapped.tools,
    messages,
    stopWhen: stepCountIs(5),
  });
  messages.push(...response.messages);
  const asked = content.filter((part) => part.type === "tool-approval-request");
  if (asked.length === 0) {
    console.log(text);
    break;
  }
  // Here a screen would ask; what it shows are the exact calls.
  for (const { questions } of await wrapped.codemode.pending())
    for (const { path, args } of questions) console.log(`May it call ${path}(${JSON.stringify(args)})? yes`);
  messages.push({
    role: "tool",
    content: asked.map(({ approvalId }) => ({
      type: "tool-approval-response" as const,
      approvalId,
      approved: true,
    })),
  });
}
await wrapped.close();
