/** Servers over HTTP that misbehave: typed errors in bounded time and memory, and the next call works. */
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { callTool } from "../../../test/fixtures/mcp/call-context.ts";
import { startRawHttp, type HttpExchange } from "../../../test/fixtures/mcp/raw-http.ts";
import type { Source } from "../../spec/source.ts";
import { createMcpSource } from "./create-mcp-source.ts";
import type { McpUrlOptions } from "./mcp-source-options.ts";

function at(url: string, over: Partial<McpUrlOptions> = {}): Source {
  const source = createMcpSource("web", { transport: "http", url, ...over });
  onTestFinished(() => source[Symbol.asyncDispose]());
  return source;
}

/** A source whose server treats calls of the tool `bad` like this, and all else as usual. */
async function withBad(treat: (exchange: HttpExchange) => unknown, over: Partial<McpUrlOptions> = {}) {
  const { url, seen } = await startRawHttp((exchange) => {
    if (exchange.method !== "tools/call" || exchange.params["name"] !== "bad") return false;
    treat(exchange);
    return true;
  });
  return { source: at(url, over), seen };
}

const secret = {
  headers: { Authorization: "Bearer ${TOKEN}", "X-Key": () => "canary-of-a-function" },
  resolve: (text: string) => text.replace("${TOKEN}", "canary-of-a-template"),
};

const text = (value: string) => ({ content: [{ type: "text", text: value }] });

