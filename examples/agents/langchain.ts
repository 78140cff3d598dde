/** LangChain.js: OPENAI_API_KEY=… node examples/agents/langchain.ts */
import { HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { agent, codemode, question } from "./stock.ts";

const tools = agent.tools.map(({ name, description, inputSchema, execute }) =>
  tool((input: unknown, config) => execute(input, { signal: config.signal }), {
    name,
    description,
    schema: inputSchema,
  }),
);
const model = new ChatOpenAI({ model: "gpt-5-mini" }).bindTools(tools);
const messages: BaseMessage[] = [new SystemMessage(agent.instructions), new HumanMessage(question)];
for (;;) {
  const message = await model.invoke(messages);
  messages.push(message);
  if ((message.tool_calls ?? []).length === 0) {
    console.log(message.text);
    break;
  }
  for (const call of message.tool_calls ?? []) {
    const content = await agent.call(call.name, call.args);
    messages.push(new ToolMessage({ tool_call_id: call.id ?? "", content }));
  }
}
await codemode.close();
