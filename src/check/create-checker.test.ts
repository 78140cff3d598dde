import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkedDeclarations, checkedPrelude } from "../../test/fixtures/checked-declarations.ts";
import { rightSnippets } from "../../test/fixtures/right-snippets.ts";
import { diagnosticsToText, wrongSnippets } from "../../test/fixtures/wrong-snippets.ts";
import type { Checker, Diagnostic } from "../spec/check.ts";
import { createChecker, type CheckerOptions } from "./create-checker.ts";

const prefix = "export default async () => {";
/** Comparing two unions of this size takes the checker minutes. */
const spinning = `let a = 0 as any as ${union("")}; let b = 0 as any as ${union("; u?: 1")}; a = b; b = a;`;

function union(more: string): string {
  return Array.from({ length: 3_000 }, (_, i) => `{ k${i}: ${i}; t: "${i}"${more} }`).join(" | ");
}

async function check(
  checker: Checker,
  code: string,
  declarations = checkedDeclarations,
): Promise<Diagnostic[]> {
  const found = await checker.check({ code: `${prefix}${code}\n}`, declarations });
  return found.map((each) => (each.line === 1 ? { ...each, column: each.column - prefix.length } : each));
}

function create(options: Omit<CheckerOptions, "prelude"> = {}): Checker {
  return createChecker({ prelude: checkedPrelude, ...options });
}

/** Processes of the native checker that this process started. */
function processes(): string[] {
  const all = execFileSync("ps", ["-A", "-o", "ppid=,pid=,args="], { encoding: "utf8" }).split("\n");
  return all.filter((line) => line.trim().startsWith(`${process.pid} `) && line.includes("--api"));
}

describe("one warm checker", () => {
  let checker: Checker;
  beforeAll(() => {
    checker = create();
  });
  afterAll(() => checker[Symbol.asyncDispose]());

  it.each(wrongSnippets)("tells of $name", async ({ code, told }) => {
    expect(diagnosticsToText(await check(checker, code))).toBe(told);
  });

  it.each(rightSnippets)("lets pass: %s", async (_name, code) => {
    expect(await check(checker, code)).toEqual([]);
  });

  it("says at most five things, errors first", async () => {
    const wrong = "const n = await tools.notes.read({ id: '1' }); n.a; n.b; a; b; c; d; e;";
    const found = await check(checker, wrong);
    expect(found.map(({ severity, message }) => [severity, message])).toEqual(
      ["a", "b", "c", "d", "e"].map((name) => ["error", `${name} is not defined.`]),
    );
  });

  it("warns, and never stops, by what was only observed", async () => {
    const found = await check(
      checker,
      `const l = await tools.notes.list({});\nl.nots;\nawait tools.notes.read({ id: 1 });`,
    );
    expect(found.map(({ severity, line }) => [severity, line])).toEqual([
      ["error", 3],
      ["warn", 2],
    ]);
  });

  it("counts columns in UTF-16 units, like JavaScript", async () => {
    const [found] = await check(checker, `const x = "😀é"; return nope;`);
    expect([found?.line, found?.column]).toEqual([1, 25]);
  });

  it("checks what runs at once, each for itself", async () => {
    const codes = Array.from({ length: 25 }, (_, i) =>
      i % 3 === 0 ? `return ${i};` : `\n${"\n".repeat(i)}return missing${i};`,
    );
    const found = await Promise.all(codes.map((code) => check(checker, code)));
    expect(found.map((each) => each.map(({ line, message }) => `${line} ${message}`))).toEqual(
      codes.map((_, i) => (i % 3 === 0 ? [] : [`${i + 2} missing${i} is not defined.`])),
    );
  });

  it("follows the version of a source, and knows only the sources given", async () => {
    const source = (version: string, name: string): typeof checkedDeclarations => [
      { source: "s", version, text: `interface Tools { s: { ${name}(): Promise<string> } }` },
    ];
    expect(await check(checker, "return tools.s.one();", source("1", "one"))).toEqual([]);
    expect((await check(checker, "return tools.s.one();", source("2", "two")))[0]?.message).toBe(
      "tools.s has no tool one.",
    );
    expect(await check(checker, "return tools.s.one();", source("1", "one"))).toEqual([]);
    expect((await check(checker, "return tools.s.one();", []))[0]?.message).toBe(
      "There is no source named s.",
    );
  });

  it("keeps more sets of sources than it holds open", async () => {
    for (let round = 0; round < 2; round += 1) {
      for (let set = 0; set < 15; set += 1) {
        const declarations = [
          {
            source: "s",
            version: `set ${set}`,
            text: `interface Tools { s: { t${set}(): Promise<string> } }`,
          },
        ];
        expect(await check(checker, `return tools.s.t${set}();`, declarations)).toEqual([]);
      }
    }
  });

  it("obeys no directive of the snippet, and reads no file of the host", async () => {
    const [unknown] = await check(checker, "// @ts-nocheck\nreturn nope;");
    expect(unknown?.message).toBe("nope is not defined.");
    for (const specifier of ["/etc/hosts", "../../prelude.d.ts"]) {
      const [found] = await check(
        checker,
        `const x: typeof import("${specifier}") = 1 as any;\nreturn await import("${specifier}");`,
      );
      expect(found).toMatchObject({ severity: "error", message: `A snippet cannot import ${specifier}.` });
    }
  });

  it.each([
    [
      "declared for all",
      "} declare global { interface Array<T> { leaked: string } } export const a = () => {",
    ],
    ["declared with an escape", "} d\\u0065clare global { interface Array<T> { leaked: string } } {"],
    ["added to a prototype", "Array.prototype.leaked = 'x';"],
    ["put on the global object", "globalThis.leaked = 'x';"],
  ])("forgets what one snippet %s before the next", async (_how, code) => {
    const asks = [
      "const n: number = [1].leaked; return n;",
      "return [1].leaked + 1;",
      "return leaked;",
      "const m: string = leaked; return m;",
    ];
    const fresh = create();
    try {
      const before = await Promise.all(asks.map((each) => check(fresh, each)));
      for (const [index, each] of asks.entries()) {
        await check(checker, code);
        expect(await check(checker, each), each).toEqual(before[index]);
      }
    } finally {
      await fresh[Symbol.asyncDispose]();
    }
  });

  it.each([
    ["TypeScript from JavaScript", "const word: number = 1; return word;", 'await import("./typed.ts")'],
    ["JavaScript from TypeScript", "return 1;", '(await import("./snippet.js")) as { default: unknown }'],
  ])("finds no text of another snippet: %s", async (_languages, code, other) => {
    await check(checker, code);
    const found = await check(checker, `const other = ${other}; return other.default;`);
    expect(found.map(({ severity }) => severity)).toContain("error");
  });

  it("survives text that is no program", async () => {
    for (const code of ["}}}", "})(); (", "\u2028\0`${", "((((((((((((((", "{".repeat(900), "/* ", "'"]) {
      const found = await check(checker, code);
      expect(found[0]?.severity).toBe("error");
    }
  });
});

