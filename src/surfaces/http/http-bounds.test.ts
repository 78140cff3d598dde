import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import {
  listTools,
  openSocket,
  send,
  startTestServer,
  untilClosed,
  upload,
} from "../../../test/fixtures/start-test-server.ts";

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
  // Whoever has something to ask is answered all the same.
  expect(await send(server, {})).toBe(200);
  for (const socket of living) socket.destroy();
  await expect.poll(() => send(server, {}).catch(() => "refused")).toBe(200);
}, 120_000);

describe("connections beyond the bound", () => {
  const slowBody =
    "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";

  test("520 slow bodies hold up nobody", async () => {
    const server = await startTestServer();
    const slow = await Promise.all(Array.from({ length: 520 }, () => openSocket(server)));
    for (const socket of slow) socket.resume().write(slowBody);
    const drip = setInterval(() => slow.forEach((socket) => socket.destroyed || socket.write(" ")), 100);
    const began = performance.now();
    for (let count = 0; count < 5; count += 1) expect(await send(server, {})).toBe(200);
    expect(performance.now() - began).toBeLessThan(5_000);
    clearInterval(drip);
    for (const socket of slow) socket.destroy();
  }, 30_000);

  test("never end one that is being answered", async () => {
    const held = Promise.withResolvers<void>();
    let under = 0;
    const server = await startTestServer({
      bounds: { connections: 4 },
      mcp: async (request) => {
        await request.text();
        under += 1;
        await held.promise;
        return new Response("answered");
      },
    });
    const answered = send(server, {});
    await expect.poll(() => under).toBe(1);
    for (let count = 0; count < 12; count += 1) (await openSocket(server)).resume().write(slowBody);
    held.resolve();
    expect(await answered).toBe(200);
  });

  test("are refused when all are being answered", async () => {
    const held = Promise.withResolvers<void>();
    let under = 0;
    const server = await startTestServer({
      bounds: { connections: 3 },
      mcp: async (request) => {
        await request.text();
        under += 1;
        await held.promise;
        return new Response("answered");
      },
    });
    const answered = Promise.all([1, 2, 3].map(() => send(server, {})));
    await expect.poll(() => under).toBe(3);
    expect(await send(server, {}).catch(() => "refused")).toBe("refused");
    held.resolve();
    expect(await answered).toEqual([200, 200, 200]);
  });

  test("cost the peer that has most of them, not one that has few", async () => {
    const ports = new Map<number, string>();
    let known = false;
    const server = await startTestServer({
      bounds: { connections: 10 },
      identify: (socket) => {
        known = true;
        return Promise.resolve({ key: ports.get(socket.remotePort ?? 0) ?? "greedy", isOwnUser: true });
      },
    });
    const modest = await openSocket(server);
    ports.set(modest.localPort ?? 0, "modest");
    modest.resume().write(slowBody);
    await expect.poll(() => known).toBe(true);
    const greedy: Socket[] = [];
    for (let count = 0; count < 30; count += 1) greedy.push((await openSocket(server)).resume());
    await expect.poll(() => greedy.filter((socket) => !socket.destroyed).length).toBe(9);
    expect(modest.destroyed).toBe(false);
    for (const socket of [modest, ...greedy]) socket.destroy();
  });
});
