/**
 * Endings have true names: whatever a snippet throws or returns, an honest guest's words reach the host as what they are,
 * and never as a breach of the protocol, a hang or a dead sandbox.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProgram, type ProgramRun, type RunProgramOptions } from "../fixtures/run-program.ts";
import type { EngineSubject } from "./engine-subject.ts";

const refused = (): never => {
  throw new Error("nope");
};

/** Programs that end by throwing what no program should. */
const thrown: readonly (readonly [name: string, code: string])[] = [
  [
    "a caught error of a tool with its own code",
    "try { await tools.a.b() } catch (e) { e.code = 'MY_OWN'; throw e }",
  ],
  ["a tool error of its own making", "throw new ToolError({ code: 'MINE', message: 'mine' })"],
  ["a tool error without a message", "throw new ToolError({ code: 'MINE' })"],
  ["a tool error with nothing", "throw new ToolError({})"],
  [
    "a tool error whose fields are no texts",
    "throw Object.assign(new ToolError({ code: 'x', message: 'y' }), { code: 7, message: {}, hint: [] })",
  ],
  [
    "a tool error with a huge hint",
    "throw new ToolError({ code: 'tool_failed', message: 'm', hint: 'h'.repeat(3e6) })",
  ],
  ["a tool error with a huge code", "throw new ToolError({ code: 'c'.repeat(3e6), message: 'm' })"],
  [
    "a tool error with huge data",
    "throw new ToolError({ code: 'tool_failed', message: 'm', data: 'd'.repeat(3e6) })",
  ],
  [
    "a tool error with data that cannot cross",
    "throw new ToolError({ code: 'tool_failed', message: 'm', data: () => 1 })",
  ],
  [
    "a tool error with data that throws",
    "throw new ToolError({ code: 'tool_failed', message: 'm', data: { get a() { throw 1 } } })",
  ],
  [
    "a tool error with many data",
    "throw new ToolError({ code: 'tool_failed', message: 'm', data: Array(999_999) })",
  ],
  ["an error with a huge message", "throw new Error('m'.repeat(5e6))"],
  ["an error with a huge name", "const e = new Error('m'); e.name = 'n'.repeat(5e6); throw e"],
  ["an error with a message of line separators", "throw new Error('\\u2028\\0\\ud800'.repeat(20_000))"],
  [
    "an error whose getters throw",
    "throw Object.defineProperties(new Error('m'), { message: { get() { throw 1 } }, name: { get() { throw 2 } }, stack: { get() { throw 3 } }, code: { get() { throw 4 } } })",
  ],
  [
    "an error whose getters answer otherwise each time",
    "let n = 0; throw Object.defineProperties(new ToolError({ code: 'x', message: 'm' }), { code: { get: () => (n++ % 2 ? 'tool_failed' : 5) }, hint: { get: () => (n++ % 2 ? {} : 'h') } })",
  ],
  [
    "an error with a stack of absurd lines",
    "const e = new Error('m'); e.stack = 'at x (snippet.js:99999999999999999999:99999999999999999999)'; throw e",
  ],
  [
    "an error with a stack of line 0",
    "const e = new Error('m'); e.stack = 'Error: m\\n    at x (snippet.js:0:0)'; throw e",
  ],
  ["an error with a huge stack", "const e = new Error('m'); e.stack = 's'.repeat(5e6); throw e"],
  ["an error that is its own cause", "const e = new Error('m'); e.cause = e; throw e"],
  ["an aggregate", "await Promise.any([Promise.reject(1), Promise.reject(new Error('x'))])"],
  [
    "a proxy",
    "throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 }, ownKeys() { throw 3 } })",
  ],
  ["a proxy around an error", "throw new Proxy(new Error('m'), { get() { throw 1 } })"],
  ["a revoked proxy", "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy"],
  ["a symbol", "throw Symbol('s')"],
  ["a function", "throw () => 1"],
  ["undefined", "throw undefined"],
  ["null", "throw null"],
  ["a huge text", "throw 't'.repeat(5e6)"],
  ["a bigint", "throw 2n ** 4000n"],
  [
    "an object whose conversion throws",
    "throw { toString() { throw 1 }, [Symbol.toPrimitive]() { throw 2 }, toJSON() { throw 3 } }",
  ],
  ["an object without a prototype", "throw Object.assign(Object.create(null), { a: 1 })"],
  [
    "a class that extends ToolError",
    "class Mine extends ToolError { constructor() { super({ code: 'mine', message: 'm' }); this.name = 'ToolError' } } throw new Mine()",
  ],
  ["an error with a code of the host", "throw new ToolError({ code: 'bridge_violation', message: 'm' })"],
  [
    "an error after Error.prototype was changed",
    "Object.defineProperty(Error.prototype, 'name', { get() { throw 1 } }); throw new Error('m')",
  ],
  ["an error after texts were changed", "String.prototype.slice = () => { throw 1 }; throw new Error('m')"],
  [
    "an error after arrays were changed",
    "Array.prototype.map = Array.prototype.join = Array.prototype.filter = () => { throw 1 }; throw new Error('m')",
  ],
  [
    "an error after instanceof was changed",
    "Object.defineProperty(Error, Symbol.hasInstance, { value() { throw 1 } }); throw new Error('m')",
  ],
];

