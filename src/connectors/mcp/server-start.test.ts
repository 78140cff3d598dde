/** Commands that do not start as they should, and how they are ended. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { callTool, listTools } from "../../../test/fixtures/mcp/call-context.ts";
import { isProcessRunning } from "../../../test/fixtures/mcp/is-process-running.ts";
import type { Source } from "../../spec/source.ts";
import { createMcpSource } from "./create-mcp-source.ts";
import type { McpCommandOptions } from "./mcp-source-options.ts";

const script = join(import.meta.dirname, "../../../test/fixtures/mcp/bad-start.ts");

function start(way: string, over: Partial<McpCommandOptions> = {}): Source {
  const source = createMcpSource("bad", {
    transport: "stdio",
    command: process.execPath,
    args: [script, way],
    ...over,
  });
  onTestFinished(() => source[Symbol.asyncDispose]());
  return source;
}

describe("what cannot start says why", () => {
  test.each<[string, Partial<McpCommandOptions>, RegExp, RegExp]>([
    [
      "a command that does not exist",
      { command: "no-such-command-1" },
      /the command no-such-command-1 was not found/,
      /mcpServers\.bad\.command/,
    ],
    [
      "a folder that does not exist",
      { cwd: "/no/such/folder" },
      /the folder \/no\/such\/folder does not exist/,
      /mcpServers\.bad\.cwd/,
    ],
    [
      "a file that is no program",
      { command: script, args: [] },
      /may not be executed/,
      /mcpServers\.bad\.command/,
    ],
  ])("%s", async (_name, over, message, hint) => {
    const source = start("", over);
    const error: unknown = await listTools(source).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "source_unavailable",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
      outcome: "not_sent",
    });
    expect(source.status()).toMatchObject({ state: "failed", reason: expect.stringMatching(message) });
  });

  test("a crash, with the last words and without the secret in them", async () => {
    const source = start("crash", {
      env: { TOKEN: "${TOKEN}" },
      resolve: (text) => text.replace("${TOKEN}", "canary-4711"),
    });
    await expect(listTools(source)).rejects.toMatchObject({
      code: "source_unavailable",
      message:
        '"bad" exited with code 1 while starting. Its last words on stderr:\n  reading config\n  Error: TOKEN ‹hidden› is not valid',
    });
    expect(JSON.stringify(source.status())).not.toContain("canary");
    expect(source.fingerprint).not.toContain("canary");
  });

  test("a hang, with the last words", async () => {
    const began = Date.now();
    await expect(
      listTools(start("silent", { timeouts: { start: 1_500, probe: 200, stop: 100 } })),
    ).rejects.toMatchObject({
      code: "source_timeout",
      message: expect.stringMatching(
        /did not answer within 1500 ms while starting[^]*waiting for the database/,
      ),
    });
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  test("a call does not wait for longer than it may, while the start goes on", async () => {
    const source = start("silent", { timeouts: { start: 2_000, probe: 200, stop: 100 } });
    await expect(callTool(source, "echo", {}, { timeoutMs: 200 })).rejects.toMatchObject({
      code: "source_timeout",
      message: expect.stringContaining("did not start within the 200 ms"),
      outcome: "not_sent",
    });
    expect(source.status().state).toBe("starting");
    const cancel = new AbortController();
    const call = callTool(source, "echo", {}, { signal: cancel.signal });
    cancel.abort();
    await expect(call).rejects.toMatchObject({ code: "run_cancelled", outcome: "not_sent" });
  });

  test("closing gives a start up", async () => {
    const source = start("silent", { timeouts: { stop: 100 } });
    const listing = listTools(source);
    listing.catch(() => undefined);
    await sleep(200);
    const began = Date.now();
    await source[Symbol.asyncDispose]();
    expect(Date.now() - began).toBeLessThan(3_000);
    await expect(listing).rejects.toMatchObject({ code: "source_unavailable" });
  });

  test("a program that speaks something else", async () => {
    await expect(
      listTools(start("not-mcp", { timeouts: { start: 2_000, probe: 500, stop: 100 } })),
    ).rejects.toMatchObject({
      code: expect.stringMatching(/^source_/),
    });
  });

  test("a flood before the handshake", async () => {
    const began = Date.now();
    await expect(listTools(start("floods-at-start", { timeouts: { stop: 100 } }))).rejects.toMatchObject({
      code: "source_invalid",
    });
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  test("a secret that cannot be had", async () => {
    const source = start("chatty", {
      env: {
        TOKEN: () => {
          throw new Error("the keychain is locked");
        },
      },
    });
    await expect(callTool(source, "echo")).rejects.toMatchObject({
      code: "source_unavailable",
      message: '"bad" cannot be reached: env.TOKEN: the keychain is locked',
      hint: expect.stringContaining("mcpServers.bad.env.TOKEN"),
      outcome: "not_sent",
    });
  });
});

describe("what starts in its own way", () => {
  test.each([["ignores-unknown"], ["exits-on-unknown"]])(
    "a server that %s requests is an old one",
    async (way) => {
      const source = start(way, { timeouts: { probe: 500 } });
      const pid = await callTool(source, "echo");
      expect(source.status()).toMatchObject({
        state: "ready",
        details: expect.arrayContaining(["protocol: 2025-11-25"]),
      });
      expect(await callTool(source, "echo")).toBe(pid);
    },
  );

  test("a failed start is not tried again at once", async () => {
    const source = start("crash", { timeouts: { maxBackoff: 60_000 } });
    const errors: unknown[] = [];
    for (let at = 0; at < 5; at += 1) errors.push(await listTools(source).catch((thrown: unknown) => thrown));
    const began = Date.now();
    await expect(listTools(source)).rejects.toMatchObject({
      message: expect.stringContaining("exited with code 1"),
      hint: expect.stringMatching(/^It is tried again in \d+ s\./),
    });
    expect(Date.now() - began).toBeLessThan(100);
  });

  test("much on stderr is kept to the last lines; what is no message on stdout is counted", async () => {
    const source = start("chatty");
    await callTool(source, "echo");
    await expect.poll(() => source.status().details?.at(-1)).toMatch(/^stderr: line 4999 z+$/);
    const details = source.status().details ?? [];
    expect(details.length).toBeLessThan(40);
    expect(details).toContainEqual(expect.stringContaining("lines on stdout that are no messages: 1"));
  });
});

describe("the end", () => {
  test("a server that ignores the closed input and SIGTERM is killed", async () => {
    const source = start("stubborn", { timeouts: { stop: 200 } });
    const pid = Number(await callTool(source, "echo"));
    const began = Date.now();
    await source[Symbol.asyncDispose]();
    expect(isProcessRunning(pid)).toBe(false);
    expect(Date.now() - began).toBeGreaterThanOrEqual(350);
  });

  test("what a server started goes with it", async () => {
    const source = start("grandchild", { timeouts: { stop: 200 } });
    const pid = Number(await callTool(source, "echo"));
    expect(isProcessRunning(pid)).toBe(true);
    await source[Symbol.asyncDispose]();
    await expect.poll(() => isProcessRunning(pid)).toBe(false);
  });

  test("disposing twice, and what was never started, is nothing", async () => {
    const source = start("silent");
    await source[Symbol.asyncDispose]();
    await source[Symbol.asyncDispose]();
    await expect(listTools(source)).rejects.toMatchObject({ code: "source_unavailable" });
  });
});
