/** Saved snippets as MCP tools and prompts, by the official client. */
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { expect, onTestFinished, test } from "vitest";
import { createCodemode, createFunctionsSource, createWorkerdEngine } from "../../src/index.ts";
import { createMcpServer, type McpServerOptions } from "../../src/surfaces/mcp/create-mcp-server.ts";

async function connect(options: McpServerOptions): Promise<Client> {
  const source = createFunctionsSource("s", {
    read: { description: "Reads.", effect: "read", input: { type: "object" }, run: () => 10 },
  });
  const codemode = createCodemode({ sources: [source], engine: createWorkerdEngine() });
  onTestFinished(() => codemode.close());
  await codemode.snippets.save({
    name: "times",
    description: "Ten times n.",
    code: "async (input: { /** How often. */ n: number }) => (await tools.s.read({})) * input.n",
  });
  await codemode.snippets.save({ name: "bare", description: "Answers.", code: "return [input, 1]" });
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: "test", version: "1" });
  await createMcpServer(codemode, options).connect(far);
  await client.connect(near);
  onTestFinished(() => client.close());
  return client;
}

test("are tools of their own where the operator says so", async () => {
  const client = await connect({ expose: ["tools"] });
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(["search", "execute", "snippet_bare", "snippet_times"]);
  expect(tools[3]?.inputSchema).toMatchObject({ required: ["n"] });
  const found = await client.callTool({ name: "snippet_times", arguments: { n: 4 } });
  expect(found).toMatchObject({ _meta: { "codemode/run": { status: "completed", result: 40 } } });
  const bare = await client.callTool({ name: "snippet_bare", arguments: { input: "x" } });
  expect(bare).toMatchObject({ _meta: { "codemode/run": { result: ["x", 1] } } });
  const wrong = await client.callTool({ name: "snippet_times", arguments: { n: "4" } });
  expect(wrong).toMatchObject({
    isError: true,
    _meta: { "codemode/run": { error: { code: "saved_snippet_input" } } },
  });
  expect(client.getServerCapabilities()?.prompts).toBeUndefined();
});

test("are prompts of their own where the operator says so", async () => {
  const client = await connect({ expose: ["prompts"] });
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["search", "execute"]);
  await expect(client.callTool({ name: "snippet_times", arguments: { n: 4 } })).rejects.toThrow("no tool");
  const { prompts } = await client.listPrompts();
  expect(prompts).toMatchObject([
    { name: "bare" },
    { name: "times", arguments: [{ name: "n", required: true, description: "How often." }] },
  ]);
  const { messages } = await client.getPrompt({ name: "times", arguments: { n: "4" } });
  expect(JSON.stringify(messages)).toContain('codemode.run(\\\\\\"times\\\\\\", {\\\\\\"n\\\\\\":4})');
  await expect(client.getPrompt({ name: "__proto__" })).rejects.toThrow("no prompt");
});

test("are nobody else's", async () => {
  const client = await connect({ expose: ["tools", "prompts"], principal: "other" });
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["search", "execute"]);
  expect((await client.listPrompts()).prompts).toEqual([]);
  await expect(client.callTool({ name: "snippet_times", arguments: { n: 4 } })).rejects.toThrow("no tool");
  const search = { name: "search", arguments: { query: "ten times n" } };
  expect(JSON.stringify(await client.callTool(search))).not.toContain("times");
  expect(JSON.stringify(await (await connect({})).callTool(search))).toContain("codemode.run(");
});
