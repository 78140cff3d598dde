import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultLimits } from "../../spec/limits.ts";
import { runProgram, type ProgramRun, type RunProgramOptions } from "../../../test/fixtures/run-program.ts";
import { createWorkerdEngine } from "./create-workerd-engine.ts";

const engine = createWorkerdEngine({ prewarm: 2 });
beforeAll(async () => void (await engine.ready()));
afterAll(() => engine[Symbol.asyncDispose]());

async function timed(
  code: string,
  options?: RunProgramOptions,
): Promise<ProgramRun & { readonly ms: number }> {
  const begun = performance.now();
  const run = await runProgram(engine, code, options);
  return { ...run, ms: performance.now() - begun };
}

const codeOf = ({ outcome }: ProgramRun): string =>
  outcome.status === "completed" ? "completed" : outcome.error.code;

/** Every breach is followed by a run that finds nothing wrong. */
async function expectRecovery(): Promise<void> {
  expect((await timed("return await tools.a.b(7)")).outcome).toEqual({ status: "completed", value: 7 });
}

describe("a spin is killed, wherever it stands", () => {
  test.each([
    ["before an await", "for (;;);"],
    ["after an await", "await tools.a.b(); for (;;);"],
    ["in microtasks", "const spin = () => Promise.resolve().then(spin); await spin();"],
    ["in async code", "for (;;) await null;"],
    ["in a comparator", "[1, 2, 3].sort(() => { for (;;); })"],
    ["in a getter of the result", "return { get x() { for (;;); } }"],
    ["in a backtracking pattern", "/^(a+)+$/.test('a'.repeat(40) + 'b')"],
    ["in arithmetic", "let n = 3n; for (;;) n *= n;"],
    ["in a timer", "setTimeout(() => { for (;;); }, 1); await new Promise(() => {});"],
    ["in a tool's catch", "try { await tools.a.b(); } finally { for (;;); }"],
  ])("%s", async (_name, code) => {
    const run = await timed(code, { limits: { cpuMs: 200, wallMs: 5_000 } });
    expect(["cpu_limit", "memory_limit"]).toContain(codeOf(run));
    expect(run.ms).toBeLessThan(4_000);
    await expectRecovery();
  });

  test("by the wall clock, when it does not use the CPU", async () => {
    const run = await timed("await new Promise((resolve) => setTimeout(resolve, 60_000))", {
      limits: { wallMs: 200 },
    });
    expect(codeOf(run)).toBe("wall_limit");
    expect(run.ms).toBeLessThan(1_500);
  });

  test("also once the result is out", async () => {
    const code = "setTimeout(() => {}, 0); Promise.resolve().then(() => { for (;;); }); return 1;";
    const run = await timed(code, { limits: { cpuMs: 200 } });
    expect(["completed", "cpu_limit"]).toContain(codeOf(run));
    await expectRecovery();
  });
});

test("CPU time within the limit is fine and is reported", async () => {
  const run = await timed("let x = 0; for (let i = 0; i < 3e7; i++) x += i % 7; return x > 0", {
    limits: { cpuMs: 5_000 },
  });
  expect(run.outcome).toEqual({ status: "completed", value: true });
  expect(run.usage.cpuMs).toBeGreaterThan(0);
  expect(run.usage.runMs).toBeLessThanOrEqual(run.ms);
});

test("wall time stands still while a tool is awaited", async () => {
  const slow = () => new Promise<string>((resolve) => setTimeout(resolve, 600, "late"));
  const run = await timed("return await tools.a.b()", { limits: { wallMs: 300 }, answer: slow });
  expect(run.outcome).toEqual({ status: "completed", value: "late" });
  const lifetime = await timed("return await tools.a.b()", { limits: { lifetimeMs: 300 }, answer: slow });
  expect(codeOf(lifetime)).toBe("lifetime_limit");
});

describe("memory that grows is refused or killed", () => {
  test.each([
    [
      "array buffers with the error caught",
      "const kept = []; for (;;) try { kept.push(new ArrayBuffer(16 * 2 ** 20)) } catch {}",
    ],
    [
      "touched buffers",
      "const kept = []; for (;;) try { kept.push(new Uint8Array(2 ** 20).fill(1)) } catch {}",
    ],
    ["arrays", "const kept = []; for (;;) kept.push({ a: [kept.length] });"],
    ["maps", "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });"],
    ["strings", "let s = 'x'; for (;;) { s += s; if (s.charCodeAt(s.length - 1) === 0) break; }"],
    ["one huge array", "return new Array(2 ** 28).fill(0).length"],
    ["promises", "const kept = []; for (;;) kept.push(new Promise(() => {}));"],
    [
      "closures after an await",
      "await tools.a.b(); const kept = []; for (;;) { const a = new Array(1000).fill(kept.length); kept.push(() => a); }",
    ],
  ])("%s", async (_name, code) => {
    const run = await timed(code, { limits: { memoryMb: 64, cpuMs: 5_000, wallMs: 8_000 } });
    expect(["memory_limit", "snippet_threw", "cpu_limit", "wall_limit"]).toContain(codeOf(run));
    expect(run.ms).toBeLessThan(9_500);
    await expectRecovery();
  });

  test("and memory within the limit is fine", async () => {
    const run = await timed("return new Uint8Array(30 * 2 ** 20).fill(1).length", {
      limits: { memoryMb: 64 },
    });
    expect(run.outcome).toEqual({ status: "completed", value: 30 * 2 ** 20 });
  });
});

