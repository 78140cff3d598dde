/** Where an HTTP connection may lead, how its start may fail, and bare servers of the new revision. */
import { describe, expect, onTestFinished, test } from "vitest";
import { callTool, listTools } from "../../../test/fixtures/mcp/call-context.ts";
import { startRawHttp, type HttpExchange } from "../../../test/fixtures/mcp/raw-http.ts";
import type { Source } from "../../spec/source.ts";
import { createMcpSource } from "./create-mcp-source.ts";
import type { McpUrlOptions } from "./mcp-source-options.ts";

function at(url: string, over: Partial<McpUrlOptions> = {}): Source {
  const source = createMcpSource("web", { transport: "http", url, ...over });
  onTestFinished(() => source[Symbol.asyncDispose]());
  return source;
}

const secret = {
  headers: { Authorization: "Bearer ${TOKEN}", "X-Key": () => "canary-of-a-function" },
  resolve: (text: string) => text.replace("${TOKEN}", "canary-of-a-template"),
};

const text = (value: string) => ({ content: [{ type: "text", text: value }] });

describe("redirects", () => {
  test("to another origin are refused, and nothing is sent there", async () => {
    const other = await startRawHttp(() => false);
    for (const status of [301, 302, 303, 307, 308]) {
      const { url } = await startRawHttp(({ response }) =>
        response.writeHead(status, { location: other.url }).end(),
      );
      await expect(listTools(at(url, secret))).rejects.toMatchObject({
        code: "source_unavailable",
        message: expect.stringMatching(/[Rr]edirect/),
      });
    }
    expect(other.seen).toEqual([]);
  });

  test("within the origin are followed, credentials and all", async () => {
    const { url, seen } = await startRawHttp(({ request, response }) => {
      if (request.url !== "/old") return false;
      response.writeHead(308, { location: "/mcp" }).end();
      return true;
    });
    const source = at(url.replace("/mcp", "/old"), secret);
    expect(await callTool(source, "echo")).toBe("usual");
    const direct = seen.filter((request) => request.url === "/mcp");
    expect(direct.length).toBeGreaterThan(0);
    expect(new Set(direct.map((request) => request.headers.authorization))).toEqual(
      new Set(["Bearer canary-of-a-template"]),
    );
  });
});

