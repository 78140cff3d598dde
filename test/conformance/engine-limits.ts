/**
 * Every limit from both sides: what is within it passes, what is beyond it ends in the limit's own code, and the
 * next run finds nothing wrong.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { completed, failed, runProgram, type RunProgramOptions } from "../fixtures/run-program.ts";
import { observe, type EngineSubject } from "./engine-subject.ts";

export function describeLimits(subject: EngineSubject): void {
  const engine = subject.create({ prewarm: 2 });
  beforeAll(async () => void (await engine.ready()));
  afterAll(() => engine[Symbol.asyncDispose]());
  const run = (code: string, options?: RunProgramOptions) => runProgram(engine, code, options);
  const endOf = async (code: string, options?: RunProgramOptions): Promise<string> => {
    const { outcome } = await run(code, options);
    return outcome.status === "completed" ? "completed" : outcome.error.code;
  };
  const expectRecovery = async (): Promise<void> =>
    expect(await endOf("return await tools.a.b(7)")).toBe("completed");

  describe("CPU time", () => {
    test.each([
      ["before an await", "for (;;);"],
      ["after an await", "await tools.a.b(); for (;;);"],
      ["in microtasks", "const spin = () => Promise.resolve().then(spin); await spin();"],
      ["in async code", "for (;;) await null;"],
      ["in a comparator", "[1, 2, 3].sort(() => { for (;;); })"],
      ["in a getter of the result", "return { get x() { for (;;); } }"],
      ["in a backtracking pattern", "for (;;) /^(a+)+$/.test('a'.repeat(40) + 'b')"],
      ["in a timer", "setTimeout(() => { for (;;); }, 1); await new Promise(() => {});"],
    ])("is limited %s", async (_name, code) => {
      expect(await endOf(code, { limits: { cpuMs: 150, wallMs: 8_000 } })).toBe("cpu_limit");
      await expectRecovery();
    });

    test("within the limit is fine, and reported", async () => {
      const { outcome, usage } = await run(
        "let x = 0; for (let i = 0; i < 4e5; i++) x += i % 7; return x > 0",
      );
      expect(outcome).toEqual({ status: "completed", value: true });
      expect(usage.cpuMs).toBeGreaterThanOrEqual(0);
      expect(usage.runMs).toBeGreaterThan(0);
    });
  });

  describe("wall time", () => {
    test("ends what only waits for timers", async () => {
      const code = "await new Promise((resolve) => setTimeout(resolve, 60_000))";
      expect(await endOf(code, { limits: { wallMs: 200 } })).toBe("wall_limit");
    });

    test("stands still while a tool is awaited; the lifetime does not", async () => {
      const answer = () => new Promise<string>((resolve) => setTimeout(resolve, 500, "late"));
      expect(await endOf("return await tools.a.b()", { limits: { wallMs: 300 }, answer })).toBe("completed");
      expect(await endOf("return await tools.a.b()", { limits: { lifetimeMs: 200 }, answer })).toBe(
        "lifetime_limit",
      );
    });
  });

  describe("memory", () => {
    test.each([
      ["buffers", "const kept = []; for (;;) kept.push(new Uint8Array(2 ** 20).fill(1));"],
      ["objects", "const kept = []; for (;;) kept.push({ a: [kept.length] });"],
      [
        "buffers with the error caught",
        "const k = []; for (;;) try { k.push(new Uint8Array(2 ** 22).fill(1)) } catch {}",
      ],
      [
        "closures after an await",
        "await tools.a.b(); const k = []; for (;;) { const a = Array(1000).fill(k.length); k.push(() => a); }",
      ],
    ])("is limited: %s", async (_name, code) => {
      const limits = { memoryMb: 64, cpuMs: 8_000, wallMs: 20_000 };
      expect(["memory_limit", "cpu_limit", "snippet_threw"]).toContain(await endOf(code, { limits }));
      await expectRecovery();
    });

    test("within the limit is fine", async () => {
      expect(
        await endOf("return new Uint8Array(24 * 2 ** 20).fill(1).length", { limits: { memoryMb: 64 } }),
      ).toBe("completed");
    });
  });

  describe("sizes", () => {
    test("of a result", async () => {
      const limits = { resultBytes: 1_000 };
      expect(await endOf("return 'x'.repeat(998)", { limits })).toBe("completed");
      expect(await endOf("return 'x'.repeat(999)", { limits })).toBe("value_too_large");
    });

    test("of an answer", async () => {
      const code = "try { return (await tools.a.b()).length } catch (e) { return e.code }";
      const answer = () => "x".repeat(998);
      expect(completed(await run(code, { limits: { resultBytes: 1_000 }, answer }))).toBe(998);
      expect(completed(await run(code, { limits: { resultBytes: 999 }, answer }))).toBe("value_too_large");
    });

    test("of arguments", async () => {
      const limits = { argumentBytes: 1_000 };
      expect(await endOf("await tools.a.b('x'.repeat(998))", { limits })).toBe("completed");
      expect(await endOf("await tools.a.b('x'.repeat(999))", { limits })).toBe("value_too_large");
    });

    test("of nesting", async () => {
      const code = "let d = 1; for (let i = 0; i < DEEP; i++) d = [d]; return d";
      expect(await endOf(code.replace("DEEP", "20"), { limits: { depth: 20 } })).toBe("completed");
      expect(await endOf(code.replace("DEEP", "21"), { limits: { depth: 20 } })).toBe("value_too_large");
    });

    test("megabytes go in and out", async () => {
      const answer = () => "é".repeat(2 ** 20);
      expect(completed(await run("return await tools.a.b('x'.repeat(2 ** 20))", { answer }))).toBe(answer());
    });
  });

  describe("floods", () => {
    test("of timers", async () => {
      const flood = (count: number) =>
        `for (let i = 0; i < ${count}; i++) setTimeout(() => {}, 1e6); return 1`;
      expect(await endOf(flood(100), { limits: { timers: 100 } })).toBe("completed");
      expect(await endOf(flood(101), { limits: { timers: 100 } })).toBe("timer_limit");
    });

    test("of calls without an answer", async () => {
      const code = `const all = await Promise.allSettled(Array.from({ length: COUNT }, () => tools.a.b()));
        return [all.filter((r) => r.status === "fulfilled").length, all.at(-1).reason?.code];`;
      const limits = { calls: 40, timers: 10 };
      expect(completed(await run(code.replace("COUNT", "50"), { limits }))).toEqual([50, undefined]);
      expect(completed(await run(code.replace("COUNT", "5000"), { limits }))).toEqual([50, "call_limit"]);
    });

    test("of log lines are cut at the budget, with a mark", async () => {
      const within = await run("for (let i = 0; i < 99; i++) console.log('123456789'); return 1", {
        limits: { logBytes: 1_000 },
      });
      expect(within.logs).toHaveLength(99);
      const beyond = await run("for (let i = 0; i < 1e5; i++) console.log('123456789'); return 1", {
        limits: { logBytes: 1_000 },
      });
      expect(completed(beyond)).toBe(1);
      expect(beyond.logs.at(-1)?.text).toContain("[console output cut at 1000 bytes]");
      expect(beyond.logs.reduce((sum, { text }) => sum + text.length + 1, 0)).toBeLessThan(1_100);
    });

    test("of one enormous line", async () => {
      const { outcome, logs } = await run("console.log('x'.repeat(5e6)); return 1");
      expect(outcome.status).toBe("completed");
      expect(logs[0]?.text.length).toBeLessThan(300_000);
    });
  });

  describe("waiting for nothing", () => {
    test.each([
      "await new Promise(() => {})",
      "await tools.a.b(); await new Promise(() => {})",
      "setTimeout(() => {}, 1); await new Promise(() => {})",
    ])("fails fast: %s", async (code) => {
      expect(failed(await run(code))).toMatchObject({ code: "never_settled" });
    });

    test.each([
      [
        "a long stretch at the start",
        "const end = 2e6; let x = 0; for (let i = 0; i < end; i++) x += i; return 1",
      ],
      [
        "a long stretch after a call",
        "await tools.a.b(); let x = 0; for (let i = 0; i < 2e6; i++) x += i; return 1",
      ],
      ["many microtasks", "for (let i = 0; i < 2e4; i++) await null; return 1"],
      [
        "a module that takes its time",
        "let x = 0; for (let i = 0; i < 2e6; i++) x += i; export default async () => 1",
      ],
    ])("is not %s", async (_name, code) => {
      expect(await endOf(code, { limits: { cpuMs: 20_000 } })).toBe("completed");
    });

    test("is not a slow tool", async () => {
      const answer = () => new Promise<number>((resolve) => setTimeout(resolve, 200, 1));
      expect(await endOf("return await tools.a.b()", { answer })).toBe("completed");
    });
  });

  test("a cancelled run ends at once with the reason that was given", async () => {
    const { session } = await observe(engine, "for (;;);");
    session.cancel({ code: "run_cancelled", message: "enough" });
    expect(await session.outcome).toEqual({
      status: "failed",
      error: { code: "run_cancelled", message: "enough" },
    });
    await session[Symbol.asyncDispose]();
    await expectRecovery();
  });
}
