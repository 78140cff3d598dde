/** Tools, resources and prompts that stand natively beside search and execute, to real clients of both eras. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { McpServer } from "@modelcontextprotocol/server";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  createCodemode,
  createFunctionsSource,
  createMcpSource,
  createQuickJsEngine,
} from "../../src/index.ts";
import type { Codemode, CodemodeOptions, Source } from "../../src/index.ts";
import { codeMcpServer } from "../../src/surfaces/embed/code-mcp-server.ts";
import { createMcpHandler, type McpHandlerOptions } from "../../src/surfaces/embed/create-mcp-handler.ts";
import { picture } from "../fixtures/mcp/native-server.ts";

type Era = "legacy" | "modern";

function desk(): Source {
  const file = join(import.meta.dirname, "../fixtures/mcp/native-server.ts");
  return createMcpSource("desk", { transport: "stdio", command: process.execPath, args: [file] });
}

function start(sources: readonly Source[] = [desk()], options: Partial<CodemodeOptions> = {}): Codemode {
  const codemode = createCodemode({ ...options, sources, engine: createQuickJsEngine() });
  onTestFinished(() => codemode.close());
  return codemode;
}

async function connect(
  codemode: Codemode,
  {
    era = "legacy",
    query = "",
    ...options
  }: McpHandlerOptions & { readonly era?: Era; readonly query?: string },
): Promise<Client> {
  await codemode.catalog({ fresh: true });
  const handler = createMcpHandler(codemode, options);
  const answer = toNodeHandler(handler) as unknown as Parameters<typeof createServer>[1];
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const client = new Client(
    { name: "test", version: "1" },
    { versionNegotiation: { mode: era === "legacy" ? "legacy" : { pin: "2026-07-28" } } },
  );
  await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp${query}`)));
  onTestFinished(async () => {
    await client.close();
    await handler.close();
    server.closeAllConnections();
    server.close();
  });
  return client;
}

const namesOf = async (client: Client): Promise<string[]> =>
  (await client.listTools()).tools.map(({ name }) => name);

describe.each<Era>(["legacy", "modern"])("to a client of the %s era", (era) => {
  it("shows what was chosen as its source states it", async () => {
    const client = await connect(start(), { era, passthrough: ["desk.look", "desk.meas*"] });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["search", "execute", "look", "measure"]);
    expect(tools[3]).toMatchObject({
      title: "Measure",
      annotations: { readOnlyHint: true, idempotentHint: true },
      inputSchema: { properties: { what: { type: "string" } } },
      outputSchema: { properties: { cm: { type: "number" } } },
      _meta: { "example.com/kind": "ruler" },
    });
  });

  it("answers as the source did, and keeps each call as a run", async () => {
    const codemode = start();
    const client = await connect(codemode, { era, passthrough: ["desk.*"] });
    expect((await client.callTool({ name: "look", arguments: {} })).content).toEqual([
      { type: "text", text: "Here:" },
      { type: "image", data: picture, mimeType: "image/png", annotations: { audience: ["user"] } },
    ]);
    const measured = await client.callTool({ name: "measure", arguments: { what: "ink" } });
    expect(measured).toMatchObject({
      content: [{ type: "text", text: "ink has 7 cm" }],
      structuredContent: { cm: 7 },
      _meta: { "example.com/by": "eye", "codemode/run": { status: "completed" } },
    });
    expect(await client.callTool({ name: "break", arguments: {} })).toMatchObject({
      content: [{ type: "text", text: "it broke" }],
      isError: true,
    });
    expect((await codemode.runs()).map(({ status }) => status)).toEqual(["failed", "completed", "completed"]);
  });

  it("reads resources and prompts of chosen sources", async () => {
    const client = await connect(start(), { era, passthrough: ["desk.look"] });
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual([
      "desk://note",
      "desk://photo",
    ]);
    expect((await client.readResource({ uri: "desk://photo" })).contents).toEqual([
      { uri: "desk://photo", mimeType: "image/png", blob: picture },
    ]);
    await expect(client.readResource({ uri: "desk://none" })).rejects.toThrow(/desk:\/\/none/);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(["letter"]);
    const { messages } = await client.getPrompt({ name: "letter", arguments: { to: "Ada" } });
    expect(messages.map(({ content }) => content)).toEqual([
      { type: "text", text: "Write to Ada" },
      { type: "image", data: picture, mimeType: "image/png" },
    ]);
  });

  it("serves every tool classically at ?codemode=false", async () => {
    const codemode = start([
      desk(),
      createFunctionsSource("shop", { total: { effect: "read", run: () => ({ sum: 3 }) } }),
    ]);
    const client = await connect(codemode, { era, query: "?codemode=false" });
    expect(await namesOf(client)).toEqual(["break", "look", "measure", "search", "tidy", "total"]);
    expect((await client.callTool({ name: "search", arguments: {} })).content).toEqual([
      { type: "text", text: "found on the desk" },
    ]);
    expect((await client.callTool({ name: "total", arguments: {} })).content).toEqual([
      { type: "text", text: '{"sum":3}' },
    ]);
    await expect(client.callTool({ name: "execute", arguments: { code: "1" } })).rejects.toThrow(/execute/);
  });
});

describe("a tool that stands beside the two", () => {
  it("gets its source's name before its own where that is taken", async () => {
    const other = createFunctionsSource("shop", { look: { effect: "read", run: () => "in the window" } });
    const client = await connect(start([desk(), other]), {
      passthrough: ["desk.look", "desk.search", "shop.look"],
    });
    expect(await namesOf(client)).toEqual(["search", "execute", "desk_look", "desk_search", "shop_look"]);
    expect((await client.callTool({ name: "shop_look", arguments: {} })).content).toEqual([
      { type: "text", text: "in the window" },
    ]);
    expect((await client.callTool({ name: "desk_search", arguments: {} })).content).toEqual([
      { type: "text", text: "found on the desk" },
    ]);
  });

  it("is held by the policy like any other", async () => {
    const codemode = start();
    const client = await connect(codemode, { passthrough: ["desk.tidy"] });
    const paused = await client.callTool({ name: "tidy", arguments: { how: "well" } });
    expect(paused).toMatchObject({ _meta: { "codemode/run": { status: "paused" } } });
    const [pending] = await codemode.pending();
    expect(pending?.questions).toMatchObject([{ path: "desk.tidy", args: { how: "well" } }]);
    const denying = await connect(start([desk()], { policy: "read-only" }), { passthrough: ["desk.tidy"] });
    const denied = await denying.callTool({ name: "tidy", arguments: { how: "well" } });
    expect(denied).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("call_denied") }],
    });
  });

  it("is told what is wrong with its arguments, and nothing is sent", async () => {
    const client = await connect(start(), { passthrough: ["desk.measure"] });
    const wrong = await client.callTool({ name: "measure", arguments: { what: 7 } });
    expect(wrong).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/what/) }] });
  });

  it("is no way to tools that were not chosen", async () => {
    const client = await connect(start(), { passthrough: ["desk.look"] });
    await expect(client.callTool({ name: "tidy", arguments: { how: "well" } })).rejects.toThrow(
      /no tool "tidy"/,
    );
  });
});

describe("a source that is a Code Mode server", () => {
  it("is shown beside the two, not behind them", async () => {
    const inner = new McpServer({ name: "inner", version: "1" });
    inner.registerTool("ping", { annotations: { readOnlyHint: true } }, () => ({
      content: [{ type: "text", text: "pong" }],
    }));
    const wrapped = await codeMcpServer(inner, { engine: createQuickJsEngine() });
    onTestFinished(() => wrapped.close());
    const outer = await codeMcpServer(wrapped.createServer(), {
      engine: createQuickJsEngine(),
      name: "inner",
      policy: "allow-all",
    });
    onTestFinished(() => outer.close());
    const client = await connect(outer.codemode, {});
    expect(await namesOf(client)).toEqual(["search", "execute", "inner_execute", "inner_search"]);
    const { content } = await client.callTool({
      name: "inner_execute",
      arguments: { code: "return await tools.inner.ping({})" },
    });
    expect(content).toMatchObject([{ type: "text", text: expect.stringContaining("pong") }]);
  });
});
