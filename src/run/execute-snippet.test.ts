import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCodemode } from "../codemode.ts";
import { createFunctionsSource } from "../connectors/functions/create-functions-source.ts";
import { createMcpSource } from "../connectors/mcp/create-mcp-source.ts";
import { createWorkerdEngine } from "../sandbox/workerd/create-workerd-engine.ts";
import type { Codemode } from "../spec/codemode.ts";
import type { RunEvent } from "../spec/events.ts";

let codemode: Codemode;
const sent: unknown[] = [];

beforeAll(() => {
  const numbers = createFunctionsSource("numbers", {
    add: {
      description: "Adds two numbers.",
      effect: "read",
      input: {
        type: "object",
        properties: { a: { type: "number" }, b: { type: "number" } },
        required: ["a", "b"],
        additionalProperties: false,
      },
      run: ({ a, b }: { a: number; b: number }) => a + b,
    },
    slow: {
      description: "Waits.",
      effect: "read",
      input: { type: "object", properties: { ms: { type: "number" } } },
      run: ({ ms }: { ms: number }) => new Promise((resolve) => setTimeout(() => resolve(ms), ms)),
    },
    fail: {
      description: "Fails.",
      effect: "read",
      input: { type: "object" },
      run: () => Promise.reject(new Error("no such thing")),
    },
    store: {
      description: "Writes.",
      effect: "write",
      input: { type: "object" },
      run: (args: unknown) => void sent.push(args),
    },
    cyclic: {
      description: "Answers with a cycle.",
      effect: "read",
      input: { type: "object" },
      run: () => {
        const a: { self?: unknown } = {};
        a.self = a;
        return a;
      },
    },
  });
  codemode = createCodemode({
    sources: [numbers],
    engine: createWorkerdEngine(),
    policy: "allow-all",
    check: "off",
    limits: { calls: 20, callsInFlight: 2, callMs: 1_000 },
  });
});
afterAll(() => codemode.close());

describe("execute", () => {
  it("runs a program of several calls and answers with its value", async () => {
    const { document, text } = await codemode.execute({
      code: "const sums = await Promise.all([1, 2, 3].map((n) => tools.numbers.add({ a: n, b: 10 })));\nreturn sums;",
    });
    expect(document).toMatchObject({ status: "completed", result: [11, 12, 13], writes: [] });
    expect(document.calls.map((call) => [call.seq, call.path, call.effect, call.ok])).toEqual(
      [1, 2, 3].map((seq) => [seq, "numbers.add", "read", true]),
    );
    expect(text).toBe("[11,12,13]");
  });

  const failures: [what: string, code: string, error: object][] = [
    [
      "an unknown tool, with the nearest",
      "return await tools.numbers.ad({ a: 1, b: 2 })",
      { code: "tool_not_found", hint: expect.stringContaining("tools.numbers.add") as string, line: 1 },
    ],
    [
      "an unknown source",
      "return await tools.nothing.here({})",
      { code: "tool_not_found", message: expect.stringContaining("numbers") as string },
    ],
    ["a tool named constructor", "return await tools.numbers.constructor({})", { code: "tool_not_found" }],
    ["a tool named __proto__", "return await tools.numbers['__proto__']({})", { code: "tool_not_found" }],
    [
      "wrong arguments",
      'return await tools.numbers.add({ a: "1", b: 2 })',
      { code: "tool_arguments_invalid", message: expect.stringContaining("a") as string },
    ],
    ["two arguments", "return await tools.numbers.add(1, 2)", { code: "tool_arguments_invalid" }],
    [
      "a tool's own error",
      "const x = 1;\nreturn await tools.numbers.fail({})",
      { code: "tool_failed", message: "no such thing", line: 2 },
    ],
    ["a tool that is too slow", "return await tools.numbers.slow({ ms: 5000 })", { code: "source_timeout" }],
    ["an answer that cannot cross", "return await tools.numbers.cyclic({})", { code: "tool_result_invalid" }],
    [
      "too many calls",
      "for (let i = 0; i < 21; i += 1) await tools.numbers.add({ a: 1, b: 1 })",
      { code: "call_limit" },
    ],
    [
      "an unknown builtin",
      "return await codemode.serch('x')",
      { code: "tool_not_found", hint: expect.stringContaining("codemode.search") as string },
    ],
    [
      "its own throw, at its own line",
      "const a = 1;\nfunction f() {\n  throw new TypeError('bad ' + a);\n}\nf();",
      { code: "snippet_threw", message: expect.stringContaining("bad 1") as string, line: 3 },
    ],
    ["a syntax error", "const a = 1;\nconst b = ;", { code: "snippet_syntax", line: 2, column: 11 }],
    ["a promise that never settles", "await new Promise(() => {})", { code: "never_settled" }],
  ];
  it.each(failures)("reports %s", async (_, code, error) => {
    const { document, text } = await codemode.execute({ code });
    expect(document).toMatchObject({ status: "failed", error });
    expect(text).toContain(document.error?.code);
  });

  it("makes exactly as many calls as the limit allows", async () => {
    const { document } = await codemode.execute({
      code: "let n = 0; for (let i = 0; i < 20; i += 1) n = await tools.numbers.add({ a: n, b: 1 }); return n",
    });
    expect(document).toMatchObject({ status: "completed", result: 20 });
  });

  it("keeps no more calls under way than the limit", async () => {
    const began = performance.now();
    await codemode.execute({
      code: "await Promise.all([1, 2, 3, 4].map(() => tools.numbers.slow({ ms: 100 })))",
    });
    expect(performance.now() - began).toBeGreaterThan(195);
  });

  it("lets the snippet catch a failed call with code, message and hint", async () => {
    const { document } = await codemode.execute({
      code: "try { await tools.numbers.ad({}) } catch (e) { return [e instanceof Error, e.code, typeof e.hint] }",
    });
    expect(document.result).toEqual([true, "tool_not_found", "string"]);
  });

  it("lists the writes of a run that failed afterwards", async () => {
    const { document, text } = await codemode.execute({
      code: "await tools.numbers.store({ id: 7 });\nthrow new Error('later')",
    });
    expect(document.writes).toEqual([{ seq: 1, path: "numbers.store", args: { id: 7 }, state: "done" }]);
    expect(text).toMatch(/must not repeat[\s\S]*tools\.numbers\.store\(\{"id":7\}\): done/);
  });

  it("waits for a write that the snippet did not await", async () => {
    sent.length = 0;
    const { document } = await codemode.execute({
      code: "void tools.numbers.store({ id: 8 });\nreturn 'early'",
    });
    expect(document).toMatchObject({ status: "completed", writes: [{ state: "done" }] });
    expect(sent).toEqual([{ id: 8 }]);
  });

  it("tells events in order and keeps console lines with levels", async () => {
    const events: RunEvent[] = [];
    const { document } = await codemode.execute({
      code: 'console.warn("careful", { a: 1 });\nawait tools.numbers.add({ a: 1, b: 2 })',
      onEvent: (event) => void events.push(event),
    });
    expect(document.logs).toEqual([{ level: "warn", text: expect.stringContaining("careful") as string }]);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.map((event) => (event.type === "status" ? event.status : event.type))).toEqual([
      "queued",
      "running",
      "log",
      "call",
      "outcome",
      "completed",
    ]);
  });

  it("cancels with its signal, the upstream call too", async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    const { document } = await codemode.execute({
      code: "await tools.numbers.slow({ ms: 900 })",
      signal: abort.signal,
    });
    expect(document).toMatchObject({ status: "cancelled", error: { code: "run_cancelled" } });
  });

  it("takes lower limits for one run and refuses higher ones", async () => {
    const { document } = await codemode.execute({ code: "for (;;) {}", limits: { cpuMs: 200 } });
    expect(document.error?.code).toBe("cpu_limit");
    await expect(codemode.execute({ code: "1", limits: { calls: 21 } })).rejects.toMatchObject({
      code: "config_invalid",
    });
    await expect(codemode.execute({ code: "1", limits: { cals: 1 } as object })).rejects.toMatchObject({
      code: "config_invalid",
      hint: expect.stringContaining("calls") as string,
    });
  });

  it("searches and describes from inside", async () => {
    const { document } = await codemode.execute({
      code: 'const { results } = await codemode.search("add numbers"); return [results[0].path, await codemode.describe("numbers.add")]',
    });
    expect(document.result).toEqual(["numbers.add", expect.stringContaining("Adds two numbers") as string]);
  });
});

