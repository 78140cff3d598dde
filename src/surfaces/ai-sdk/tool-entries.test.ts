import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { Client as FirstClient } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport as FirstTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer as FirstServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { McpServer } from "@modelcontextprotocol/server";
import { jsonSchema, tool } from "ai";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import * as z3 from "zod/v3";
import { startRecordingServer } from "../../../test/fixtures/openapi/recording-server.ts";
import { createFunctionsSource, createQuickJsEngine } from "../../index.ts";
import { codemode, type ToolEntry } from "./codemode.ts";

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

function open<T extends AsyncDisposable>(wrapped: T): T {
  opened.push(wrapped);
  return wrapped;
}

function wrap(tools: { readonly [name: string]: ToolEntry }) {
  return open(codemode({ tools, policy: "allow-all", check: "off", engine: createQuickJsEngine() }));
}

async function run(tools: { readonly [name: string]: ToolEntry }, code: string): Promise<unknown> {
  const { document } = await wrap(tools).codemode.execute({ code });
  return document.error ?? document.result;
}

async function connectedClient(): Promise<Client> {
  const server = new McpServer({ name: "shop", version: "1" });
  server.registerTool("find-item", { inputSchema: z.object({ name: z.string() }) }, ({ name }) => ({
    content: [{ type: "text", text: `found ${name}` }],
  }));
  server.registerTool("fail", {}, () => ({ isError: true, content: [{ type: "text", text: "sold out" }] }));
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  const client = new Client({ name: "test", version: "1" });
  await client.connect(near);
  return client;
}

async function connectedFirstClient(): Promise<FirstClient> {
  const server = new FirstServer({ name: "shop", version: "1" });
  server.registerTool("find-item", { inputSchema: { name: z.string() } }, ({ name }) => ({
    content: [{ type: "text", text: `found ${name}` }],
  }));
  server.registerTool("fail", {}, () => ({ isError: true, content: [{ type: "text", text: "sold out" }] }));
  const [near, far] = FirstTransport.createLinkedPair();
  await server.connect(far);
  const client = new FirstClient({ name: "test", version: "1" });
  await client.connect(near);
  return client;
}