describe("limits", () => {
  it("kills a check at its deadline and goes on", async () => {
    await using checker = create({ deadlineMs: 300 });
    await expect(check(checker, spinning)).rejects.toMatchObject({ code: "check_timeout" });
    expect((await check(checker, "return nope;"))[0]?.message).toBe("nope is not defined.");
  });

  it("lets a queue of good checks wait behind a spinning one", async () => {
    await using checker = create({ deadlineMs: 400 });
    const spun = check(checker, spinning);
    const good = Array.from({ length: 5 }, () => check(checker, "return 1;"));
    await expect(spun).rejects.toMatchObject({ code: "check_timeout" });
    expect(await Promise.all(good)).toEqual([[], [], [], [], []]);
  });

  it("gives up waiting for a turn", async () => {
    await using checker = create({ deadlineMs: 3_000, queueMs: 200 });
    await check(checker, "");
    const spun = check(checker, spinning);
    await expect(check(checker, "return 1;")).rejects.toMatchObject({
      code: "check_timeout",
      message: expect.stringContaining("turn") as string,
    });
    await expect(spun).rejects.toMatchObject({ code: "check_timeout" });
  });

  it.runIf(process.platform === "linux")("kills a check that takes too much memory", async () => {
    await using checker = create({ deadlineMs: 20_000, memoryMb: 150 });
    await expect(check(checker, spinning)).rejects.toMatchObject({
      code: "check_timeout",
      message: expect.stringContaining("150 MB") as string,
    });
    expect(await check(checker, "return 1;")).toEqual([]);
  });

  it("is cancelled by its signal, before and during", async () => {
    await using checker = create({ deadlineMs: 1_000 });
    const request = { code: `${prefix}${spinning}\n}`, declarations: [] };
    await expect(checker.check({ ...request, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "run_cancelled",
    });
    await expect(checker.check({ ...request, signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      code: "run_cancelled",
    });
    expect(await check(checker, "return 1;")).toEqual([]);
  });
});

describe("its process", () => {
  it("is started at once, started anew when it dies, and gone with the checker", async () => {
    const before = processes().length;
    const checker = create();
    await check(checker, "");
    const [running] = processes().slice(before);
    expect(processes()).toHaveLength(before + 1);
    process.kill(Number(running?.trim().split(/\s+/)[1]), "SIGKILL");
    const first = await check(checker, "return 1;").catch(() => check(checker, "return 1;"));
    expect(first).toEqual([]);
    expect(processes()).toHaveLength(before + 1);
    await checker[Symbol.asyncDispose]();
    expect(processes()).toHaveLength(before);
    await expect(check(checker, "")).rejects.toMatchObject({ code: "run_cancelled" });
  });

  it("is gone also when it is disposed of at once, or in the middle of a check", async () => {
    const before = processes().length;
    await create()[Symbol.asyncDispose]();
    const checker = create({ deadlineMs: 20_000 });
    const spun = check(checker, spinning).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 700));
    await checker[Symbol.asyncDispose]();
    expect(await spun).toBeInstanceOf(Error);
    expect(processes()).toHaveLength(before);
  });
});
