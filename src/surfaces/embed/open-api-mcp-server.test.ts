import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { expect, it, onTestFinished } from "vitest";
import { createQuickJsEngine } from "../../index.ts";
import { openApiMcpServer, type OpenApiMcpServerOptions } from "./open-api-mcp-server.ts";

const spec = {
  openapi: "3.1.0",
  info: { title: "Shop", version: "1" },
  paths: {
    "/orders/{id}": {
      get: {
        operationId: "getOrder",
        parameters: [
          { name: "id", in: "path", required: true, schema: { type: "string" } },
          { name: "tag", in: "query", schema: { type: "array", items: { type: "string" } } },
        ],
        responses: { 200: { description: "One order." } },
      },
    },
    "/orders": {
      post: {
        operationId: "createOrder",
        requestBody: {
          content: {
            "application/json": { schema: { type: "object", properties: { sku: { type: "string" } } } },
          },
        },
        responses: { 200: { description: "Created." } },
      },
    },
  },
};

async function start(
  request: OpenApiMcpServerOptions["request"],
  options: Partial<OpenApiMcpServerOptions> = {},
): Promise<(code: string) => Promise<{ readonly text: string; readonly isError: boolean }>> {
  const engine = createQuickJsEngine();
  const wrapped = await openApiMcpServer({ spec, request, engine, policy: "allow-all", ...options });
  onTestFinished(() => wrapped.close());
  const [near, far] = InMemoryTransport.createLinkedPair();
  await wrapped.createServer().connect(far);
  const client = new Client({ name: "test", version: "1" });
  await client.connect(near);
  return async (code) => {
    const { content, isError = false } = await client.callTool({ name: "execute", arguments: { code } });
    return { text: content[0]?.type === "text" ? content[0].text : "", isError };
  };
}

it("gives the host each request, encoded, and the snippet what the host answers", async () => {
  const seen: unknown[] = [];
  const run = await start((request, { principal, signal, runId }) => {
    seen.push(request);
    expect([principal, signal.aborted, runId.length > 0]).toEqual(["local", false, true]);
    return { ok: true, at: new Date(0) };
  });
  const { text } = await run(
    'const got = await tools.api.getOrder({ id: "a b", tag: ["x", "y&z"] }); await tools.api.createOrder({ body: { sku: "s" } }); return got',
  );
  expect(text).toContain("1970-01-01");
  expect(seen).toMatchObject([
    { method: "GET", path: "/orders/a%20b", query: { tag: ["x", "y&z"] } },
    { method: "POST", path: "/orders", query: {}, contentType: "application/json", body: { sku: "s" } },
  ]);
  expect(seen[0]).not.toHaveProperty("body");
});

it("refuses what would leave the operation's path before the host is asked", async () => {
  let asked = 0;
  const run = await start(() => (asked += 1));
  expect((await run('return await tools.api.getOrder({ id: ".." })')).text).toContain(
    "tool_arguments_invalid",
  );
  expect(asked).toBe(0);
});

it("tells the snippet why a request failed, and no more", async () => {
  const run = await start(() => {
    throw new Error("the API is closed on Sundays");
  });
  const { text, isError } = await run('return await tools.api.getOrder({ id: "1" })');
  expect(isError).toBe(true);
  expect(text).toContain("the API is closed on Sundays");
  expect(text).not.toContain("open-api-mcp-server.test.ts");
});

it("ends a request that takes too long, and tells the host so", async () => {
  const aborted = Promise.withResolvers<boolean>();
  const run = await start(
    (_request, { signal }) => {
      signal.addEventListener("abort", () => aborted.resolve(true));
      return new Promise(() => {});
    },
    { limits: { callMs: 200 } },
  );
  expect((await run('return await tools.api.getOrder({ id: "1" })')).text).toContain("source_timeout");
  expect(await aborted.promise).toBe(true);
});

it("says what is wrong with a document", async () => {
  const made = openApiMcpServer({ spec: { openapi: "9" }, request: () => 1, engine: createQuickJsEngine() });
  await expect(made).rejects.toMatchObject({ code: "source_invalid" });
});
