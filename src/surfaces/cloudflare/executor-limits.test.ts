import { afterAll, describe, expect, it, vi } from "vitest";
import { createQuickJsEngine, createWorkerdEngine } from "../../index.ts";
import { createExecutor, type EngineExecutor, type ResolvedProvider } from "./create-executor.ts";

const engines = [
  { name: "workerd", engine: () => createWorkerdEngine() },
  { name: "quickjs", engine: () => createQuickJsEngine() },
];

const provider = (fns: ResolvedProvider["fns"], name = "codemode"): ResolvedProvider => ({ name, fns });

describe.each(engines)("limits on $name", ({ engine }) => {
  const executor: EngineExecutor = createExecutor({
    engine: engine(),
    timeout: 700,
    limits: { calls: 5 },
    modules: { "lib.js": "export const double = (n) => n * 2;" },
  });
  afterAll(() => executor.close());

  it.each([
    ["spins", "async () => { while (true) {} }"],
    ["spins after an await", "async () => { await null; for (;;) {} }"],
    ["waits for a function that never answers", "async () => codemode.hang()"],
    ["waits for a timer", "async () => new Promise((r) => setTimeout(r, 60_000))"],
  ])("stop code that %s", async (_, code) => {
    const { result, error } = await executor.execute(code, [provider({ hang: () => new Promise(() => {}) })]);
    expect([result, error]).toEqual([undefined, "Execution timed out"]);
    expect((await executor.execute("async () => 1", [])).result).toBe(1);
  });

  it("let a function take its time below the limit", async () => {
    const { result } = await executor.execute("async () => codemode.slow()", [
      provider({ slow: () => new Promise((resolve) => setTimeout(() => resolve("in time"), 100)) }),
    ]);
    expect(result).toBe("in time");
  });

  it("count calls", async () => {
    const one = async () => 1;
    const loop = (n: number) =>
      `async () => { for (let i = 0; i < ${n}; i++) await codemode.one(); return "done"; }`;
    expect((await executor.execute(loop(5), [provider({ one })])).result).toBe("done");
    expect((await executor.execute(loop(6), [provider({ one })])).error).toMatch(/5 calls/);
  });

  it("do not keep modules out that were given", async () => {
    const { result } = await executor.execute("async () => (await import('lib.js')).double(21)", []);
    expect(result).toBe(42);
    const other = await executor.execute("async () => import('other.js')", []);
    expect(other.error).toBe('There is no module "other.js"');
    expect((await executor.execute("async () => import('node:fs')", [])).error).toBe(
      'There is no module "node:fs"',
    );
  });

  it("end with the caller's signal", async () => {
    const controller = new AbortController();
    const running = executor.execute(
      "async () => codemode.stop()",
      [
        provider({
          stop: () => {
            controller.abort();
            return new Promise(() => {});
          },
        }),
      ],
      { signal: controller.signal },
    );
    expect((await running).error).toMatch(/cancelled/);
  });
});

describe.each(engines)("hostile code on $name", ({ engine }) => {
  const executor: EngineExecutor = createExecutor({ engine: engine() });
  afterAll(() => executor.close());

  it.each([
    ["closes its wrapper", "})(); globalThis.x = 1; (async () => {"],
    ["imports a host module", "async () => (await import('node:fs')).readFileSync('/etc/passwd', 'utf8')"],
    [
      "forges the envelope",
      "async () => { Object.prototype.error = 'forged'; Object.prototype.toJSON = () => 1; return { a: 1 }; }",
    ],
    [
      "uses the engine's own proxy",
      "async () => globalThis.tools.codemode.constructor.constructor('return process')()",
    ],
    ["calls through the header's names", "async () => __codemode_host.constructor.prototype.call()"],
    ["answers with a function", "async () => () => 1"],
    ["ends the header", "async () => { __codemode_namespace = 1; }"],
  ])("is unharmed by code that %s", async (_, code) => {
    const canary = vi.fn<() => Promise<unknown>>(async () => "sk-canary");
    const answer = await executor.execute(code, [provider({ canary })]);
    expect(JSON.stringify(answer)).not.toContain("canary");
    expect(JSON.stringify(answer)).not.toContain("root:");
    expect(canary).not.toHaveBeenCalled();
    expect(({} as { error?: unknown }).error).toBeUndefined();
    expect((await executor.execute("async () => 1", [])).result).toBe(1);
  });
});