/** What is hard to carry, by its number, with the code that it ends with, if it fails. */
const returned: readonly (readonly [
  name: string,
  code: (count: number) => string,
  ends: string | undefined,
])[] = [
  ["holes", (count) => `return Array(${count})`, undefined],
  ["dates", (count) => `return Array(${count} >> 1).fill(new Date(0))`, undefined],
  ["bigints", (count) => `return Array(${count} >> 2).fill(1n)`, undefined],
  ["empty objects", (count) => `return Array.from({ length: ${count} >> 1 }, () => ({}))`, undefined],
  [
    "objects with a key of the codec",
    (count) => `return Array(Math.trunc(${count} / 3)).fill({ $: 1 })`,
    undefined,
  ],
  ["lone surrogates", (count) => `return "\\ud800".repeat(${count})`, undefined],
  ["holes beyond the bound", () => "return Array(1_000_000)", "value_too_large"],
  [
    "levels",
    (count) => `let a = {}; for (let i = 0; i < ${count}; i++) a = { a }; return a`,
    "value_too_large",
  ],
];

/** What runs into the memory limit, by ways of which some end the process with other words than others. */
const bombs: readonly (readonly [name: string, code: string])[] = [
  ["squares of a bigint", "let x = 3n; for (;;) x = x * x;"],
  ["bigints kept", "const k = []; for (;;) k.push(1n << 8000000n);"],
  ["texts kept", "const k = []; for (;;) k.push('x'.repeat(2 ** 20) + k.length);"],
  ["one array", "const a = []; for (;;) a.push(a.length);"],
  ["promises", "const k = []; for (;;) k.push(new Promise(() => {}));"],
];

/** Programs that go on after something odd. */
const survived: readonly (readonly [name: string, code: string])[] = [
  [
    "logging a proxy",
    "console.log(new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 }, ownKeys() { throw 3 } }))",
  ],
  [
    "logging a revoked proxy",
    "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); console.log(proxy, [proxy])",
  ],
  [
    "leaving a proxy unhandled",
    "Promise.reject(new Proxy(new Error('m'), { get() { throw 1 }, getPrototypeOf() { throw 2 } }))",
  ],
  [
    "leaving a tool error unhandled",
    "Promise.reject(new ToolError({ code: 'MINE', message: 'm'.repeat(1e6) }))",
  ],
  [
    "leaving a getter unhandled",
    "Promise.reject({ get message() { throw 1 }, get stack() { throw 2 }, toString() { throw 3 } })",
  ],
  [
    "calling a tool with an error of its own",
    "await tools.a.b(Object.assign(new ToolError({ code: 'MINE', message: 'm' }), { extra: 1 }))",
  ],
];

export function describeEndings(subject: EngineSubject): void {
  const engine = subject.create({ prewarm: 1 });
  beforeAll(async () => void (await engine.ready()));
  afterAll(() => engine[Symbol.asyncDispose]());
  const run = (code: string, options?: RunProgramOptions): Promise<ProgramRun> =>
    runProgram(engine, code, options);

  test.each(thrown)("throwing %s", async (_, code) => {
    const { outcome } = await run(code, { answer: refused, limits: { wallMs: 10_000, memoryMb: 256 } });
    expect(outcome.status).toBe("failed");
    if (outcome.status !== "failed") return;
    expect(
      ["snippet_threw", "tool_failed"],
      `${outcome.error.code}: ${outcome.error.message.slice(0, 200)}`,
    ).toContain(outcome.error.code);
    expect(outcome.error.message.length).toBeLessThan(20_000);
    expect(outcome.error.hint?.length ?? 0).toBeLessThan(20_000);
  });

  test.each(returned)("returning %s", async (_, code, ends) => {
    // An interpreter takes ten times as long; the bound itself is the host's (parse-guest-frame.test.ts).
    const count = subject.name === "quickjs" ? 99_999 : 999_999;
    const { outcome } = await run(code(count), { limits: { resultBytes: 64 * 2 ** 20, memoryMb: 768 } });
    expect(outcome.status === "failed" ? outcome.error.code : undefined).toBe(ends);
  });

  test.each(bombs)("running out of memory by %s", async (_, code) => {
    const { outcome } = await run(code, { limits: { memoryMb: 96, cpuMs: 20_000, wallMs: 40_000 } });
    expect(outcome).toMatchObject({ status: "failed" });
    // A language may refuse by an error of its own before the process is out of memory.
    const ending = outcome.status === "failed" ? outcome.error.code : "completed";
    expect(["memory_limit", "snippet_threw", "cpu_limit"], JSON.stringify(outcome).slice(0, 300)).toContain(
      ending,
    );
  });

  test.each(survived)("going on after %s", async (_, code) => {
    const { outcome } = await run(`${code}; await tools.a.c(); return "went on"`);
    expect(outcome).toEqual({ status: "completed", value: "went on" });
  });

  describe("the process after it", () => {
    test("runs on", async () => {
      for (const [, code] of thrown.slice(0, 3)) await run(code, { answer: refused });
      expect((await run("return 1")).outcome).toEqual({ status: "completed", value: 1 });
    });
  });
}
