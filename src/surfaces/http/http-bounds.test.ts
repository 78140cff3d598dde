import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import {
  initialize,
  json,
  listTools,
  openSocket,
  send,
  startTestServer,
  untilClosed,
  upload,
} from "../../../test/fixtures/start-test-server.ts";
import type { HttpServer } from "./start-http-server.ts";

describe("bodies", () => {
  test.each([
    ["at the bound", 1_000, 200],
    ["past the bound", 1_001, 413],
  ])("%s", async (_what, size, status) => {
    const server = await startTestServer({}, { maxBodyBytes: 1_000 });
    expect(await send(server, {}, "/mcp", listTools.padEnd(size))).toBe(status);
  });

  test("of 100 MB are refused without being kept", async () => {
    const server = await startTestServer();
    const before = process.memoryUsage().rss;
    const statuses = await Promise.all([
      upload(server, 100 * 2 ** 20, true),
      upload(server, 100 * 2 ** 20, false),
    ]);
    for (const status of statuses) expect([413, "closed"]).toContain(status);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
    expect(await send(server, {})).toBe(200);
  });

  test.each([
    ["no JSON", { "content-type": "application/json" }, "{", 400],
    ["another type", { "content-type": "text/plain" }, listTools, 415],
    ["nothing", {}, "", 400],
  ])("that are %s", async (_what, headers, body, status) => {
    expect(await send(await startTestServer(), headers, "/mcp", body)).toBe(status);
  });

  test("that come slowly are given up", async () => {
    const server = await startTestServer({ bounds: { headersMs: 200, requestMs: 400 } });
    const socket = await openSocket(server);
    socket.write(
      `POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
    );
    const drip = setInterval(() => socket.write(" "), 50);
    const answer = await untilClosed(socket);
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await send(server, {})).toBe(200);
  });

  test.each([["never begin"], ["GET /health HTTP/1.1\r\nHost: loc"]])(
    "headers that %j are given up",
    async (text) => {
      const server = await startTestServer({ bounds: { headersMs: 200, requestMs: 400 } });
      const socket = await openSocket(server);
      if (text !== "never begin") socket.write(text);
      await untilClosed(socket);
      expect(await send(server, {})).toBe(200);
    },
  );

  test("headers without end are refused", async () => {
    const server = await startTestServer();
    const socket = await openSocket(server);
    socket.write(`GET /health HTTP/1.1\r\nHost: localhost\r\nX-Large: ${"x".repeat(20_000)}\r\n\r\n`);
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1\.1 431 /);
  });
});

test("10,000 connections leave the server bounded and well", async () => {
  const server = await startTestServer({ bounds: { connections: 100 } });
  const living = new Set<Socket>();
  for (let batch = 0; batch < 50; batch += 1) {
    const sockets = await Promise.all(Array.from({ length: 200 }, () => openSocket(server)));
    for (const socket of sockets) {
      if (!socket.destroyed) living.add(socket.resume().once("close", () => living.delete(socket)));
    }
  }
  await expect.poll(() => living.size).toBe(100);
  expect(await send(server, {}).catch(() => "refused")).toBe("refused");
  for (const socket of living) socket.destroy();
  await expect.poll(() => send(server, {}).catch(() => "refused")).toBe(200);
}, 120_000);

describe("sessions of the initialize era", () => {
  const openSession = async (server: HttpServer): Promise<{ status: number; id: string | null }> => {
    const response = await fetch(`${server.url}/mcp`, { method: "POST", headers: json, body: initialize });
    await response.text();
    return { status: response.status, id: response.headers.get("mcp-session-id") };
  };
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

  test("in use are never ended for another", async () => {
    const server = await startTestServer({}, { maxSessions: 2 });
    const streams = new AbortController();
    for (let count = 0; count < 2; count += 1) {
      const { id } = await openSession(server);
      const headers = { accept: "text/event-stream", "mcp-session-id": id ?? "" };
      await fetch(`${server.url}/mcp`, { headers, signal: streams.signal });
    }
    expect(await openSession(server)).toMatchObject({ status: 503, id: null });
    streams.abort();
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
