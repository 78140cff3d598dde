import { describe, expect, test } from "vitest";
import { initialize, json, listTools, startTestServer } from "../../../test/fixtures/start-test-server.ts";
import type { HttpServer } from "./start-http-server.ts";

describe("sessions of the initialize era", () => {
  const openSession = async (
    server: HttpServer,
    name = "test",
  ): Promise<{ status: number; id: string | null }> => {
    const body = initialize.replace('"name":"test"', `"name":"${name}"`);
    const response = await fetch(`${server.url}/mcp`, { method: "POST", headers: json, body });
    await response.text();
    return { status: response.status, id: response.headers.get("mcp-session-id") };
  };
  const listen = async (server: HttpServer, id: string | null, signal: AbortSignal): Promise<Response> =>
    fetch(`${server.url}/mcp`, {
      headers: { accept: "text/event-stream", "mcp-session-id": id ?? "" },
      signal,
    });
  const useSession = async (server: HttpServer, id: string): Promise<number> => {
    const response = await fetch(`${server.url}/mcp`, {
      method: "POST",
      headers: { ...json, "mcp-session-id": id },
      body: listTools,
    });
    await response.text();
    return response.status;
  };

  test("are bounded: the one unused for longest ends first", async () => {
    const server = await startTestServer({}, { maxSessions: 3 });
    const ids: string[] = [];
    for (let count = 0; count < 50; count += 1) ids.push((await openSession(server)).id ?? "");
    expect(server.sessions()).toBe(3);
    expect(await useSession(server, ids[0] ?? "")).toBe(404);
    expect(await useSession(server, ids.at(-3) ?? "")).toBe(200);
    expect(await useSession(server, ids.at(-1) ?? "")).toBe(200);
  });

  test("that only listen give way: idle streams keep nobody out", async () => {
    const server = await startTestServer({}, { maxSessions: 40 });
    const streams = new AbortController();
    const ids: (string | null)[] = [];
    for (let count = 0; count < 40; count += 1) {
      const { id } = await openSession(server);
      ids.push(id);
      await listen(server, id, streams.signal);
    }
    const late = await openSession(server, "late");
    expect(late.status).toBe(200);
    expect(await useSession(server, late.id ?? "")).toBe(200);
    expect(server.sessions()).toBe(40);
    // Of the client with most of them it was the one unused for longest.
    expect(await useSession(server, ids[0] ?? "")).toBe(404);
    expect(await useSession(server, ids[1] ?? "")).toBe(200);
    streams.abort();
  }, 60_000);

  test("of one client never cost another its own", async () => {
    const server = await startTestServer({}, { maxSessions: 8 });
    const streams = new AbortController();
    const { id } = await openSession(server, "modest");
    await listen(server, id, streams.signal);
    for (let count = 0; count < 40; count += 1) await openSession(server, "greedy");
    expect(await useSession(server, id ?? "")).toBe(200);
    streams.abort();
  });

  test("with a request under way are never ended for another", async () => {
    const server = await startTestServer({}, { maxSessions: 2 });
    const stop = new AbortController();
    for (let count = 0; count < 2; count += 1) {
      const { id } = await openSession(server);
      const call = { name: "execute", arguments: { code: "slow" } };
      const body = JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/call", params: call });
      const headers = { ...json, "mcp-session-id": id ?? "" };
      await fetch(`${server.url}/mcp`, { method: "POST", headers, body, signal: stop.signal });
    }
    expect(await openSession(server)).toMatchObject({ status: 503, id: null });
    stop.abort();
    await expect.poll(async () => (await openSession(server)).status).toBe(200);
  });

  test("end when nobody uses them, and when they are deleted", async () => {
    const server = await startTestServer({}, { idleMs: 100 });
    await openSession(server);
    expect(server.sessions()).toBe(1);
    await expect.poll(() => server.sessions()).toBe(0);
    const { id } = await openSession(server);
    await fetch(`${server.url}/mcp`, { method: "DELETE", headers: { "mcp-session-id": id ?? "" } });
    expect(server.sessions()).toBe(0);
  });

  test("are unknown by a guessed id", async () => {
    expect(await useSession(await startTestServer(), "11111111-1111-1111-1111-111111111111")).toBe(404);
  });
});

describe("streams of the newer era", () => {
  const listening = (name: string, signal: AbortSignal): RequestInit => ({
    method: "POST",
    headers: {
      ...json,
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "subscriptions/listen",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "subscriptions/listen",
      params: {
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientInfo": { name, version: "1" },
          "io.modelcontextprotocol/clientCapabilities": {},
        },
        notifications: { toolsListChanged: true },
      },
    }),
    signal,
  });

  test("give way to another client's, those of the client with most first", async () => {
    const server = await startTestServer({}, { maxSessions: 4, classic: true });
    const stop = new AbortController();
    const open = async (name: string): Promise<Response> =>
      fetch(`${server.url}/mcp`, listening(name, stop.signal));
    const modest = await open("modest");
    expect(modest.status).toBe(200);
    const greedy: Response[] = [];
    for (let count = 0; count < 12; count += 1) greedy.push(await open("greedy"));
    expect(greedy.map(({ status }) => status)).toEqual(Array(12).fill(200));
    // The first was ended, so that its text comes to an end.
    await greedy[0]?.text();
    const ended = Promise.race([
      modest.text().then(() => "ended"),
      new Promise((r) => setTimeout(r, 300, "open")),
    ]);
    expect(await ended).toBe("open");
    await Promise.resolve(stop.abort());
  });
});
