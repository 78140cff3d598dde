import { describe, expect, it } from "vitest";
import { CodemodeError } from "../errors.ts";
import { defaultLimits } from "../spec/limits.ts";
import { prepareSnippet } from "./prepare.ts";

async function run(code: string): Promise<unknown> {
  const { javascript } = prepareSnippet(code, defaultLimits);
  const url = `data:text/javascript,${encodeURIComponent(`const tools = { a: 1 }, codemode = { b: 2 };${javascript}`)}`;
  const module = (await import(/* @vite-ignore */ url)) as { default: () => Promise<unknown> };
  return module.default();
}

describe("prepareSnippet recovers what was meant", () => {
  const meant: [what: string, code: string, result: unknown][] = [
    ["a body with return", "const x = await 1; return x + 1", 2],
    ["a bare expression", "1 + 1", 2],
    ["a bare expression with a semicolon and comment", "const a = 2;\na * 3; // six", 6],
    ["a bare awaited expression", "await Promise.resolve(5)", 5],
    ["an object in parentheses", "({ a: 1 })", { a: 1 }],
    ["an async arrow", "async () => { return 7 }", 7],
    ["an arrow with a trailing semicolon", "async () => 7;\n", 7],
    ["an arrow that takes the tools", "async (tools) => tools.a", 1],
    ["an arrow that destructures", "async ({ tools, codemode }) => [tools.a, codemode.b]", [1, 2]],
    ["a function expression", "(async function () { return 8 })", 8],
    ["an arrow that is already called", "(async () => 9)()", 9],
    ["declarations, then an arrow", "const k = 3;\nasync () => k", 3],
    ["export default of an arrow", "export default async () => 10", 10],
    [
      "export default of a function",
      "function h() { return 11 }\nexport default async function main() { return h() }",
      11,
    ],
    ["export default before what it uses", "export default () => k;\nconst k = 12;", 12],
    ["export default of a value", "export default 13", 13],
    ["a lone declared function", "async function go() { return 14 }", 14],
    ["a main function among others", "function x() { return 15 }\nasync function main() { return x() }", 15],
    ["a main function that is called", "async function main() { return 16 }\nmain()", 16],
    ["exported helpers", "export const z = 17;\nreturn z", 17],
    ["a fence", "```ts\nconst n: number = 18;\nreturn n\n```", 18],
    [
      "a fence with prose around it",
      "Here is the program:\n\n```typescript\nreturn 19\n```\nIt returns 19.",
      19,
    ],
    ["a byte order mark", "\uFEFFreturn 20", 20],
    ["types", "interface A { n: number }\nconst a = { n: 21 } as A satisfies A;\nreturn a!.n", 21],
    ["a return in one branch only", "if (false) return 1;\nawait 3", undefined],
    ["a trailing line comment", "return 22 // done", 22],
    ["template literals with fences inside", "const md = '`'.repeat(3); return `${md}js`", "```js"],
    ["a conditional export word in a string", 'const s = "export default";\ns', "export default"],
    ["Windows line ends", "const a = 1;\r\nreturn a + 22", 23],
    ["a main arrow", "const main = async () => 24", 24],
    ["a main function expression", "let main = async function () { return 25 };", 25],
    ["an exported main", "export const main = async () => 26", 26],
    ["an exported main function", "export async function main() { return 27 }", 27],
    ["a main that takes the tools apart", "const main = async ({ tools }) => tools.a + 27", 28],
    [
      "a main beside what it needs",
      "const limit = 29;\nconst main = async () => limit;\nconst unit = 'kg';",
      29,
    ],
    ["a main after something was done", "const n = await 30;\nasync function main() { return n }", 30],
    [
      "a main that is called before the end",
      "let n = 0;\nconst main = () => { n += 1; return n };\nmain();\nconst done = true;",
      undefined,
    ],
    [
      "two functions of which one uses the other",
      "async function load() { return 31 }\nconst report = async () => load();",
      31,
    ],
    [
      "two blocks of code",
      "First:\n\n```ts\nconst a = 30;\n```\n\nThen {use} it:\n\n```ts\nreturn a + 2\n```\n",
      32,
    ],
    ["a block with a title", "```ts title=x.ts {1,3}\nreturn 33\n```", 33],
    ["an indented block", "1. Do this:\n\n   ```typescript\n   return 34;\n   ```\n", 34],
    ["a quoted block of tildes", "> ~~~js\nreturn 35\n> ~~~", 35],
    [
      "prose with signs of code before a block",
      "First set x = {}; then run this:\n```ts\nreturn 36\n```",
      36,
    ],
    [
      "blocks of other languages beside the program",
      '```json\n{ "a": 1 }\n```\n```ts\nreturn 37\n```\n```text\n37\n```',
      37,
    ],
    ["a block that is not closed", "```ts\nreturn 38", 38],
    ["a fence inside a template literal", "const md = `\n\\`\\`\\`js\n`;\nreturn md.length + 32", 39],
  ];
  it.each(meant)("%s", async (_, code, result) => {
    expect(await run(code)).toEqual(result);
  });
});

