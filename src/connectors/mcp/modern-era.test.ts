/** Servers of the 2026-07-28 revision, over stdio and over HTTP, and the same server to an old client. */
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { describe, expect, onTestFinished, test } from "vitest";
import { callTool, listTools } from "../../../test/fixtures/mcp/call-context.ts";
import { createModernServer } from "../../../test/fixtures/mcp/modern-server.ts";
import type { Source } from "../../spec/source.ts";
import { createMcpSource } from "./create-mcp-source.ts";

const script = join(import.meta.dirname, "../../../test/fixtures/mcp/modern-stdio.ts");

function dispose(source: Source): Source {
  onTestFinished(() => source[Symbol.asyncDispose]());
  return source;
}

function overStdio(...args: string[]): Source {
  return dispose(
    createMcpSource("modern", { transport: "stdio", command: process.execPath, args: [script, ...args] }),
  );
}

async function overHttp(): Promise<{ source: Source; changed: () => void; requests: Request[] }> {
  const requests: Request[] = [];
  const handler = createMcpHandler(() => createModernServer().server, { legacy: "reject" });
  const port = Promise.withResolvers<number>();
  const server = serve(
    {
      port: 0,
      hostname: "127.0.0.1",
      fetch: (request) => {
        requests.push(request.clone());
        return handler.fetch(request);
      },
    },
    (address) => port.resolve(address.port),
  );
  const source = createMcpSource("modern", {
    transport: "http",
    url: `http://127.0.0.1:${await port.promise}/mcp`,
    headers: { Authorization: "Bearer ${TOKEN}" },
    resolve: (text) => text.replace("${TOKEN}", "secret-token"),
  });
  onTestFinished(async () => {
    await source[Symbol.asyncDispose]();
    await handler.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { source, changed: () => handler.notify.toolsChanged(), requests };
}

const transports = {
  stdio: async () => overStdio("modern-only"),
  http: async () => (await overHttp()).source,
};

describe.each(Object.entries(transports))("over %s", (_name, create) => {
  test("the era is found out; tools are listed and called", async () => {
    const source = await create();
    const listing = await listTools(source);
    expect(listing).toMatchObject({ title: "A modern server", instructions: "Adds numbers.", issues: [] });
    expect(listing.tools.map((tool) => tool.upstreamName)).toEqual([
      "plus",
      "slow",
      "aborted",
      "meta",
      "ask",
      "grow",
    ]);
    expect(await callTool(source, "plus", { a: 2, b: 3 })).toEqual({ sum: 5 });
    expect(source.status()).toMatchObject({
      state: "ready",
      details: expect.arrayContaining(["protocol: 2026-07-28", "server: modern 1.2.3"]),
    });
  });

  test("progress is passed on, cancelling reaches the tool", async () => {
    const source = await create();
    const progress: unknown[] = [];
    expect(
      await callTool(source, "slow", { steps: 2, ms: 20 }, { onProgress: (each) => progress.push(each) }),
    ).toBe("slept 2 times");
    expect(progress).toEqual([
      { done: 1, total: 2, message: "step 1" },
      { done: 2, total: 2, message: "step 2" },
    ]);
    const { aborted } = Object(await callTool(source, "aborted"));
    const cancel = new AbortController();
    const call = callTool(source, "slow", { steps: 200, ms: 20 }, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 100);
    await expect(call).rejects.toMatchObject({ code: "run_cancelled", outcome: "unknown" });
    await expect.poll(() => callTool(source, "aborted")).toEqual({ aborted: Number(aborted) + 1 });
  });

  test("a question to the client is an error that says so", async () => {
    await expect(callTool(await create(), "ask")).rejects.toMatchObject({
      code: "tool_failed",
      message: expect.stringContaining("asks for input while it runs"),
      hint: expect.stringContaining("parameters that say beforehand"),
    });
  });

  test("wrong arguments and unknown tools are the tool's own error", async () => {
    const source = await create();
    await expect(callTool(source, "plus", { a: "two" })).rejects.toMatchObject({ code: "tool_failed" });
    await expect(callTool(source, "nothing")).rejects.toMatchObject({
      code: "tool_failed",
      message: expect.stringContaining("nothing"),
    });
  });

  test("the trace goes with the call", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    expect(await callTool(await create(), "meta", {}, { traceparent })).toMatchObject({ traceparent });
  });
});

test("a change is told over stdio", async () => {
  const source = overStdio("modern-only");
  let told = 0;
  source.onListChanged?.(() => (told += 1));
  await listTools(source);
  await callTool(source, "grow");
  await expect.poll(() => told, { timeout: 5_000 }).toBe(1);
  expect((await listTools(source)).tools.map((tool) => tool.upstreamName)).toContain("grown");
});

test("a change is told over HTTP, on a stream that the client keeps open", async () => {
  const { source, changed } = await overHttp();
  let told = 0;
  source.onListChanged?.(() => (told += 1));
  await listTools(source);
  await expect
    .poll(
      () => {
        changed();
        return told;
      },
      { timeout: 5_000, interval: 300 },
    )
    .toBeGreaterThan(0);
});

test("credentials go to the server with every request", async () => {
  const { source, requests } = await overHttp();
  await callTool(source, "plus", { a: 1, b: 1 });
  expect(requests.length).toBeGreaterThan(1);
  expect(requests.map((request) => request.headers.get("authorization"))).toEqual(
    requests.map(() => "Bearer secret-token"),
  );
  expect(JSON.stringify(source.status()) + source.fingerprint).not.toContain("secret-token");
});

test("a server that is slow to start is not taken for an old one for good", async () => {
  const args = [script, "modern-only", "600"];
  const options = { transport: "stdio", command: process.execPath, args, timeouts: { probe: 300 } } as const;
  const source = dispose(createMcpSource("modern", options));
  expect(await callTool(source, "plus", { a: 1, b: 2 })).toEqual({ sum: 3 });
  expect(source.status().details).toContain("protocol: 2026-07-28");
});

test("a server of both eras is spoken to in the new one", async () => {
  const source = overStdio();
  expect(await callTool(source, "plus", { a: 1, b: 2 })).toEqual({ sum: 3 });
  expect(source.status().details).toContain("protocol: 2026-07-28");
});
