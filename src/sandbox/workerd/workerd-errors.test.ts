import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GuestError } from "../../spec/engine.ts";
import type { Value } from "../../spec/value.ts";
import { completed, failed, runProgram, type RunProgramOptions } from "../../../test/fixtures/run-program.ts";
import { createWorkerdEngine } from "./create-workerd-engine.ts";

const engine = createWorkerdEngine();
beforeAll(async () => void (await engine.ready()));
afterAll(() => engine[Symbol.asyncDispose]());

const run = (code: string, options?: RunProgramOptions) => runProgram(engine, code, options);
const valueOf = async (code: string, options?: RunProgramOptions): Promise<Value> =>
  completed(await run(code, options));
const errorOf = async (code: string, options?: RunProgramOptions): Promise<GuestError> =>
  failed(await run(code, options));

describe("errors", () => {
  test.each([
    ["\n  null.x", { code: "snippet_threw", message: /^TypeError: Cannot read/, line: 2, column: 8 }],
    [
      "\n\nconst f = () => { throw new RangeError('bad'); }\nf();",
      { code: "snippet_threw", message: "RangeError: bad", line: 3 },
    ],
    ["await Promise.all([(async () => { throw new Error('x') })()])", { code: "snippet_threw", line: 1 }],
    ["throw { a: [1] }", { code: "snippet_threw", message: "Thrown: { a: [1] }" }],
    ["throw undefined", { code: "snippet_threw", message: "Thrown: undefined" }],
    ["const x = ;", { code: "snippet_syntax", message: /SyntaxError: Unexpected token/, line: 1 }],
    ["process.env", { code: "snippet_threw", message: /process is not defined/, hint: /no process/ }],
    ["(function f() { f() })()", { code: "snippet_threw", message: /RangeError: Maximum call stack/ }],
    [
      "return { a: [() => 1] }",
      {
        code: "value_unsupported",
        message: "the result.a[0] is a function; only data can cross to the host.",
      },
    ],
    ["return tools.a", { code: "value_unsupported" }],
    ["return { p: Promise.resolve() }", { code: "value_unsupported", message: /await it first/ }],
  ])("%s", async (code, expected) => {
    const error = await errorOf(code);
    for (const [key, value] of Object.entries(expected)) {
      expect(error).toHaveProperty(key, value instanceof RegExp ? expect.stringMatching(value) : value);
    }
  });

  test("a module without a default function says so", async () => {
    expect(await errorOf("export default 5")).toMatchObject({
      message: expect.stringContaining("no default function"),
    });
  });
});

test.each([
  ["small", 10],
  ["too large for a header", 30_000],
  ["half a megabyte", 500_000],
])("a program that is %s arrives as it is written", async (_name, size) => {
  const text = `é😀\u2028${"x".repeat(size)}\uD800`;
  const inSource = JSON.stringify(text).replaceAll("\u2028", "\\u2028");
  expect(await valueOf(`const odd = "\u2028 %0A \u00e9"; return [${inSource}, odd.length]`)).toEqual([
    text,
    7,
  ]);
});

describe("imports are refused", () => {
  test.each([
    'import fs from "node:fs"; export default async () => 1',
    'export * from "cloudflare:workers"; export default async () => 1',
    'export { env } from "cloudflare:workers"; export default async () => 1',
    'import/**/"cloudflare:sockets"; export default async () => 1',
  ])("%s", async (code) => {
    expect(await errorOf(code)).toMatchObject({
      code: "snippet_syntax",
      message: "Snippets cannot import modules.",
      line: 1,
    });
  });

  test.each([
    'import("cloudflare:workers")',
    'import("no" + "de:fs")',
    "import(/* a */ `main.js`)",
    "import('snippet.js')",
  ])("%s", async (code) => {
    expect(await errorOf(`\n  await ${code}`)).toMatchObject({ code: "unsupported", line: 2, column: 9 });
  });

  test("the word in a string is no import", async () => {
    expect(await valueOf("return \"import(x) from 'y'\".length")).toBe(18);
  });
});

describe("what is not there", () => {
  test.each([
    "fetch('https://example.com')",
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
    "new Function('return 1')()",
    "(async () => {}).constructor('return 1')()",
    "[].at.constructor('return this')()",
  ])("%s is refused by the runtime", async (code) => {
    expect(await errorOf(code)).toMatchObject({
      message: expect.stringContaining("Code generation from strings"),
    });
  });

  test("globals are an allow-list", async () => {
    const names = await valueOf(
      `const names = [];
       for (let o = globalThis; o !== null && o !== Object.prototype; o = Object.getPrototypeOf(o)) names.push(...Reflect.ownKeys(o).map(String));
       return names.sort();`,
    );
    expect(names).toMatchSnapshot();
  });
});