describe("a start", () => {
  test.each<[string, (exchange: HttpExchange) => unknown, object]>([
    [
      "HTTP 401",
      ({ response }) => response.writeHead(401).end("who?"),
      {
        code: "source_unavailable",
        message: '"web" refused the credentials (HTTP 401) while starting.',
        hint: expect.stringContaining("mcpServers.web.headers"),
      },
    ],
    [
      "HTTP 403",
      ({ response }) => response.writeHead(403).end(),
      { code: "source_unavailable", message: expect.stringContaining("HTTP 403") },
    ],
    [
      "HTTP 404",
      ({ response }) => response.writeHead(404).end("nothing here"),
      { code: "source_unavailable", hint: "Check mcpServers.web.url." },
    ],
    [
      "HTTP 503",
      ({ response }) => response.writeHead(503).end("maintenance"),
      { code: "source_unavailable", message: expect.stringContaining("HTTP 503") },
    ],
    [
      "a page",
      ({ response }) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
      { code: "source_invalid" },
    ],
    [
      "silence",
      () => undefined,
      { code: "source_timeout", message: '"web" did not answer within 700 ms while starting.' },
    ],
    [
      "an endless page",
      ({ response }) => {
        response.writeHead(200, { "content-type": "application/json" });
        const more = () => {
          while (response.write("[".repeat(65_536)) && !response.destroyed);
          if (!response.destroyed) response.once("drain", more);
        };
        more();
      },
      { code: "source_invalid" },
    ],
  ])("that meets %s fails with its reason", async (_name, treat, error) => {
    const { url } = await startRawHttp(treat);
    const source = at(url, { timeouts: { start: 700 }, limits: { messageBytes: 2 ** 20 } });
    const began = Date.now();
    await expect(listTools(source)).rejects.toMatchObject({ outcome: "not_sent", ...error });
    expect(Date.now() - began).toBeLessThan(3_000);
    expect(source.status().state).toBe("failed");
  });

  test("on a closed port says so", async () => {
    await expect(listTools(at("http://127.0.0.1:9/mcp"))).rejects.toMatchObject({
      code: "source_unavailable",
      message: expect.stringMatching(/ECONNREFUSED|bad port/),
      outcome: "not_sent",
    });
  });

  test("with an old server that answers HTTP 500 to what it does not know", async () => {
    const { url } = await startRawHttp(({ method, response }) => {
      if (method !== "server/discover") return false;
      response.writeHead(500).end("unknown method");
      return true;
    });
    expect(await callTool(at(url), "echo")).toBe("usual");
  });

  test("with a server that has no tools lists none", async () => {
    const { url } = await startRawHttp(({ method, params, answer, refuse }) => {
      if (method === "initialize") {
        const { protocolVersion } = params;
        answer({ protocolVersion, capabilities: {}, serverInfo: { name: "bare", version: "1" } });
      } else if (method === "tools/list") refuse(-32601, "no tools here");
      else return false;
      return true;
    });
    expect(await listTools(at(url))).toEqual({ tools: [], issues: [], title: "bare" });
  });

  test.each([["not a url"], ["ftp://127.0.0.1/mcp"], ["file:///etc/passwd"]])(
    "at %s is refused",
    async (url) => {
      await expect(listTools(at(url))).rejects.toMatchObject({
        code: "source_unavailable",
        hint: expect.stringContaining("mcpServers.web.url"),
      });
    },
  );

  test("with a header that cannot be one sends nothing, and does not show it", async () => {
    const { url, seen } = await startRawHttp(() => false);
    const source = at(url, { headers: { Authorization: () => "canary-4711\r\nX-Evil: 1" } });
    const error: unknown = await listTools(source).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "source_unavailable" });
    expect(String(error)).not.toContain("canary");
    expect(seen).toEqual([]);
  });
});

describe("a server of the new revision", () => {
  const modern = (treat: (exchange: HttpExchange) => unknown) =>
    startRawHttp((exchange) => {
      if (exchange.method === "server/discover") {
        exchange.answer({
          resultType: "complete",
          ttlMs: 0,
          cacheScope: "private",
          supportedVersions: ["2026-07-28"],
          capabilities: { tools: {} },
        });
        return true;
      }
      return treat(exchange);
    });

  test("loses no tool to one that is malformed, and none to a page without its required fields", async () => {
    const tools = [
      { name: "good", inputSchema: { type: "object" } },
      { name: "bad", inputSchema: 5 },
      { inputSchema: {} },
    ];
    const { url } = await modern(({ answer }) => answer({ tools }));
    const source = at(url);
    const { tools: listed, issues } = await listTools(source);
    expect(listed.map((tool) => tool.upstreamName)).toEqual(["good", "bad"]);
    expect(issues.map((issue) => issue.kind)).toEqual(["repaired", "left_out"]);
    expect(source.status().details).toContain("protocol: 2026-07-28");
  });

  test("that asks for input in the middle of a call is answered with an error that says so", async () => {
    const { url } = await modern(({ answer }) => answer({ resultType: "input_required", requestState: "s" }));
    await expect(callTool(at(url), "ask")).rejects.toMatchObject({
      code: "tool_failed",
      message: "ask asks for input while it runs, which cannot be given to it here.",
    });
  });

  test("is sent what a tool wants as headers too", async () => {
    const region = { type: "string", "x-mcp-header": "Region" };
    const { url, seen } = await modern(({ method, answer }) =>
      method === "tools/list"
        ? answer({ tools: [{ name: "query", inputSchema: { type: "object", properties: { region } } }] })
        : answer({ resultType: "complete", ...text("done") }),
    );
    const source = at(url);
    await listTools(source);
    expect(await callTool(source, "query", { region: "eu" })).toBe("done");
    expect(seen.at(-1)?.headers).toMatchObject({
      "mcp-param-region": "eu",
      "mcp-method": "tools/call",
      "mcp-name": "query",
    });
  });
});
