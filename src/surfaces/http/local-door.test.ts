import { spawn } from "node:child_process";
import { describe, expect, onTestFinished, test } from "vitest";
import { listTools, openSocket, send, startTestServer } from "../../../test/fixtures/start-test-server.ts";
import { askAsUser, canBeAnotherUser } from "../../../test/fixtures/ask-as-user.ts";
import { createPeerIdentity } from "./peer/identify-peer.ts";
import { createPeerOwners, ownUser, tellsOwners } from "./peer/peer-owners.ts";

const linux = process.platform === "linux";
const stranger = 54_321;

describe("without a token", () => {
  test.runIf(linux).each(["127.0.0.1", "::1", "localhost"])(
    "the user's own programs are let in at %s",
    async (host) => {
      const server = await startTestServer({ host });
      const response = await fetch(`${server.url}/mcp`, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
        body: listTools,
      });
      expect(response.status).toBe(200);
    },
  );

  test.runIf(linux && canBeAnotherUser).each(["/mcp", "/tools/github/list"])(
    "another user's are refused %s",
    async (path) => {
      const server = await startTestServer({ tools: () => Promise.resolve(Response.json(1)) });
      const { status, text } = await askAsUser(stranger, `${server.url}${path}`);
      expect(status).toBe(403);
      expect(text).toContain("server.token");
      expect(await send(server, {})).toBe(200);
    },
  );

  test("nobody is let in where the system does not say who it is", async () => {
    const identify = createPeerIdentity({ ownerOf: () => Promise.resolve(undefined) });
    const server = await startTestServer({ identify });
    expect(await send(server, {})).toBe(403);
  });
});

describe("a token", () => {
  const token = "secret-token";
  const authorization = `Bearer ${token}`;

  test("suffices where the system does not say who it is", async () => {
    const identify = createPeerIdentity({ ownerOf: () => Promise.resolve(undefined) });
    const server = await startTestServer({ identify, token });
    expect(await send(server, { authorization })).toBe(200);
    expect(await send(server, {})).toBe(401);
  });

  test.runIf(linux && canBeAnotherUser)("suffices whatever the user", async () => {
    const server = await startTestServer({ token });
    expect((await askAsUser(stranger, `${server.url}/mcp`, { authorization })).status).toBe(200);
    expect((await askAsUser(stranger, `${server.url}/mcp`)).status).toBe(401);
  });
});

describe.runIf(linux)("the system is asked", () => {
  test("and tells on this machine", async () => {
    expect(await tellsOwners("127.0.0.1")).toBe(true);
    // An address of nobody's cannot be listened on, so nothing is told of it.
    expect(await tellsOwners("192.0.2.1")).toBe(false);
  });

  test("once per connection, however many requests it carries", async () => {
    const owners = createPeerOwners();
    let asked = 0;
    const seen = new Set<unknown>();
    const identify = createPeerIdentity({
      ownerOf: (socket) => {
        asked += 1;
        const answer = owners.ownerOf(socket);
        seen.add(answer);
        return answer;
      },
    });
    const server = await startTestServer({ identify });
    const socket = await openSocket(server);
    socket.resume();
    for (let count = 0; count < 5; count += 1) {
      socket.write(
        `POST /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: application/json, text/event-stream\r\nContent-Type: application/json\r\nContent-Length: ${listTools.length}\r\n\r\n${listTools}`,
      );
      await new Promise((resolve) => socket.once("data", resolve));
    }
    socket.destroy();
    expect(asked).toBeGreaterThan(1);
    // The same promise each time: one look at the table.
    expect(seen.size).toBe(1);
    expect(await [...seen][0]).toBe(ownUser());
  });

  test("also about hundreds of connections at once", async () => {
    const server = await startTestServer();
    const statuses = await Promise.all(Array.from({ length: 300 }, () => send(server, {})));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  test.runIf(canBeAnotherUser)("and who hangs up at once is nobody's user", async () => {
    const owners: (number | undefined)[] = [];
    const looking = createPeerOwners();
    const server = await startTestServer({
      identify: async (socket) => {
        // The sender is gone by now: its socket is no longer held by anybody.
        await new Promise((resolve) => setTimeout(resolve, 300));
        const owner = await looking.ownerOf(socket);
        owners.push(owner);
        return { key: String(owner), isOwnUser: owner === ownUser() };
      },
    });
    const script = `const s = require("net").connect(${server.port}, "127.0.0.1", () => s.end("POST /mcp HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\nContent-Length: 2\\r\\n\\r\\n{}", () => process.exit()))`;
    const child = spawn(process.execPath, ["-e", script], { uid: stranger, gid: stranger, stdio: "ignore" });
    onTestFinished(() => void child.kill());
    await expect.poll(() => owners.length, { timeout: 5_000 }).toBeGreaterThan(0);
    for (const owner of owners) expect([undefined, stranger]).toContain(owner);
  });
});
