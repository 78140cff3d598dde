import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { send, startTestServer } from "../../../test/fixtures/start-test-server.ts";
import type { HttpServer } from "./start-http-server.ts";

const eras = [
  ["2026-07-28", { mode: { pin: "2026-07-28" } }],
  ["initialize", { mode: "legacy" }],
] as const;

async function connect(
  server: HttpServer,
  negotiation: (typeof eras)[number][1],
  headers: Record<string, string> = {},
): Promise<Client> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: negotiation });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { requestInit: { headers } }),
  );
  onTestFinished(() => client.close());
  return client;
}

describe.each(eras)("the official client of the %s era", (_era, negotiation) => {
  test("lists and calls both tools", async () => {
    const client = await connect(await startTestServer(), negotiation);
    expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(["search", "execute"]);
    expect(client.getInstructions()).toContain("github (1)");
    const found = await client.callTool({ name: "search", arguments: { query: "issues" } });
    expect(found.content).toEqual([{ type: "text", text: "found by issues" }]);
    const run = await client.callTool({ name: "execute", arguments: { code: "1" } });
    expect(run._meta?.["codemode/run"]).toMatchObject({ status: "completed", result: "1" });
  });

  test("hears of progress and can cancel", async () => {
    const server = await startTestServer();
    const client = await connect(server, negotiation);
    const stop = new AbortController();
    let heard = 0;
    const call = client.callTool(
      { name: "execute", arguments: { code: "slow" } },
      { signal: stop.signal, onprogress: () => ((heard += 1) === 2 ? stop.abort() : undefined) },
    );
    await expect(call).rejects.toThrow();
    await expect.poll(() => server.codemode.cancelled).toEqual(["slow"]);
  });
});

test("two clients at once do not hear of each other", async () => {
  const server = await startTestServer();
  const clients = await Promise.all(
    [...eras, ...eras].map(([, negotiation]) => connect(server, negotiation)),
  );
  const codes = clients.map((_, index) => `code ${index}`);
  const results = await Promise.all(
    clients.map((client, index) => client.callTool({ name: "execute", arguments: { code: codes[index] } })),
  );
  expect(results.map((result) => result._meta?.["codemode/run"])).toMatchObject(
    codes.map((result) => ({ result })),
  );
});

describe("where a request may come from", () => {
  test.each([
    ["the address itself", {}, 200],
    ["localhost", { host: "localhost:1" }, 200],
    ["IPv6 loopback", { host: "[::1]:4000" }, 200],
    ["a stranger's name that resolves here", { host: "evil.example" }, 403],
    ["a stranger's name with our port", { host: "evil.example:4000" }, 403],
    ["a name that begins like ours", { host: "localhost.evil.example" }, 403],
    ["a name behind user information", { host: "localhost@evil.example" }, 400],
    ["another address", { host: "10.0.0.7" }, 403],
    ["a foreign page", { origin: "https://evil.example" }, 403],
    ["a page of another local port", { origin: "http://localhost:3000" }, 403],
    ["a sandboxed frame", { origin: "null" }, 403],
    ["a page that begins like ours", { origin: "http://127.0.0.1.evil.example" }, 403],
  ])("%s: %j → %i", async (_who, headers, status) => {
    expect(await send(await startTestServer(), headers)).toBe(status);
  });

  test("its own page", async () => {
    const server = await startTestServer();
    expect(await send(server, { origin: server.url })).toBe(200);
  });

  test("what the operator names, and its page may read the answer", async () => {
    const server = await startTestServer({
      allowedHosts: ["codemode.internal"],
      allowedOrigins: ["http://localhost:6274"],
    });
    expect(await send(server, { host: "codemode.internal:80" })).toBe(200);
    expect(await send(server, { origin: "http://localhost:6274" })).toBe(200);
    const preflight = await fetch(`${server.url}/mcp`, {
      method: "OPTIONS",
      headers: {
        origin: "http://localhost:6274",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });
    expect(preflight.headers.get("access-control-allow-origin")).toBe("http://localhost:6274");
  });

  test("the health page is guarded alike", async () => {
    const server = await startTestServer();
    expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ ok: true });
    expect(await send(server, { host: "evil.example" }, "/health")).toBe(403);
  });
});

describe("the token", () => {
  test.each([
    ["none", {}, 401],
    ["a wrong one", { authorization: "Bearer t0ken-of-another" }, 401],
    ["another scheme", { authorization: "Basic c2VjcmV0LXRva2Vu" }, 401],
    ["one that only begins alike", { authorization: "Bearer secret-toke" }, 401],
    ["one that only ends alike", { authorization: "Bearer secret-token2" }, 401],
    ["the right one", { authorization: "Bearer secret-token" }, 200],
  ])("%s → %i", async (_which, headers, status) => {
    expect(await send(await startTestServer({ token: "secret-token" }), headers)).toBe(status);
  });

  test.each(eras)("is carried by the official client of the %s era", async (_era, negotiation) => {
    const server = await startTestServer({ token: "secret-token" });
    const client = await connect(server, negotiation, { authorization: "Bearer secret-token" });
    expect((await client.listTools()).tools).toHaveLength(2);
    await expect(connect(server, negotiation)).rejects.toThrow();
  });

  test.each(["0.0.0.0", "::", "192.0.2.1", "example.com"])("is needed to listen on %s", async (host) => {
    await expect(startTestServer({ host })).rejects.toMatchObject({ code: "bind_requires_token" });
  });

  test("opens every address of the machine, whose names are addresses", async () => {
    const server = await startTestServer({ host: "0.0.0.0", token: "secret-token" });
    const authorization = "Bearer secret-token";
    expect(await send(server, { authorization, host: "192.0.2.1:4000" })).toBe(200);
    expect(await send(server, { authorization, host: "evil.example" })).toBe(403);
    expect(await send(server, { host: "192.0.2.1:4000" })).toBe(401);
  });
});

test("a port in use is named", async () => {
  const { port } = await startTestServer();
  await expect(startTestServer({ port })).rejects.toMatchObject({
    code: "port_in_use",
    message: expect.stringContaining(String(port)),
  });
});
