/** Another user of the machine, and clients that take what others need, at the door of `codemode serve`. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { askAsUser, canBeAnotherUser } from "../fixtures/ask-as-user.ts";
import { cliFile, isolatedEnvironment, root, startCli, untilOutput } from "../fixtures/built-cli.ts";

const stranger = 54_321;

/** A server with one tool, a write that notes down that it was called. */
async function serve(
  more: object = {},
): Promise<{ readonly url: string; readonly written: () => string; readonly said: string }> {
  const env = isolatedEnvironment();
  const home = env["HOME"] ?? "";
  const notes = join(home, "notes.txt");
  writeFileSync(notes, "");
  const config = join(home, "codemode.json");
  writeFileSync(config, JSON.stringify({ ...notesConfig(notes), ...more }));
  const child = startCli(["serve", "--port", "0", "--config", config], { env });
  const said = await untilOutput(child, /notes +ready[^\n]*\n/);
  return { url: /http:\S+(?=\/mcp)/.exec(said)?.[0] ?? "", written: () => readFileSync(notes, "utf8"), said };
}

function notesConfig(file: string): object {
  const args = [join(root, "test/fixtures/mcp/note-server.mjs"), file];
  return { mcpServers: { notes: { command: process.execPath, args } } };
}

const note = (text: string): object => ({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: {
    name: "execute",
    arguments: { code: `return await tools.notes.write({ text: ${JSON.stringify(text)} })` },
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "stranger", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
    },
  },
});

const modern = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "execute" };

describe.runIf(process.platform === "linux" && canBeAnotherUser)("another user of this machine", () => {
  test("runs nothing and is asked nothing, whatever its client declares", async () => {
    const { url, written } = await serve({ policy: "allow-all" });
    const ways: readonly [string, Record<string, string>, unknown][] = [
      ["/mcp", modern, note("by a stranger")],
      [
        "/mcp",
        {},
        {
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name: "execute", arguments: { code: "1" } },
        },
      ],
      ["/mcp?codemode=false", {}, { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} }],
      ["/tools/notes/write", {}, { text: "by a stranger" }],
    ];
    for (const [path, headers, body] of ways) {
      const { status, text } = await askAsUser(stranger, url + path, headers, body);
      expect([path, status]).toEqual([path, 403]);
      expect(text).not.toContain("notes");
    }
    expect(written()).toBe("");
    // The user's own program is served by the same server meanwhile.
    const own = await fetch(`${url}/tools/notes/write`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: "by the user" }),
    });
    expect(own.status).toBe(200);
    expect(written()).toContain("by the user");
  }, 60_000);

  test("is let in by the token alone", async () => {
    const { url, written } = await serve({
      policy: "allow-all",
      server: { token: "a-token-of-the-operator" },
    });
    const path = `${url}/tools/notes/write`;
    for (const authorization of ["", "Bearer wrong"])
      expect((await askAsUser(stranger, path, { authorization }, { text: "no" })).status).toBe(401);
    const authorization = "Bearer a-token-of-the-operator";
    expect((await askAsUser(stranger, path, { authorization }, { text: "yes" })).status).toBe(200);
    expect(written()).toBe("yes\n");
  }, 60_000);
});

/** Starts the program where the kernel's tables of sockets cannot be read, as in some containers. */
const hidingNet = (empty: string, words: readonly string[]): string[] => [
  "-m",
  "sh",
  "-c",
  'mount --bind "$0" /proc/$$/net && exec "$@"',
  empty,
  ...words,
];

const unshare: string = "unshare";
const canHide =
  process.platform === "linux" &&
  spawnSync(unshare, hidingNet(tmpdir(), ["true"]), { stdio: "ignore" }).status === 0;

test.runIf(canHide)(
  "where the system does not say who is there, the printed token lets the user in",
  async () => {
    const env = isolatedEnvironment();
    const home = env["HOME"] ?? "";
    const config = join(home, "codemode.json");
    writeFileSync(config, JSON.stringify(notesConfig(join(home, "notes.txt"))));
    const empty = join(home, "empty");
    mkdirSync(empty);
    const serving = [process.execPath, cliFile, "serve", "--port", "0", "--config", config];
    const child = spawn(unshare, hidingNet(empty, serving), { env });
    onTestFinished(() => void child.kill("SIGKILL"));
    const said = await untilOutput(child, /VS Code[^\n]*\n/);
    const url = /MCP endpoint: (http:\S+)/.exec(said)?.[1] ?? "";
    const authorization = /--header "Authorization: (Bearer [\w-]+)"/.exec(said)?.[1] ?? "";
    const ask = async (headers: Record<string, string>): Promise<number> => {
      const accept = "application/json, text/event-stream";
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} });
      const all = { "content-type": "application/json", accept, ...headers };
      return (await fetch(url, { method: "POST", headers: all, body })).status;
    };
    expect(await ask({})).toBe(401);
    expect(await ask({ authorization: `${authorization}x` })).toBe(401);
    expect(await ask({ authorization })).toBe(200);
    // For this user alone.
    expect(statSync(join(home, "state/codemode/server.key")).mode & 0o777).toBe(0o600);
  },
  30_000,
);
