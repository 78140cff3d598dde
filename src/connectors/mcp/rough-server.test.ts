/**
 * A server over stdio that misbehaves in every call: each costs that call at the most, in bounded time and
 * memory, and the next call works.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { callTool } from "../../../test/fixtures/mcp/call-context.ts";
import { isProcessRunning } from "../../../test/fixtures/mcp/is-process-running.ts";
import type { Source } from "../../spec/source.ts";
import { CodemodeError } from "../../errors.ts";
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

describe("in a call", () => {
  test("death is told with the last words, and the next call starts the server again", async () => {
    const source = start();
    const pid = await callTool(source, "pid");
    await expect(callTool(source, "die")).rejects.toMatchObject({
      code: "source_unavailable",
      message: '"rough" exited with code 7 while calling die. Its last words on stderr:\n  about to die',
      outcome: "unknown",
    });
    expect(source.status()).toMatchObject({
      state: "failed",
      reason: expect.stringContaining("exited with code 7"),
    });
    expect(await callTool(source, "pid")).not.toBe(pid);
    expect(source.status().state).toBe("ready");
  });

  test("death fails the calls beside it, and is not asked for again and again", async () => {
    const source = start();
    const beside = callTool(source, "wait");
    await expect(callTool(source, "die")).rejects.toMatchObject({ code: "source_unavailable" });
    await expect(beside).rejects.toMatchObject({ code: "source_unavailable", outcome: "unknown" });
    const began = Date.now();
    const errors: unknown[] = [];
    for (let at = 0; at < 6; at += 1)
      errors.push(await callTool(source, "die").catch((error: unknown) => error));
    expect(errors.at(-1)).toMatchObject({
      hint: expect.stringMatching(/It is tried again in \d+ s\./),
      outcome: "not_sent",
    });
    expect(Date.now() - began).toBeLessThan(15_000);
  });

  test("a hang ends at the deadline; the server lives if it still answers", async () => {
    const source = start({ timeouts: { ping: 500 } });
    const pid = await callTool(source, "pid");
    await expect(callTool(source, "hang", {}, { timeoutMs: 200 })).rejects.toMatchObject({
      code: "source_timeout",
      message: '"rough" did not answer within 200 ms while calling hang.',
      outcome: "unknown",
    });
    await sleep(700);
    expect(await callTool(source, "pid")).toBe(pid);
    expect(await callTool(source, "cancelled")).toHaveLength(1);
  });

  test("a server that spins is ended and started again", async () => {
    const source = start({ timeouts: { ping: 300, stop: 100 } });
    const pid = Number(await callTool(source, "pid"));
    await expect(callTool(source, "spin", {}, { timeoutMs: 200 })).rejects.toMatchObject({
      code: "source_timeout",
    });
    await expect.poll(() => isProcessRunning(pid), { timeout: 5_000 }).toBe(false);
    expect(Number(await callTool(source, "pid"))).not.toBe(pid);
  });

  test("it is, too, when the deadline is somebody else's", async () => {
    const source = start({ timeouts: { ping: 300, stop: 100 } });
    const pid = Number(await callTool(source, "pid"));
    const deadline = new AbortController();
    setTimeout(() => deadline.abort(new CodemodeError("source_timeout", "too late")), 200);
    const call = callTool(source, "spin", {}, { signal: deadline.signal });
    await expect(call).rejects.toMatchObject({ code: "run_cancelled", outcome: "unknown" });
    await expect.poll(() => isProcessRunning(pid), { timeout: 5_000 }).toBe(false);
  });

  test("cancelling is told to the server", async () => {
    const source = start();
    await callTool(source, "echo");
    const cancel = new AbortController();
    const call = callTool(source, "wait", {}, { signal: cancel.signal });
    await sleep(50);
    cancel.abort();
    await expect(call).rejects.toMatchObject({ code: "run_cancelled" });
    expect(await callTool(source, "cancelled")).toHaveLength(1);
    const already = callTool(source, "wait", {}, { signal: AbortSignal.abort() });
    await expect(already).rejects.toMatchObject({ code: "run_cancelled" });
  });

  test.each([
    ["garbage", {}, "after garbage"],
    ["unsolicited", {}, "mine"],
    ["twice", {}, "first"],
    ["flood", { count: 5_000 }, "after flood"],
  ])("%s between the messages is passed over", async (tool, args, answer) => {
    const source = start();
    expect(await callTool(source, tool, args)).toBe(answer);
    expect(await callTool(source, "echo", { n: 1 })).toMatchObject({ args: { n: 1 } });
  });

  test("an answer for nobody answers nobody", async () => {
    const source = start();
    await expect(callTool(source, "wrong_id", {}, { timeoutMs: 200 })).rejects.toMatchObject({
      code: "source_timeout",
    });
    expect(await callTool(source, "echo")).toMatchObject({ args: {} });
  });

  test.each([["flood_forever"], ["endless"]])("%s ends the connection, and costs no memory", async (tool) => {
    const source = start({ timeouts: { stop: 100 } });
    await callTool(source, "echo");
    const before = process.memoryUsage().rss;
    await expect(callTool(source, tool)).rejects.toMatchObject({
      code: "source_invalid",
      message: expect.stringMatching(/more (messages|data) than any use of it needs/),
      outcome: "unknown",
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
    expect(await callTool(source, "echo")).toMatchObject({ args: {} });
  });

  test("requests of the server without end end the connection", async () => {
    const source = start({ timeouts: { stop: 100 } });
    await expect(callTool(source, "many_requests", { count: 60_000 })).rejects.toMatchObject({
      code: "source_invalid",
    });
  });

  test("an answer one byte too large is refused, and only that call", async () => {
    const source = start();
    const frame = '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":""}]}}'.length;
    const maxResultBytes = 100_000;
    const fits = await callTool(source, "huge", { bytes: maxResultBytes - frame }, { maxResultBytes });
    expect(fits).toHaveLength(maxResultBytes - frame);
    const pid = await callTool(source, "pid");
    await expect(
      callTool(source, "huge", { bytes: maxResultBytes - frame + 2 }, { maxResultBytes }),
    ).rejects.toMatchObject({
      code: "tool_result_invalid",
      message: expect.stringContaining("100000 bytes"),
    });
    expect(await callTool(source, "pid")).toBe(pid);
  });

  test("an answer of 100 MB is not kept, and the calls beside it go on", async () => {
    const source = start();
    await callTool(source, "echo");
    const before = process.memoryUsage().rss;
    const huge = callTool(source, "huge", { bytes: 100 * 2 ** 20 });
    const beside = callTool(source, "sampling");
    await expect(huge).rejects.toMatchObject({ code: "tool_result_invalid", outcome: "failed" });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
    expect(await beside).toBeTypeOf("object");
  });

  test.each([["deep"], ["deep_text"]])("%s data is refused", async (tool) => {
    const source = start();
    await expect(callTool(source, tool)).rejects.toMatchObject({
      code: "tool_result_invalid",
      message: expect.stringContaining("200 levels"),
    });
    expect(await callTool(source, "echo")).toMatchObject({ args: {} });
  });

  test("keys that name prototypes are keys", async () => {
    const value = await callTool(start(), "polluted");
    expect(Object.keys(Object(value)).sort()).toEqual(["__proto__", "constructor", "toJSON"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("polluted");
  });

  test.each([
    ["number_result", { code: "source_invalid", message: expect.stringContaining("no JSON-RPC result") }],
    ["no_content", { code: "tool_result_invalid", message: expect.stringContaining("without any content") }],
    [
      "refuse",
      {
        code: "tool_failed",
        message: expect.stringContaining("no such parameter: colour"),
        data: { code: -32602, data: { valid: ["size"] } },
      },
    ],
    ["fail", { code: "tool_failed", message: "disk is full", data: { free: 0 } }],
    ["fail_silently", { code: "tool_failed", message: "fail_silently failed without saying why." }],
  ])("%s is an error with its reason", async (tool, error) => {
    await expect(callTool(start(), tool)).rejects.toMatchObject(error);
  });

  test("what a server asks of the client is declined: as unknown, or where nobody is there to ask", async () => {
    const declined = { code: -32601, message: "Method not found" };
    const alone = { code: -32600, message: "There is no call that this belongs to" };
    expect(await callTool(start(), "sampling")).toEqual({
      "ask sampling/createMessage": declined,
      "ask elicitation/create": alone,
      "ask roots/list": declined,
    });
  });

  test("the trace goes with the call", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    expect(await callTool(start(), "echo", { a: 1 }, { traceparent })).toEqual({
      args: { a: 1 },
      meta: { traceparent },
    });
  });
});
