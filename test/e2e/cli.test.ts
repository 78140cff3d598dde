import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { runDocumentSchema } from "../../src/spec/run.ts";
import { documentOf, effect, quickstart, root, runCli, toolsSchema } from "../fixtures/built-cli.ts";

const config = ["--config", quickstart];

const searchSchema = z.strictObject({
  results: z.array(
    z.strictObject({
      path: z.string(),
      description: z.string(),
      effect,
      signature: z.string(),
      score: z.number(),
    }),
  ),
  total: z.int(),
  truncated: z.boolean(),
});
const checkSchema = z.strictObject({
  ok: z.boolean(),
  diagnostics: z.array(
    z.looseObject({ line: z.int(), column: z.int(), message: z.string(), hint: z.string().optional() }),
  ),
});
const doctorSchema = z.strictObject({
  ok: z.boolean(),
  checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

describe("documents of the quickstart", () => {
  test("tools", async () => {
    const finished = await runCli(["tools", "--json", ...config]);
    expect(finished.code).toBe(0);
    const { tools, sources } = documentOf(finished, toolsSchema);
    expect(sources.map(({ name, state }) => [name, state])).toEqual([
      ["everything", "ready"],
      ["files", "ready"],
      ["memory", "ready"],
    ]);
    expect(tools.length).toBe(sources.reduce((sum, source) => sum + source.tools, 0));
    expect(tools).toContainEqual(
      expect.objectContaining({
        path: "files.read_text_file",
        effect: "read",
        upstreamName: "read_text_file",
      }),
    );
  });

  test("search", async () => {
    const finished = await runCli(["search", "read a text file", "--json", "--limit", "3", ...config]);
    expect(finished.code).toBe(0);
    const { results, total } = documentOf(finished, searchSchema);
    expect(results).toHaveLength(3);
    expect(total).toBeGreaterThanOrEqual(3);
    expect(results.map((hit) => hit.path)).toContain("files.read_text_file");
    expect(results[0]?.signature).toMatch(/=> Promise</);
  });

  test("check", async () => {
    const wrong = await runCli(["check", "-", "--json", ...config], {
      input: "const x = 1;\nreturn tools.files.reed_file({});",
    });
    expect(wrong.code).toBe(1);
    expect(documentOf(wrong, checkSchema)).toMatchObject({ ok: false, diagnostics: [{ line: 2 }] });
    const right = await runCli([
      "check",
      join(root, "examples/snippets/spending-by-city.snippet.ts"),
      "--json",
      ...config,
    ]);
    expect(documentOf(right, checkSchema)).toEqual({ ok: true, diagnostics: [] });
    expect(right.code).toBe(0);
  });

  test("run and call", async () => {
    const ran = await runCli(["run", "-", "--json", ...config], {
      input: "console.log('hello'); return await tools.everything.get_sum({ a: 1, b: 2 })",
    });
    expect(ran.code).toBe(0);
    expect(documentOf(ran, runDocumentSchema)).toMatchObject({
      status: "completed",
      logs: [{ text: "hello" }],
      calls: [{ path: "everything.get_sum", ok: true }],
    });
    const called = await runCli([
      "call",
      "everything.get_sum",
      "--args",
      '{"a":20,"b":22}',
      "--json",
      ...config,
    ]);
    expect(called.code).toBe(0);
    expect(JSON.stringify(documentOf(called, runDocumentSchema).result)).toContain("42");
  });

  test.each([
    ["a throw", "throw new Error('no');", "snippet_threw"],
    ["a syntax error", "return (1;", "snippet_syntax"],
    ["an unknown tool", "return await tools.files.reed({});", "snippet_type"],
  ])("run of %s", async (_what, input, code) => {
    const finished = await runCli(["run", "-", "--json", ...config], { input });
    expect(finished.code).toBe(1);
    expect(documentOf(finished, runDocumentSchema)).toMatchObject({
      status: "failed",
      error: { code, line: 1 },
    });
  });

  test("doctor", async () => {
    const finished = await runCli(["doctor", "--json", ...config]);
    const { ok, checks } = documentOf(finished, doctorSchema);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(ok).toBe(true);
    expect(finished.code).toBe(0);
    expect(checks.map((check) => check.name)).toEqual(
      expect.arrayContaining([
        "node",
        "config",
        "sandbox",
        "run",
        "types",
        "source files",
        "policy",
        "surface",
      ]),
    );
  });

  test("types: one file of declarations", async () => {
    const finished = await runCli(["types", "memory", ...config]);
    expect(finished.code).toBe(0);
    expect(finished.stdout).toContain("search_nodes(");
    expect(finished.stdout).not.toContain("read_text_file");
  });
});

describe("finding", () => {
  test("an overview where nothing is searched for", async () => {
    const { code, stdout } = await runCli(["search", ...config]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/everything[^]*files[^]*memory/)]);
  });

  test("the nearest names where nothing fits, and counts where more does", async () => {
    const none = await runCli(["search", "files.*_nothing", ...config]);
    expect([none.code, none.stdout]).toEqual([0, expect.stringContaining("Nothing was found.")]);
    const many = await runCli(["search", "files.*", "--limit", "1", ...config]);
    expect(many.stdout).toMatch(/1 of 14 shown \(files 14\)/);
  });

  test.each([
    ["a source", "files", /files/],
    ["a tool", "files.read_text_file", /path: string/],
    ["a tool as a snippet calls it", "tools.files.read_text_file", /path: string/],
  ])("describes %s", async (_, path, said) => {
    const { code, stdout } = await runCli(["describe", path, ...config]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(said)]);
  });

  test("describes nothing that is not there", async () => {
    const { code, stderr } = await runCli(["describe", "files.read_txt_file", ...config]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/tool_not_found[^]*files\.read_text_file/)]);
  });
});

describe("the example snippets", () => {
  test.each([
    [
      "spending-by-city",
      [
        { city: "New York", euros: 448.9 },
        { city: "London", euros: 267.7 },
        { city: "Portland", euros: 238 },
        { city: "Boston", euros: 219.5 },
      ],
    ],
    ["remember-orders", ["Margaret"]],
  ])("%s", async (name, result) => {
    const finished = await runCli([
      "run",
      join(root, `examples/snippets/${name}.snippet.ts`),
      "--json",
      ...config,
    ]);
    expect(documentOf(finished, runDocumentSchema)).toMatchObject({ status: "completed", result });
  });

  test("are all tested", () => {
    expect(globSync("*.snippet.ts", { cwd: join(root, "examples/snippets") }).sort()).toEqual([
      "remember-orders.snippet.ts",
      "spending-by-city.snippet.ts",
    ]);
  });
});

test("a result alone goes to standard output, the rest to standard error", async () => {
  const finished = await runCli(["run", "-", ...config], { input: "console.log('note'); return { a: 1 }" });
  expect(JSON.parse(finished.stdout)).toEqual({ a: 1 });
  expect(finished.stderr).toContain("note");
  expect(finished.stderr).not.toContain("\u001B");
});