describe("call", () => {
  it("makes one call as a run", async () => {
    const { document } = await codemode.call("numbers.add", { a: 2, b: 3 });
    expect(document).toMatchObject({
      status: "completed",
      result: 5,
      calls: [{ path: "numbers.add", ok: true }],
    });
  });

  it("passes __proto__ as a plain key", async () => {
    sent.length = 0;
    await codemode.call("numbers.store", JSON.parse('{"__proto__":{"x":1}}') as never);
    expect(Object.keys(sent[0] as object)).toEqual(["__proto__"]);
  });
});

describe("policy", () => {
  it("read-only lets no write through", async () => {
    let written = 0;
    await using cm = createCodemode({
      sources: [
        createFunctionsSource("s", {
          write: { description: "", effect: "write", input: { type: "object" }, run: () => (written += 1) },
          read: { description: "", effect: "read", input: { type: "object" }, run: () => 1 },
        }),
      ],
      engine: createWorkerdEngine(),
      policy: "read-only",
      check: "off",
    });
    const { document } = await cm.execute({
      code: "const r = await tools.s.read({}); try { await tools.s.write({}) } catch (e) { return [r, e.code] }",
    });
    expect([document.result, written]).toEqual([[1, "call_denied"], 0]);
    expect(document.writes).toEqual([
      { seq: 2, path: "s.write", args: {}, state: "denied", outcome: "not_sent" },
    ]);
  });
});

describe("a source that has failed", () => {
  it("is named with its reason, not as one that does not exist", async () => {
    const dead = createMcpSource("dead", { transport: "stdio", command: "no-such-command-anywhere" });
    await using cm = createCodemode({ sources: [dead], engine: createWorkerdEngine(), check: "off" });
    const { document } = await cm.execute({ code: "return await tools.dead.anything({})" });
    expect(document.error).toMatchObject({
      code: "source_unavailable",
      message: expect.stringContaining("no-such-command-anywhere") as string,
    });
  });
});

describe("a wrong program that is called off", () => {
  it("is cancelled, and what the check says later troubles nobody", async () => {
    await using cm = createCodemode({
      sources: [createFunctionsSource("s", { read: { effect: "read", run: () => 1 } })],
      engine: createWorkerdEngine({ prewarm: 1 }),
    });
    const abort = new AbortController();
    abort.abort();
    const { document } = await cm.execute({ code: "return tools.s.nothing()", signal: abort.signal });
    expect(document).toMatchObject({ status: "cancelled", error: { code: "run_cancelled" } });
    expect(await cm.check("return tools.s.nothing()")).toHaveLength(1);
  });
});
