import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { McpServer, Server } from "@modelcontextprotocol/server";
import { McpServer as McpServer1 } from "@modelcontextprotocol/sdk/server/mcp.js";
import { describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { createQuickJsEngine } from "../../index.ts";
import { codeMcpServer, type CodeMcpServerOptions, type WrappedServer } from "./code-mcp-server.ts";

function createShop(): McpServer {
  const server = new McpServer({ name: "shop.example", version: "1" });
  const inputSchema = z.object({ id: z.number() });
  server.registerTool(
    "get-order",
    { description: "One order.", inputSchema, annotations: { readOnlyHint: true } },
    ({ id }) => ({ content: [{ type: "text", text: JSON.stringify({ id, total: 7 }) }] }),
  );
  server.registerTool("cancel-order", { description: "Cancels.", inputSchema }, () => ({
    content: [{ type: "text", text: "cancelled" }],
  }));
  return server;
}

async function wrap(
  server: Parameters<typeof codeMcpServer>[0],
  options: CodeMcpServerOptions = {},
): Promise<WrappedServer> {
  const wrapped = await codeMcpServer(server, { engine: createQuickJsEngine(), ...options });
  onTestFinished(() => wrapped.close());
  return wrapped;
}

async function connect(wrapped: WrappedServer): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await wrapped.createServer().connect(far);
  const client = new Client({ name: "test", version: "1" });
  await client.connect(near);
  onTestFinished(() => client.close());
  return client;
}

async function run(client: Client, code: string): Promise<string> {
  const { content } = await client.callTool({ name: "execute", arguments: { code } });
  const [block] = content;
  return block?.type === "text" ? block.text : "";
}

describe("codeMcpServer", () => {
  it("serves a server's tools as search and execute, under its own name", async () => {
    const client = await connect(await wrap(createShop()));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["search", "execute"]);
    expect(
      await run(
        client,
        "const all = await Promise.all([1, 2].map((id) => tools.shop_example.get_order({ id }))); return all.map((each) => each.id + each.total)",
      ),
    ).toMatch(/8,\s*9/);
  });

  it("asks before a write, and believes what the server says of its reads unless told otherwise", async () => {
    const client = await connect(await wrap(createShop(), { name: "shop" }));
    expect(await run(client, "return await tools.shop.cancel_order({ id: 1 })")).toContain("paused");
    const strict = await connect(await wrap(createShop(), { name: "shop", trusted: false }));
    expect(await run(strict, "return await tools.shop.get_order({ id: 1 })")).toContain("paused");
  });

  it("serves each client by a server of its own", async () => {
    const wrapped = await wrap(createShop(), { name: "shop" });
    const clients = await Promise.all([connect(wrapped), connect(wrapped)]);
    const texts = await Promise.all(
      clients.map((client, at) => run(client, `return (await tools.shop.get_order({ id: ${at} })).id`)),
    );
    expect(texts.map((text) => text.trim().slice(0, 1))).toEqual(["0", "1"]);
  });

  it("wraps servers of the SDK's first major as well", async () => {
    const server = new McpServer1({ name: "old", version: "1" });
    server.registerTool("ping", { annotations: { readOnlyHint: true } }, () => ({
      content: [{ type: "text", text: "pong" }],
    }));
    const client = await connect(await wrap(server));
    expect(await run(client, "return await tools.old.ping({})")).toContain("pong");
  });

  it("closes the server with itself", async () => {
    const shop = createShop();
    const wrapped = await codeMcpServer(shop, { engine: createQuickJsEngine() });
    expect(shop.isConnected()).toBe(true);
    await wrapped.close();
    expect(shop.isConnected()).toBe(false);
  });

  it("refuses a server that serves somebody else already", async () => {
    const shop = createShop();
    await shop.connect(InMemoryTransport.createLinkedPair()[0]);
    await expect(codeMcpServer(shop)).rejects.toMatchObject({ code: "config_invalid" });
  });

  it("says what is wrong with a server whose tools cannot be listed", async () => {
    const server = new Server({ name: "broken", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", () => {
      throw new Error("no tools today");
    });
    await expect(codeMcpServer(server, { engine: createQuickJsEngine() })).rejects.toMatchObject({
      code: "source_unavailable",
      message: expect.stringContaining("no tools today"),
    });
  });
});
