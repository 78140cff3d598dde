/**
 * Files under attack: paths that leave the workspace, names that pose as others, floods, values that lie, and what is
 * another principal's.
 */
import { describe, expect, it } from "vitest";
import { createCodemode, createFunctionsSource, type Codemode, type FileLimits } from "../../src/index.ts";
import { describeHostile, engines, killed, limits, openHost, refused, returned } from "./hostile-host.ts";

const escapes = [
  "../../etc/passwd",
  "/etc/passwd",
  "a/../../b",
  "..\\\\..\\\\windows",
  "C:/windows",
  "//host/share",
  "file:///etc/passwd",
  "a\\u0000.txt",
  "\\u002e\\u002e/a",
  "a/.. /b",
  "nul",
  "a\\u202Etxt.exe",
  "~/../x",
];

describeHostile("files of a workspace", [
  ...escapes.map((path) => ({
    what: `no path leaves it: ${path}`,
    code: `
      const codes = new Set();
      for (const call of ["readText", "readBytes", "readJson", "stat", "remove"])
        await codemode.fs[call]("${path}").catch(({ code }) => codes.add(code));
      await codemode.fs.write("${path}", "x").catch(({ code }) => codes.add(code));
      await codemode.fs.append("${path}", "x").catch(({ code }) => codes.add(code));
      return [...codes]`,
    expect: returned(["file_path_invalid"]),
  })),
  ...["{ toString: () => 'a' }", "['a']", "5", "null", "undefined", "new Map()"].map((path) => ({
    what: `${path} is no path`,
    code: `return codemode.fs.write(${path}, "x")`,
    expect: refused("file_path_invalid", "value_unsupported"),
  })),
  {
    what: "names of prototypes are plain names",
    code: `
      for (const path of ["__proto__", "constructor", "toString", "hasOwnProperty", "a/__proto__/polluted"]) {
        if ((await codemode.fs.stat(path)) !== undefined) return path;
        await codemode.fs.write(path, JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'));
      }
      const back = await codemode.fs.readJson("__proto__");
      return [Object.hasOwn(back, "__proto__"), ({}).polluted === undefined, (await codemode.fs.list()).length >= 5]`,
    expect: returned([true, true, true]),
  },
  {
    what: "options of prototypes are none",
    code: `return codemode.fs.write("o", "x", JSON.parse('{"__proto__":{"mime":"text/html"}}'))`,
    expect: refused("usage"),
  },
  {
    what: "a lying toJSON is not asked",
    code: `
      Object.prototype.toJSON = () => "lie";
      try { await codemode.fs.write("t", { n: 1 }) } finally { delete Object.prototype.toJSON }
      return codemode.fs.readText("t")`,
    expect: ({ result, status }) => expect([status, JSON.stringify(result)]).not.toContain('"lie"'),
  },
  {
    what: "getters are read when it is written, and never again",
    code: `
      let n = 0;
      await codemode.fs.write("t", { get x() { return (n += 1) } });
      const read = n;
      const { x } = await codemode.fs.readJson("t");
      return [x <= read, n === read, x === (await codemode.fs.readJson("t")).x]`,
    expect: returned([true, true, true]),
  },
  {
    what: "a throwing getter writes nothing",
    code: `try { await codemode.fs.write("thrown", { get x() { throw new Error("no") } }) } catch {} return (await codemode.fs.stat("thrown")) === undefined`,
    expect: returned(true),
  },
  ...["() => 1", "Symbol()", "NaN", "[new Set()]", "{ a: new Date() }"].map((value) => ({
    what: `what JSON cannot say is refused: ${value}`,
    code: `return codemode.fs.write("v", ${value})`,
    expect: refused("value_unsupported"),
  })),
  {
    what: "a cycle is refused",
    code: `const a = {}; a.a = a; return codemode.fs.write("v", a)`,
    expect: refused("value_unsupported", "value_too_large"),
  },
  {
    what: "JSON of a hundred thousand levels is not handed over",
    code: `await codemode.fs.write("deep", "[".repeat(1e5) + "]".repeat(1e5)); return codemode.fs.readJson("deep")`,
    expect: killed("value_too_large", "tool_result_invalid", "file_content_invalid", "internal"),
  },
  {
    what: "a hundred megabytes at once are refused",
    code: `return codemode.fs.write("big", "x".repeat(1e8))`,
    expect: killed("value_too_large", "memory_limit", "cpu_limit", "wall_limit", "bridge_violation"),
  },
  {
    what: "a pattern cannot hold the host up",
    code: `
      await codemode.fs.write("aaa", "a".repeat(50_000) + "!");
      return (await codemode.fs.search("^(a+)+$", { regex: true, glob: "aaa" })).hits.length`,
    expect: returned(0),
  },
  {
    what: "a pattern that looks back is refused",
    code: `return codemode.fs.search("(a)\\\\1", { regex: true })`,
    expect: refused("usage"),
  },
  {
    what: "a glob of stars is answered",
    code: `return (await codemode.fs.glob("*".repeat(5_000) + "x".repeat(300))).length`,
    expect: returned(0),
  },
  {
    what: "calls without end are refused, readably",
    code: `let n = 0; try { for (;;) { await codemode.fs.stat("a"); n += 1 } } catch (error) { return [error.code, n] }`,
    expect: returned(["call_limit", limits.calls]),
  },
  {
    what: "nobody writes where results of runs are kept",
    code: `return codemode.fs.write("runs/x/result.json", "forged")`,
    expect: refused("file_path_invalid"),
  },
  {
    what: "nor by another spelling",
    code: `return codemode.fs.append("./runs//x/logs.txt", "forged")`,
    expect: refused("file_path_invalid"),
  },
]);

