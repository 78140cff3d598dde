import type { IncomingMessage, Server as NodeServer, ServerResponse } from "node:http";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { createMcpExpressApp } from "@modelcontextprotocol/express";
import { createMcpFastifyApp } from "@modelcontextprotocol/fastify";
import { createMcpHonoApp } from "@modelcontextprotocol/hono";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { Hono } from "hono";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCodemode, createFunctionsSource, createQuickJsEngine } from "../../index.ts";
import { createMcpHandler, type McpHandler, type McpHandlerOptions } from "./create-mcp-handler.ts";

/** Each takes the handler, serves it at `/mcp` and answers its port. */
const hosts: { readonly [host: string]: (handler: McpHandler) => Promise<number> } = {
  "node:http": async (handler) =>
    listen(createServer((incoming, outgoing) => void toListener(handler)(incoming, outgoing))),
  "plain Hono": async (handler) => {
    const app = new Hono().all("/mcp", (context) => handler(context.req.raw));
    return listen(
      createServer((incoming, outgoing) => void getRequestListener(app.fetch)(incoming, outgoing)),
    );
  },
  createMcpHonoApp: async (handler) => {
    const app = createMcpHonoApp();
    app.all("/mcp", (context) =>
      handler(context.req.raw, { parsedBody: context.get("parsedBody" as never) }),
    );
    return listen(
      createServer((incoming, outgoing) => void getRequestListener(app.fetch)(incoming, outgoing)),
    );
  },
  createMcpExpressApp: async (handler) => {
    const app = createMcpExpressApp();
    const answer = toListener(handler);
    app.all(
      "/mcp",
      (request: IncomingMessage & { body?: unknown }, response: ServerResponse) =>
        void answer(request, response, request.body),
    );
    return listen(createServer(app));
  },
  createMcpFastifyApp: async (handler) => {
    const app = createMcpFastifyApp();
    const answer = toListener(handler);
    app.all("/mcp", async (request, reply) => {
      reply.hijack();
      await answer(request.raw, reply.raw, request.body);
    });
    await app.listen({ host: "127.0.0.1", port: 0 });
    onTestFinished(() => app.close());
    return (app.server.address() as AddressInfo).port;
  },
};

/** Its types know nothing of `exactOptionalPropertyTypes`. */
const toListener = toNodeHandler as (
  handler: McpHandler,
) => (incoming: IncomingMessage, outgoing: ServerResponse, parsedBody?: unknown) => Promise<void>;

async function listen(server: NodeServer): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function createHandler(options: McpHandlerOptions = {}): McpHandler {
  const source = createFunctionsSource("shop", {
    total: { description: "Adds.", effect: "read", run: () => 42 },
  });
  const codemode = createCodemode({ sources: [source], engine: createQuickJsEngine() });
  const handler = createMcpHandler(codemode, options);
  onTestFinished(async () => {
    await handler.close();
    await codemode.close();
  });
  return handler;
}

describe.each(Object.entries(hosts))("in %s", (_host, serve) => {
  it.each(["legacy", "modern"] as const)("serves clients of the %s era", async (era) => {
    const port = await serve(createHandler());
    const client = new Client(
      { name: "test", version: "1" },
      { versionNegotiation: { mode: era === "legacy" ? "legacy" : { pin: "2026-07-28" } } },
    );
    await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)));
    onTestFinished(() => client.close());
    expect(client.getProtocolEra()).toBe(era);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["search", "execute"]);
    const { content } = await client.callTool({
      name: "execute",
      arguments: { code: "return await tools.shop.total({})" },
    });
    expect(content[0]).toMatchObject({ type: "text", text: expect.stringContaining("42") });
  });

  it.each([
    ["another Host", { host: "evil.example" }],
    ["another Origin", { origin: "https://evil.example" }],
  ])("refuses %s", async (_what, headers) => {
    const port = await serve(createHandler());
    expect(await post(port, headers)).toBe(403);
  });
});

describe("a handler", () => {
  it("asks for its token", async () => {
    const port = (await hosts["node:http"]?.(createHandler({ token: "secret" }))) ?? 0;
    expect(await post(port, {})).toBe(401);
    expect(await post(port, { authorization: "Bearer wrong" })).toBe(401);
    expect(await post(port, { authorization: "Bearer secret" })).toBe(200);
  });

  it("answers names and origins that it was given", async () => {
    const options = { allowedHosts: ["api.example"], allowedOrigins: ["https://app.example"] };
    const port = (await hosts["node:http"]?.(createHandler(options))) ?? 0;
    expect(await post(port, { host: "api.example", origin: "https://app.example" })).toBe(200);
    expect(await post(port, { host: "api.example", origin: "https://other.example" })).toBe(403);
  });

  it("takes the host of the URL where the platform gives no header", async () => {
    const handler = createHandler();
    const ping = (url: string): Promise<Response> =>
      handler(new Request(url, { method: "POST", body: "{}" }));
    expect((await ping("http://evil.example/mcp")).status).toBe(403);
    expect((await ping("http://localhost/mcp")).status).not.toBe(403);
  });
});

/** Not by fetch, which writes Host and Origin itself. */
function post(port: number, headers: { readonly [name: string]: string }): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sending = httpRequest(
    {
      port,
      host: "127.0.0.1",
      path: "/mcp",
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
    },
    (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    },
  );
  sending.once("error", reject);
  sending.end(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }));
  return promise;
}