describe("tools of one set", () => {
  const fixtures = join(import.meta.dirname, "../../../test/fixtures/mcp");

  it("mix AI SDK tools, a server by its command, a connected client and a document", async () => {
    const api = await startRecordingServer(() => ({
      headers: { "content-type": "application/json" },
      body: `{"name":"Rex"}`,
    }));
    open(api);
    const pets = {
      openapi: "3.1.0",
      info: { title: "Pets", version: "1" },
      paths: {
        "/pets/{id}": {
          get: {
            operationId: "getPet",
            parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
            responses: {
              200: { description: "ok", content: { "application/json": { schema: { type: "object" } } } },
            },
          },
        },
      },
    };
    const wrapped = wrap({
      greet: tool({
        inputSchema: z.object({ name: z.string() }),
        execute: async ({ name }) => `Hello ${name}`,
      }),
      orders: { command: process.execPath, args: [join(fixtures, "keyed-stdio.ts")] },
      shop: await connectedClient(),
      pets: { spec: pets, baseUrl: api.origin },
      more: { twice: tool({ inputSchema: z.object({ n: z.number() }), execute: async ({ n }) => n * 2 }) },
      notes: createFunctionsSource("notes", { list: () => Promise.resolve(["a"]) }),
    });
    // Not all of it is known at once.
    expect(Object.keys(wrapped.tools).sort()).toEqual(["execute", "search"]);
    expect(wrapped.system).toMatch(/Not available now: .*orders: starting/);
    const { document } = await wrapped.codemode.execute({
      code: `return await Promise.all([
        tools.app.greet({ name: "Ann" }), tools.orders.order({ request_id: "1" }), tools.shop.find_item({ name: "lamp" }),
        tools.pets.getPet({ id: "7" }), tools.more.twice({ n: 2 }), tools.notes.list({}),
      ])`,
    });
    expect(document.error).toBeUndefined();
    expect(document.result).toEqual([
      "Hello Ann",
      { requests: 1, orders: ["1"] },
      "found lamp",
      { name: "Rex" },
      4,
      ["a"],
    ]);
    const { system, tools } = await wrapped.ready();
    expect(Object.keys(tools)).toEqual(["execute"]);
    expect(tools.execute.description).toContain("tools.shop.find_item: (args: { name: string }) =>");
    expect(system).not.toContain("Not available now");
  });

  it.each([
    ["second", connectedClient],
    ["first", connectedFirstClient],
  ])("take a connected client of the official SDK's %s major, and leave it open", async (_, connect) => {
    const client = await connect();
    expect(await run({ shop: client }, `return await tools.shop.find_item({ name: "lamp" })`)).toBe(
      "found lamp",
    );
    expect(await run({ shop: client }, "return await tools.shop.fail({})")).toMatchObject({
      code: "tool_failed",
      message: "sold out",
    });
    expect(await client.callTool({ name: "find-item", arguments: { name: "x" } })).toBeDefined();
    await client.close();
    expect(await run({ shop: client }, "return await tools.shop.fail({})")).toMatchObject({
      message: expect.any(String),
    });
  });

  it("take a client that is asked for its tools, once", async () => {
    const tools = vi.fn(async () => ({
      add: tool({ inputSchema: z.object({ a: z.number() }), execute: async ({ a }) => a + 1 }),
    }));
    expect(
      await run(
        { remote: { tools } },
        "return [await tools.remote.add({ a: 1 }), await tools.remote.add({ a: 2 })]",
      ),
    ).toEqual([2, 3]);
    expect(tools).toHaveBeenCalledTimes(1);
    const down = { tools: () => Promise.reject(new Error("no route")) };
    expect(await run({ remote: down }, "return await tools.remote.add({ a: 1 })")).toMatchObject({
      message: expect.stringContaining("no route"),
    });
  });

  it("take providers of @cloudflare/codemode", async () => {
    const db = { tools: { query: { description: "Runs SQL", execute: async () => [1] } } };
    expect(await run({ db }, "return await tools.db.query({})")).toEqual([1]);
  });

  it("read every kind of schema", async () => {
    const execute = async (args: unknown) => args;
    const kinds = {
      zod4: tool({ inputSchema: z.object({ n: z.coerce.number() }), execute }),
      zod3: tool({ inputSchema: z3.object({ n: z3.number() }), execute }),
      json: tool({
        inputSchema: jsonSchema({ type: "object", properties: { n: { type: "number" } } }),
        execute,
      }),
      checked: tool({
        inputSchema: jsonSchema<{ n: number }>(
          { type: "object" },
          { validate: () => ({ success: false, error: new Error("never right") }) },
        ),
        execute,
      }),
      lazy: tool({ inputSchema: () => jsonSchema({ type: "object" }), execute } as never),
    };
    const call = (name: string) => run(kinds, `return await tools.app.${name}({ n: 1 })`);
    for (const name of ["zod4", "zod3", "json", "lazy"]) expect(await call(name)).toEqual({ n: 1 });
    expect(await call("checked")).toMatchObject({ message: expect.stringContaining("never right") });
    const promised = {
      later: tool({ inputSchema: jsonSchema(Promise.resolve({ type: "object" } as const)), execute }),
    };
    expect(await run(promised, "return await tools.app.later({ n: 2 })")).toEqual({ n: 2 });
  });

  it("stream: the last answer counts", async () => {
    const counting = tool({
      inputSchema: z.object({}),
      async *execute() {
        yield 1;
        yield 2;
        yield 3;
      },
    });
    expect(await run({ counting }, "return await tools.app.counting({})")).toBe(3);
  });

  it("leave what nobody here executes to the application", () => {
    const client = tool({ description: "Asks the user", inputSchema: z.object({ q: z.string() }) });
    const wrapped = wrap({ client, one: { execute: async () => 1 } });
    expect(Object.keys(wrapped.tools).sort()).toEqual(["client", "execute"]);
    expect(Reflect.get(wrapped.tools, "client")).toBe(client);
    expect(() => wrap({ search: client })).toThrow(expect.objectContaining({ code: "config_invalid" }));
  });

  it("refuse what tools cannot be made of, by its name", () => {
    for (const wrong of [{}, { nothing: 1 }, 3, null, "text", [], { a: { execute: async () => 1 }, b: 1 }])
      expect(() => wrap({ wrong: wrong as unknown as ToolEntry })).toThrow(
        expect.objectContaining({ code: "config_invalid", message: expect.stringContaining("tools.wrong") }),
      );
  });
});