describe("prepareSnippet refuses", () => {
  const wrong: [what: string, code: string, expected: Partial<CodemodeError>][] = [
    ["nothing", "  \n ", { code: "snippet_empty" }],
    [
      "two functions of which none is called",
      "async function a() {}\nasync function b() {}",
      { code: "snippet_empty", hint: "End the program with: return await b();" },
    ],
    [
      "values alone",
      "const a = 1;\nconst b = [a];",
      { code: "snippet_empty", hint: "Return what is wanted." },
    ],
    ["a block of another language alone", '```json\n{ "a": 1 }\n```', { code: "snippet_empty" }],
    [
      "a block after one that returns",
      "```ts\nawait 1;\nreturn 1\n```\n```ts\nreturn 2\n```",
      { code: "snippet_syntax", line: 3, column: 1 },
    ],
    ["only comments", "// later", { code: "snippet_empty" }],
    [
      "a syntax error on line 2",
      "const a = 1;\nconst b = ;\n",
      { code: "snippet_syntax", line: 2, column: 11 },
    ],
    ["a syntax error on line 1", "const b = ;", { code: "snippet_syntax", line: 1, column: 11 }],
    ["a missing brace", "if (true) {\n  foo(", { code: "snippet_syntax", line: 2, column: 7 }],
    ["closing the wrapper", "})(); (async () => {", { code: "snippet_syntax" }],
    ["closing the wrapper with a brace", "}\nawait 1\n{", { code: "snippet_syntax" }],
    [
      "a static import",
      'const a = 1;\nimport fs from "node:fs";',
      { code: "snippet_syntax", line: 2, column: 1 },
    ],
    ["a re-export", 'export * from "node:fs";', { code: "snippet_syntax", line: 1 }],
    ["an enum", "enum A { B }\nreturn A.B", { code: "snippet_syntax", line: 1, column: 1 }],
    ["deep parentheses", `return ${"(".repeat(100_000)}1${")".repeat(100_000)}`, { code: "snippet_syntax" }],
    ["a long chain of operators", `return ${"!".repeat(200_000)}1`, { code: "snippet_syntax" }],
    ["too many bytes", `return "${"é".repeat(300_000)}"`, { code: "snippet_too_large" }],
  ];
  it.each(wrong)("%s", (_, code, expected) => {
    expect(() => prepareSnippet(code, defaultLimits)).toThrow(expect.objectContaining(expected) as Error);
  });

  it("still prepares the next snippet after one that overflowed the parser", () => {
    expect(() => prepareSnippet(`return ${"!".repeat(200_000)}1`, defaultLimits)).toThrow(CodemodeError);
    expect(prepareSnippet("return 1 as number", defaultLimits).javascript).toContain("return 1");
  });

  it("takes a snippet of exactly the limit", () => {
    const limits = { ...defaultLimits, snippetBytes: 10 };
    expect(() => prepareSnippet("return 123", limits)).not.toThrow();
    expect(() => prepareSnippet("return 1234", limits)).toThrow(
      expect.objectContaining({ code: "snippet_too_large" }) as Error,
    );
  });
});

describe("positions", () => {
  it("lead back to the model's own text over edits and wrapper", () => {
    const code = "const a = 1;\nawait tools.x.y(a)";
    const prepared = prepareSnippet(code, defaultLimits);
    const line = prepared.javascript.split("\n")[1] ?? "";
    expect(prepared.toOriginal({ line: 2, column: line.indexOf("tools") + 1 })).toEqual({
      line: 2,
      column: 7,
    });
    const first = prepared.javascript.split("\n")[0] ?? "";
    expect(prepared.toOriginal({ line: 1, column: first.indexOf("a = 1") + 1 })).toEqual({
      line: 1,
      column: 7,
    });
  });

  it("are the same offsets with and without types, whatever the types are written in", () => {
    const prepared = prepareSnippet("const a: '日本' | '😀é' = 'é' as any; return a", defaultLimits);
    expect(prepared.javascript.indexOf("return")).toBe(prepared.typescript.indexOf("return"));
  });

  it("stay in place inside a fence", () => {
    const prepared = prepareSnippet("```ts\nconst a: string = 'x';\nfoo.bar\n```", defaultLimits);
    const line = prepared.javascript.split("\n")[2] ?? "";
    expect(prepared.toOriginal({ line: 3, column: line.indexOf("bar") + 1 })).toEqual({ line: 3, column: 5 });
  });
});

describe("runs of before all blocks counted", () => {
  it.each([
    ["run their first block alone", "```ts\nreturn 1\n```\n```ts\nreturn 2\n```", 1],
    ["call no arrow", "const main = async () => 1", undefined],
    ["call no function among several", "function a() { return 1 }\nfunction b() { return a() }", undefined],
  ])("%s", async (_, code, result) => {
    const { javascript } = prepareSnippet(code, defaultLimits, { rules: undefined });
    const module = (await import(
      /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(javascript)}`
    )) as {
      default: () => Promise<unknown>;
    };
    expect(await module.default()).toBe(result);
  });
});