describe("waiting for nothing fails fast", () => {
  test.each([
    "await new Promise(() => {})",
    "await tools.a.b(); await new Promise(() => {})",
    "setTimeout(() => {}, 1); await new Promise(() => {})",
    "await new Promise((resolve) => { globalThis.resolve = undefined; })",
  ])("%s", async (code) => {
    const run = await timed(code);
    expect(codeOf(run)).toBe("never_settled");
    expect(run.ms).toBeLessThan(2_000);
  });

  test("but a slow tool is no such thing", async () => {
    const slow = () => new Promise<number>((resolve) => setTimeout(resolve, 200, 1));
    expect(codeOf(await timed("return await tools.a.b()", { answer: slow }))).toBe("completed");
  });
});

describe("floods", () => {
  test("of timers are capped", async () => {
    const run = await timed("for (let i = 0; i < 1e6; i++) setTimeout(() => {}, 1e6);", {
      limits: { timers: 100 },
    });
    expect(run.outcome).toMatchObject({ error: { code: "timer_limit", line: 1 } });
    expect(run.calls.length).toBeLessThanOrEqual(100);
    const within = await timed("for (let i = 0; i < 100; i++) setTimeout(() => {}, 1e6); return 1", {
      limits: { timers: 100 },
    });
    expect(codeOf(within)).toBe("completed");
  });

  test("of an interval are capped", async () => {
    const run = await timed("setInterval(() => {}, 0); await new Promise(() => {})", {
      limits: { timers: 20 },
    });
    expect(["timer_limit", "never_settled"]).toContain(codeOf(run));
    expect(run.calls).toHaveLength(20);
  });

  test("of log lines are cut at the budget", async () => {
    const run = await timed("for (let i = 0; i < 1e6; i++) console.log('line', i); return 1", {
      limits: { logBytes: 10_000 },
    });
    expect(codeOf(run)).toBe("completed");
    const bytes = run.logs.reduce((sum, { text }) => sum + text.length + 1, 0);
    expect(bytes).toBeLessThan(10_100);
    expect(run.logs.at(-1)?.text).toContain("[console output cut at 10000 bytes]");
  });

  test("of one enormous line as well", async () => {
    const run = await timed("console.log('x'.repeat(5e7)); console.log({ s: 'y'.repeat(5e7) }); return 1");
    expect(codeOf(run)).toBe("completed");
    expect(run.logs[0]?.text.length).toBeLessThan(300_000);
  });

  test("of calls in sequence are answered one by one", async () => {
    const run = await timed("let n = 0; for (let i = 0; i < 2000; i++) n += await tools.a.b(1); return n");
    expect(run.outcome).toEqual({ status: "completed", value: 2_000 });
  });
});

describe("values", () => {
  test("a result at the limit passes, one beyond is named", async () => {
    const limits = { resultBytes: 1_000 };
    expect(codeOf(await timed("return 'x'.repeat(998)", { limits }))).toBe("completed");
    const beyond = await timed("return { a: 'x'.repeat(1000) }", { limits });
    expect(beyond.outcome).toMatchObject({
      error: { code: "value_too_large", message: expect.stringContaining("the result") },
    });
  });

  test("an answer at the limit passes, one beyond fails the call", async () => {
    const answer = () => "x".repeat(998);
    expect(
      codeOf(await timed("return (await tools.a.b()).length", { limits: { resultBytes: 1_000 }, answer })),
    ).toBe("completed");
    const code = "try { await tools.a.b() } catch (e) { return e.code }";
    const beyond = await timed(code, { limits: { resultBytes: 999 }, answer });
    expect(beyond.outcome).toEqual({ status: "completed", value: "value_too_large" });
  });

  test("megabytes go in and out", async () => {
    const answer = () => "é".repeat(4 * 2 ** 20);
    const run = await timed("return await tools.a.b()", { answer });
    expect(run.outcome).toEqual({ status: "completed", value: answer() });
  });

  test("an answer that the sandbox has no room for is a limit, not a riddle", async () => {
    const answer = () => "é".repeat(15 * 2 ** 20);
    const run = await timed(
      "const a = await tools.a.b(); return [a, a + 'x', a + 'y'].map((s) => s.length)",
      { answer, limits: { memoryMb: 32 } },
    );
    expect(["memory_limit", "completed"]).toContain(codeOf(run));
    await expectRecovery();
  });

  test.each([
    ["let d = []; for (let i = 0; i < 1e5; i++) d = [d]; return d", "value_too_large"],
    ["const o = {}; for (let i = 0; i <= 1e6; i++) o['k' + i] = i; return o", "value_too_large"],
    ["return 'x'.repeat(2 ** 29 - 24)", "value_too_large"],
  ])("%s", async (code, expected) => {
    const run = await timed(code, { limits: { memoryMb: 128 } });
    expect([expected, "memory_limit", "snippet_threw"]).toContain(codeOf(run));
    await expectRecovery();
  });
});

test("a cancelled run ends at once with the given reason", async () => {
  const session = await engine.start(
    {
      code: "export default async () => { for (;;); }",
      limits: { ...defaultLimits, wallMs: 60_000, cpuMs: 60_000 },
      seed: "s",
      now: 0,
      principal: "local",
    },
    { call() {}, log() {} },
  );
  setTimeout(() => session.cancel({ code: "run_cancelled", message: "enough" }), 100);
  expect(await session.outcome).toEqual({
    status: "failed",
    error: { code: "run_cancelled", message: "enough" },
  });
  await session[Symbol.asyncDispose]();
  await expectRecovery();
});