describe("in a call", () => {
  const megabyte = 2 ** 20;

  test.each<[string, (exchange: HttpExchange) => unknown]>([
    [
      "announces 100 MB",
      ({ response }) =>
        response
          .writeHead(200, { "content-type": "application/json", "content-length": 100 * megabyte })
          .write("{"),
    ],
    ["sends 100 MB", ({ answer }) => answer(text("x".repeat(100 * megabyte)))],
    [
      "sends without end",
      ({ response }) => {
        response.writeHead(200, { "content-type": "application/json" });
        const more = () => {
          while (response.write("[".repeat(65_536)) && !response.destroyed);
          if (!response.destroyed) response.once("drain", more);
        };
        more();
      },
    ],
    [
      "sends a bomb",
      ({ response }) => {
        response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
        response.end(gzipSync(Buffer.alloc(100 * megabyte, " ")));
      },
    ],
    [
      "sends an event of 100 MB",
      ({ stream, id }) => stream()({ jsonrpc: "2.0", id, result: text("x".repeat(100 * megabyte)) }),
    ],
    [
      "sends an event without end",
      ({ response, stream }) => {
        stream();
        response.write("data: ");
        const more = () => {
          while (response.write("y".repeat(65_536)) && !response.destroyed);
          if (!response.destroyed) response.once("drain", more);
        };
        more();
      },
    ],
  ])("an answer that %s is not kept", async (_name, treat) => {
    const { source } = await withBad(treat);
    await callTool(source, "echo");
    const before = process.memoryUsage().rss;
    await expect(callTool(source, "bad")).rejects.toMatchObject({
      code: "tool_result_invalid",
      message: expect.stringContaining(`${4 * megabyte} bytes`),
      outcome: "failed",
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * megabyte);
    expect(await callTool(source, "echo")).toBe("usual");
    expect(source.status().state).toBe("ready");
  });

  test.each(["\n\n", "\r\n\r\n", "\r\r"])("events of a stream are bounded one by one (%j)", async (end) => {
    const size = 40_000;
    const { source } = await withBad(({ stream, response, id }) => {
      stream();
      for (let at = 0; at < 20; at += 1) response.write(`: ${"c".repeat(size)}${end}`);
      response.end(
        `data: ${JSON.stringify({ jsonrpc: "2.0", id, result: text("after them") })}${end}: bye${end}`,
      );
    });
    expect(await callTool(source, "bad", {}, { maxResultBytes: 2 * size })).toBe("after them");
    await expect(callTool(source, "bad", {}, { maxResultBytes: size })).rejects.toMatchObject({
      code: "tool_result_invalid",
    });
  });

  test.each<[string, (exchange: HttpExchange) => unknown, object]>([
    [
      "ends its stream first",
      ({ stream, response }) => {
        stream()({ jsonrpc: "2.0", method: "notifications/message", params: {} });
        response.end();
      },
      {
        code: "source_unavailable",
        message: '"web" ended its answer before it was complete.',
        outcome: "unknown",
      },
    ],
    [
      "breaks off",
      ({ stream, response }) => {
        stream();
        response.write("data: {");
        setTimeout(() => response.destroy(), 20);
      },
      { code: "source_unavailable", outcome: "unknown" },
    ],
    [
      "drops the connection",
      ({ request }) => request.socket.destroy(),
      { code: "source_unavailable", outcome: "unknown" },
    ],
    [
      "is no JSON",
      ({ response }) => response.writeHead(200, { "content-type": "application/json" }).end("{oops"),
      { code: "source_invalid", outcome: "failed" },
    ],
    [
      "is a page",
      ({ response }) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Hello</h1>"),
      { code: "source_invalid", outcome: "failed" },
    ],
    [
      "is HTTP 500",
      ({ response }) => response.writeHead(500).end("out of order"),
      {
        code: "source_unavailable",
        message: expect.stringMatching(/HTTP 500 .*out of order/),
        outcome: "failed",
      },
    ],
    [
      "is HTTP 429",
      ({ response }) => response.writeHead(429).end("slow down"),
      { code: "source_unavailable", message: expect.stringContaining("HTTP 429"), outcome: "refused" },
    ],
    [
      "is HTTP 401",
      ({ response }) => response.writeHead(401).end(),
      {
        code: "source_unavailable",
        hint: expect.stringContaining("mcpServers.web.headers"),
        outcome: "refused",
      },
    ],
    [
      "is an error",
      ({ refuse }) => refuse(-32000, "quota used up"),
      { code: "tool_failed", message: expect.stringContaining("quota used up") },
    ],
    ["is no result", ({ answer }) => answer("nothing"), { code: "source_invalid" }],
    ["never comes", () => undefined, { code: "source_timeout", outcome: "unknown" }],
    [
      "belongs to nobody",
      ({ response }) =>
        response
          .writeHead(200, { "content-type": "application/json" })
          .end('{"jsonrpc":"2.0","id":999,"result":{}}'),
      { code: "source_timeout" },
    ],
  ])("an answer that %s is an error, and the next call works", async (_name, treat, error) => {
    const { source } = await withBad(treat);
    await expect(callTool(source, "bad", {}, { timeoutMs: 500 })).rejects.toMatchObject(error);
    expect(await callTool(source, "echo")).toBe("usual");
  });

  test("a flood on the stream ends the connection", async () => {
    const { source } = await withBad(({ stream, response }) => {
      const send = stream();
      const more = () => {
        for (let at = 0; at < 1_000; at += 1)
          send({ jsonrpc: "2.0", method: "notifications/message", params: {} });
        if (!response.destroyed) setTimeout(more, 1);
      };
      more();
    });
    await expect(callTool(source, "bad")).rejects.toMatchObject({
      code: "source_invalid",
      outcome: "unknown",
    });
    expect(await callTool(source, "echo")).toBe("usual");
  });

  test("cancelling ends the request", async () => {
    const ended = Promise.withResolvers<void>();
    const { source } = await withBad(({ stream, response }) => {
      stream();
      response.on("close", () => ended.resolve());
    });
    const cancel = new AbortController();
    const call = callTool(source, "bad", {}, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 100);
    await expect(call).rejects.toMatchObject({ code: "run_cancelled" });
    await ended.promise;
  });

  test("an error body that repeats the credentials is shown without them", async () => {
    const { source } = await withBad(({ request, response }) => {
      response
        .writeHead(500)
        .end(`bad ${request.headers.authorization} and ${String(request.headers["x-key"])}`);
    }, secret);
    const error: unknown = await callTool(source, "bad").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining("bad ‹hidden› and ‹hidden›") });
    expect(JSON.stringify(source.status())).not.toContain("canary");
  });
});
