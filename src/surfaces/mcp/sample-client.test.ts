import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { expect, onTestFinished, test } from "vitest";
import { createCodemode, createWorkerdEngine } from "../../index.ts";
import { documentOf } from "../../../test/fixtures/asking-client.ts";
import { createMcpServer } from "./create-mcp-server.ts";

async function connect(answer?: (text: string) => string): Promise<Client> {
  const codemode = createCodemode({ sources: [], engine: createWorkerdEngine() });
  const client = new Client(
    { name: "test", version: "1" },
    { capabilities: answer === undefined ? {} : { sampling: {} }, versionNegotiation: { mode: "legacy" } },
  );
  if (answer !== undefined)
    client.setRequestHandler("sampling/createMessage", async ({ params }) => ({
      role: "assistant",
      model: "test",
      content: { type: "text", text: answer(JSON.stringify(params)) },
    }));
  const [near, far] = InMemoryTransport.createLinkedPair();
  await createMcpServer(codemode).connect(far);
  await client.connect(near);
  onTestFinished(async () => {
    await client.close();
    await codemode.close();
  });
  return client;
}

const code = `return (await codemode.ask({ prompt: "How many?", schema: { type: "integer" }, maxTokens: 9 })) + 1`;

test("a client that offers sampling answers a question in the middle of a snippet", async () => {
  let asked = "";
  const client = await connect((params) => {
    asked = params;
    return "41";
  });
  const result = await client.callTool({ name: "execute", arguments: { code } });
  expect(documentOf(result)).toMatchObject({ status: "completed", result: 42 });
  expect(JSON.parse(asked)).toMatchObject({ maxTokens: 9 });
  expect(asked).toContain("How many?");
  expect(asked).toContain("JSON Schema");
});

test("a client without sampling is not asked", async () => {
  const result = await (await connect()).callTool({ name: "execute", arguments: { code } });
  expect(documentOf(result)).toMatchObject({ status: "failed", error: { code: "unsupported" } });
});