describe.each(engines)("floods of files on %s", (_, create) => {
  async function start(fileLimits: Partial<FileLimits>): Promise<Codemode> {
    const source = createFunctionsSource("s", { none: { input: { type: "object" }, run: () => null } });
    const codemode = createCodemode({ sources: [source], engine: create(), check: "off", fileLimits });
    await codemode.execute({ code: "return 1" });
    return codemode;
  }
  const flood = (call: string): string =>
    `let n = 0; try { for (; n < 900; n += 1) await codemode.fs.${call} } catch (error) { return [error.code, n] }`;

  it.each<[string, Partial<FileLimits>, string, number]>([
    ["files", { files: 20 }, "write('f' + n, '')", 20],
    ["bytes", { totalBytes: 1_000 }, "write('f' + n, 'x'.repeat(100))", 10],
    ["one file by appending", { fileBytes: 1_000 }, "append('log', 'x'.repeat(100))", 10],
    ["the disk by appending little to much", { runBytes: 100_000 }, "append('log', 'x'.repeat(1_000))", 13],
    ["the disk by writing over", { runBytes: 10_000 }, "write('same', 'x'.repeat(1_000))", 10],
    [
      "many at once",
      { files: 20 },
      "write('g' + n, '').then(() => Promise.all([1, 2].map((m) => codemode.fs.write('h' + n + m, ''))))",
      6,
    ],
  ])("of %s end at the limit", async (_what, fileLimits, call, most) => {
    const codemode = await start(fileLimits);
    try {
      const { document } = await codemode.execute({ code: flood(call) });
      expect(document.result).toEqual(["file_limit", most]);
      const next = await codemode.execute({ code: "return (await codemode.fs.list()).length > 0" });
      expect(next.document.result).toBe(true);
    } finally {
      await codemode.close();
    }
  });

  it("take nothing from another principal, and tell nothing of theirs", async () => {
    const { codemode } = await openHost(create());
    try {
      await codemode.files.write({ path: "secret-sums.txt", content: "canary" });
      const big = await codemode.execute({ code: "return 'canary '.repeat(20_000)" });
      const left = big.document.artifacts?.[0]?.path ?? "";
      expect(left).toContain(big.document.runId);
      const answers = async (path: string, principal: string): Promise<string> => {
        const code = `
          const say = (error) => [error.code, error.message, error.hint ?? null];
          const fs = codemode.fs;
          return [
            await fs.readText("${path}").catch(say), (await fs.stat("${path}")) ?? null, await fs.list(), await fs.glob("*"),
            await fs.search("canary"), await fs.remove("${path}"), await fs.readJson("${path}").catch(say)];`;
        const { document } = await codemode.execute({ code, principal });
        const outside = await codemode.files.read({ path, principal }).catch((error: unknown) => error);
        return JSON.stringify([document.result, String(outside)]).replaceAll(path, "<path>");
      };
      const absent = await answers("absent-sums.txt", "other");
      expect(absent).not.toContain("canary ");
      for (const path of ["secret-sums.txt", left]) expect(await answers(path, "other")).toBe(absent);
      await codemode.files.write({ path: "secret-sums.txt", content: "theirs", principal: "other" });
      const { content } = await codemode.files.read({ path: "secret-sums.txt" });
      expect(new TextDecoder().decode(content)).toBe("canary");
    } finally {
      await codemode.close();
    }
  });

  it("of logs and results are kept cut from the text, and whole as files", async () => {
    const { codemode } = await openHost(create());
    try {
      const code = "for (let n = 0; n < 20_000; n += 1) console.log('x'.repeat(50)); return 'y'.repeat(1e6)";
      const { document, text } = await codemode.execute({ code });
      expect(text.length).toBeLessThan(60_000);
      const sizes = Object.fromEntries((document.artifacts ?? []).map(({ of, bytes }) => [of, bytes]));
      expect(sizes["result"]).toBe(1e6);
      expect(sizes["logs"]).toBeLessThan(2 * limits.logBytes);
    } finally {
      await codemode.close();
    }
  });
});
