/** `@utcp/code-mode` as its README uses it: two direct-call tools, `callToolChain`. */
import { CodeModeUtcpClient } from "@utcp/code-mode";
import { addFunctionToUtcpDirectCall } from "@utcp/direct-call";
import { wait, type Contestant } from "../contestant.ts";

const tool = (name: string) => ({
  name,
  description: name,
  inputs: { type: "object", properties: { v: {} } },
  tool_call_template: { call_template_type: "direct-call", callable_name: name },
});

const prelude = "const echo = (v) => lab.echo({ v }), wait = (ms) => lab.wait({ v: ms });";

export const utcp: Contestant = {
  name: "@utcp/code-mode",
  async open({ timeoutMs }) {
    addFunctionToUtcpDirectCall("manual", async () => ({
      utcp_version: "0.2.0",
      tools: [tool("echo"), tool("wait")],
    }));
    addFunctionToUtcpDirectCall("echo", async (v: unknown) => v);
    addFunctionToUtcpDirectCall("wait", async (v: unknown) => wait(Number(v)));
    const client = await CodeModeUtcpClient.create();
    const manual = { name: "lab", call_template_type: "direct-call", callable_name: "manual" };
    await client.registerManual(manual);
    return {
      async run(body) {
        const { result, logs } = await client.callToolChain(`${prelude} ${body}`, timeoutMs);
        // It reports failures as a result of null and a line in the log.
        if (result === null && logs.length > 0) throw new Error(logs.join("\n"));
        return result;
      },
      [Symbol.asyncDispose]: () => client.close(),
    };
  },
};
