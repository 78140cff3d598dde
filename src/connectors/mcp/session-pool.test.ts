/** Connections: whose they are, how many, what goes over them besides answers. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { callContext, callTool, listTools } from "../../../test/fixtures/mcp/call-context.ts";
import { isProcessRunning } from "../../../test/fixtures/mcp/is-process-running.ts";
import type { Source } from "../../spec/source.ts";
import { createMcpSource } from "./create-mcp-source.ts";
import type { McpCommandOptions } from "./mcp-source-options.ts";

const script = join(import.meta.dirname, "../../../test/fixtures/mcp/rough-server.ts");

function start(over: Partial<McpCommandOptions> = {}): Source {
  const source = createMcpSource("rough", {
    transport: "stdio",
    command: process.execPath,
    args: [script],
    ...over,
  });
  onTestFinished(() => source[Symbol.asyncDispose]());
  return source;
}

describe("connections", () => {
  test("many changes at once are told once, and not told after the end", async () => {
    const source = start();
    let told = 0;
    const subscription = source.onListChanged?.(() => (told += 1));
    await callTool(source, "changes", { count: 500 });
    await expect.poll(() => told).toBe(1);
    await sleep(500);
    expect(told).toBe(1);
    subscription?.[Symbol.dispose]();
    await callTool(source, "changes", { count: 1 });
    await sleep(1_500);
    expect(told).toBe(1);
  });

  test("each text of an entry is expanded with its place, whom it is for and where it goes", async () => {
    const asked: unknown[] = [];
    const source = start({
      args: [script, "--", "unused"],
      env: { A: "a" },
      cwd: ".",
      resolve: (template, { source: name, principal, field, origin }) => {
        asked.push([name, principal, origin, ...field, template === script ? "script" : template]);
        return template;
      },
    });
    await callTool(source, "pid", {}, { principal: "ada" });
    expect(asked).toHaveLength(6);
    expect(asked).toContainEqual(["rough", "ada", "stdio:", "args", 2, "unused"]);
    expect(asked).toContainEqual(["rough", "ada", "stdio:", "env", "A", "a"]);
    expect(asked).toContainEqual(["rough", "ada", "stdio:", "cwd", "."]);
  });

  test("the server sees its own environment and no other, and cannot repeat what is secret in it", async () => {
    process.env["CODEMODE_CANARY"] = "canary-of-the-host";
    onTestFinished(() => void delete process.env["CODEMODE_CANARY"]);
    const source = start({
      env: {
        TOKEN: "${TOKEN}",
        SIZE: "${LENGTH} characters",
        PLAIN: "plain",
        MADE: ({ principal, origin }) => `${principal} at ${origin}`,
      },
      resolve: (template) => template.replace("${TOKEN}", "resolved").replace("${LENGTH}", "8"),
    });
    const seen = await callTool(source, "env");
    expect(seen).toMatchObject({
      TOKEN: "‹hidden›",
      SIZE: "8 characters",
      PLAIN: "plain",
      MADE: "‹hidden›",
      PATH: process.env["PATH"],
    });
    expect(seen).not.toHaveProperty("CODEMODE_CANARY");
  });

  test("principals and credentials have connections of their own, each kept", async () => {
    let token = "one";
    const source = start({ env: { TOKEN: () => token } });
    const ada = await callTool(source, "pid", {}, { principal: "ada" });
    const bob = await callTool(source, "pid", {}, { principal: "bob" });
    expect(bob).not.toBe(ada);
    expect(await callTool(source, "pid", {}, { principal: "ada" })).toBe(ada);
    token = "two";
    const renewed = await callTool(source, "pid", {}, { principal: "ada" });
    expect(renewed).not.toBe(ada);
    await expect.poll(() => isProcessRunning(Number(ada)), { timeout: 5_000 }).toBe(false);
    token = "one";
    expect(await callTool(source, "pid", {}, { principal: "bob" })).toBe(bob);
  });

  test("more connections than the bound are refused while all are in use, and replaced when idle", async () => {
    const source = start({ limits: { sessions: 2 } });
    const cancel = new AbortController();
    const busy = ["ada", "bob"].map((principal) =>
      callTool(source, "wait", {}, { principal, signal: cancel.signal }),
    );
    await sleep(1_000);
    await expect(callTool(source, "pid", {}, { principal: "eve" })).rejects.toMatchObject({
      code: "source_unavailable",
      message: expect.stringContaining("2 connections in use"),
    });
    cancel.abort();
    await Promise.allSettled(busy);
    expect(Number(await callTool(source, "pid", {}, { principal: "eve" }))).toBeGreaterThan(0);
  });

  test("parallel calls share one connection and run side by side", async () => {
    const source = start();
    const pids = await Promise.all(Array.from({ length: 20 }, () => callTool(source, "pid")));
    expect(new Set(pids).size).toBe(1);
  });

  test("a call that is nobody's list still knows what to send", async () => {
    const source = start();
    const outcome = await source.call({ upstreamName: "echo", args: undefined }, callContext());
    expect(outcome).toEqual({ value: { args: {}, meta: {} }, labels: [], inexact: [] });
    await expect(callTool(source, "echo", [1])).rejects.toMatchObject({ code: "tool_arguments_invalid" });
    const at = new Date(0);
    expect(
      await callTool(source, "echo", { at, big: 5n, bytes: new Uint8Array([1]), map: new Map([["a", 1]]) }),
    ).toMatchObject({
      args: { at: at.toISOString(), big: 5, bytes: "AQ==", map: { a: 1 } },
    });
  });

  test("closing ends the server; a failed list is not kept for one", async () => {
    const source = start();
    expect((await listTools(source)).tools.map((tool) => tool.upstreamName)).toContain("echo");
    const pid = Number(await callTool(source, "pid"));
    await source[Symbol.asyncDispose]();
    expect(isProcessRunning(pid)).toBe(false);
  });
});
