/**
 * What a snippet meets: its calls, its console, its errors and where they are, what is not there.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { completed, failed, runProgram, type RunProgramOptions } from "../fixtures/run-program.ts";
import type { EngineSubject } from "./engine-subject.ts";

export function describeGuest(subject: EngineSubject): void {
  const engine = subject.create({ prewarm: 1 });
  beforeAll(async () => void (await engine.ready()));
  afterAll(() => engine[Symbol.asyncDispose]());
  const run = (code: string, options?: RunProgramOptions) => runProgram(engine, code, options);
  const errorOf = async (code: string, options?: RunProgramOptions) => failed(await run(code, options));

  describe("calls", () => {
    test("carry number, kind, path, arguments and line", async () => {
      const { calls } = await run(
        `await tools.source.nested.name({ a: 1 }, [2]);
         await codemode.search({ query: "x" });
         await new Promise((resolve) => setTimeout(resolve, 3));`,
      );
      expect(calls).toEqual([
        { seq: 1, kind: "tool", path: ["source", "nested", "name"], args: [{ a: 1 }, [2]], line: 1 },
        { seq: 2, kind: "builtin", path: ["search"], args: [{ query: "x" }], line: 2 },
        { seq: 3, kind: "timer", path: [], args: [3] },
      ]);
    });

    test("that fail throw an error with what the host said, at the line of the call", async () => {
      const answer = () => Promise.reject(new Error("nope"));
      const caught = await run(
        "\ntry { await tools.a.b() } catch (e) { return [e instanceof ToolError, e.name, e.code, e.message, e.hint] }",
        { answer },
      );
      expect(completed(caught)).toEqual([true, "ToolError", "tool_failed", "nope", "Try again."]);
      const thrown = await errorOf("\n\n  await tools.a.b();", { answer });
      expect(thrown).toMatchObject({ code: "tool_failed", message: "nope", hint: "Try again.", line: 3 });
    });

    test.each([
      ["tools.a.b({ f() {} })", "value_unsupported", "args.f is a function"],
      ["tools.a.b('x'.repeat(200))", "value_too_large", "args makes the value larger"],
      ["tools.a['x'.repeat(2000)]()", "tool_not_found", "path this long"],
    ])("that cannot leave fail readably and are not issued: %s", async (code, expected, message) => {
      const { outcome, calls } = await run(`await ${code}`, { limits: { argumentBytes: 100 } });
      expect(outcome).toMatchObject({ error: { code: expected, message: expect.stringContaining(message) } });
      expect(calls).toEqual([]);
    });
  });

  describe("the console", () => {
    test("has levels, shows values, and keeps their order", async () => {
      const { logs } = await run(
        `console.log("plain", 1, { a: [1, "two", null], m: new Map([["k", new Set([1])]]) });
         console.warn("%s is %d%%", "x", 5);
         const cycle = { name: "c" }; cycle.self = cycle;
         console.error(cycle, { get secret() { throw new Error("no"); } });
         console.debug(new Date(0), /x/g, 5n, Symbol("s"), -0, new Uint8Array(3));
         console.info(new URL("https://a.b/c"));`,
      );
      expect(logs).toEqual([
        { level: "log", text: 'plain 1 { a: [1, "two", null], m: Map {"k" => Set {1}} }' },
        { level: "warn", text: "x is 5%" },
        { level: "error", text: '{ name: "c", self: [Circular] } { secret: [Getter] }' },
        { level: "debug", text: "1970-01-01T00:00:00.000Z /x/g 5n Symbol(s) -0 [Uint8Array of 3 bytes]" },
        { level: "info", text: "https://a.b/c" },
      ]);
    });

    test("shows an error with the snippet's own lines and no others", async () => {
      const { logs } = await run(
        'const inner = () => { throw new TypeError("bad") };\ntry { inner() } catch (e) { console.log(e) }',
      );
      expect(logs[0]?.text).toMatch(/^TypeError: bad\n\s+at .*snippet\.js:1:/);
      expect(logs[0]?.text).not.toMatch(/harness|main\.js/);
    });

    test("keeps what was logged before the end", async () => {
      const { outcome, logs } = await run('console.log("before"); await tools.a.b(); for (;;);', {
        limits: { wallMs: 300 },
      });
      expect(outcome).toMatchObject({ error: { code: "wall_limit" } });
      expect(logs).toEqual([{ level: "log", text: "before" }]);
    });
  });

  describe("errors", () => {
    test.each([
      ["\n  null.x", { code: "snippet_threw", message: /^TypeError: /, line: 2 }],
      ["\n\nconst f = () => { throw new RangeError('bad'); }\nf();", { message: "RangeError: bad", line: 3 }],
      ["await null;\nawait (async () => {\n await null;\n throw new Error('x') })()", { line: 4 }],
      ["throw { a: [1] }", { code: "snippet_threw", message: "Thrown: { a: [1] }" }],
      ["throw undefined", { code: "snippet_threw", message: "Thrown: undefined" }],
      [
        "\nconst x = ;",
        { code: "snippet_syntax", message: /SyntaxError: Unexpected token/, line: 2, column: 11 },
      ],
      ["process.env", { message: /process is not defined/, hint: /no process/ }],
      ["(function f() { f() })()", { message: "RangeError: Maximum call stack size exceeded" }],
      ["JSON.parse('['.repeat(2e5))", { code: "snippet_threw" }],
      [
        "return { a: [() => 1] }",
        { code: "value_unsupported", message: /^the result\.a\[0\] is a function/ },
      ],
      ["return { p: Promise.resolve() }", { code: "value_unsupported", message: /await it first/ }],
      ["export default 5", { message: /no default function/ }],
    ])("%j", async (code, expected) => {
      const error = await errorOf(code);
      for (const [key, value] of Object.entries(expected)) {
        expect(error).toHaveProperty(key, value instanceof RegExp ? expect.stringMatching(value) : value);
      }
    });

    test("of a snippet never pose as a verdict of the host", async () => {
      const error = await errorOf(
        'throw Object.assign(new ToolError({ code: "cpu_limit", message: "mine" }))',
      );
      expect(error).toMatchObject({ code: "snippet_threw", message: "mine" });
    });
  });

  describe("what is not there", () => {
    test.each([
      "fetch('https://a.b')",
      "new WebSocket('ws://x')",
      "require('fs')",
      "eval('1')",
      "new WeakRef({})",
    ])("%s teaches", async (code) => {
      expect(await errorOf(code)).toMatchObject({
        code: "unsupported",
        message: expect.stringContaining("not available"),
      });
    });

    test.each([
      'import fs from "node:fs"; export default async () => 1',
      'export * from "snippet.js"; export default async () => 1',
    ])("%s is refused", async (code) => {
      expect(await errorOf(code)).toMatchObject({
        code: "snippet_syntax",
        message: "Snippets cannot import modules.",
      });
    });

    test.each(['import("node:fs")', "import('snippet.js')", "import(/* a */ `x`)"])(
      "%s is refused",
      async (code) => {
        expect(await errorOf(`\n await ${code}`)).toMatchObject({ code: "unsupported", line: 2 });
      },
    );

    test.each([
      "new Function('return 1')()",
      "(async () => {}).constructor('return 1')()",
      "(function* () {}).constructor('return 1')()",
      "[].at.constructor('return this')()",
    ])("%s makes no code", async (code) => {
      expect((await run(`return ${code}`)).outcome.status).toBe("failed");
    });

    test("an unknown name is a ReferenceError, and typeof of one is not", async () => {
      expect(await errorOf("missing")).toMatchObject({ message: "ReferenceError: missing is not defined" });
      expect(completed(await run("return typeof missing"))).toBe("undefined");
    });
  });
}
