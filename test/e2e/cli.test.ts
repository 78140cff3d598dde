import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { runDocumentSchema } from "../../src/spec/run.ts";
import { cliFile, isolatedEnvironment, quickstart, root, runCli } from "../fixtures/built-cli.ts";
import type { Finished } from "../fixtures/built-cli.ts";

const config = ["--config", quickstart];
const effect = z.enum(["read", "write", "destructive"]);

/** Exactly one JSON document on standard output. */
function documentOf<T extends z.ZodType>({ stdout }: Finished, schema: T): z.infer<T> {
  return schema.parse(JSON.parse(stdout));
}

const toolsSchema = z.strictObject({
  tools: z.array(
    z.strictObject({
      path: z.string(),
      source: z.string(),
      effect,
      description: z.string(),
      upstreamName: z.string(),
    }),
  ),
  sources: z.array(
    z.strictObject({ name: z.string(), state: z.string(), tools: z.int(), reason: z.string().optional() }),
  ),
});
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
const errorSchema = z.strictObject({ error: z.looseObject({ code: z.string(), message: z.string() }) });

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

describe("what goes wrong", () => {
  test.each([
    [["chek"], "usage", 'Did you mean "codemode check"?'],
    [["run"], "usage", "FILE"],
    [["run", "x.ts", "--jsn"], "usage", "Did you mean --json?"],
    [["run", "gone.ts", ...config], "usage", "gone.ts"],
    [["call", "a.b", "--args", "{", ...config], "usage", "not valid JSON"],
    [["search", "x", "--limit", "0", ...config], "usage", "--limit"],
    [["serve", "--port", "x", ...config], "usage", "--port"],
    [["tools", "--config", "gone.json"], "config_not_found", "gone.json"],
    [["tools", "--config", "package.json"], "config_invalid", "package.json"],
  ])("%j → %s", async (args, code, words) => {
    const finished = await runCli(args);
    expect(finished).toMatchObject({ code: 2, stdout: "" });
    expect(finished.stderr).toContain(`${code}: `);
    expect(finished.stderr).toContain(words);
  });

  test("is one document with --json", async () => {
    const finished = await runCli(["tools", "--json", "--config", "gone.json"]);
    expect(finished.code).toBe(2);
    expect(documentOf(finished, errorSchema).error.code).toBe("config_not_found");
  });

  test("a file in the working folder that nobody agreed to", async () => {
    const env = isolatedEnvironment();
    const cwd = mkdtempSync(join(env["HOME"] ?? "", "work-"));
    writeFileSync(join(cwd, "codemode.json"), readFileSync(quickstart));
    const finished = await runCli(["tools"], { cwd, env });
    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain("config_consent_required");
  });

  test("one source that fails does not stop the others", async () => {
    const env = isolatedEnvironment();
    const file = join(env["HOME"] ?? "", "codemode.json");
    const everything = join(root, "node_modules/@modelcontextprotocol/server-everything/dist/index.js");
    writeFileSync(
      file,
      JSON.stringify({
        mcpServers: {
          good: { command: "node", args: [everything] },
          gone: { command: "codemode-no-such-command" },
          bare: { command: "node", args: [everything], env: { TOKEN: "${CODEMODE_TEST_MISSING}" } },
          dead: { url: "http://127.0.0.1:9/mcp" },
        },
      }),
    );
    const finished = await runCli(["tools", "--json", "--config", file], { env });
    expect(finished.code).toBe(0);
    const { tools, sources } = documentOf(finished, toolsSchema);
    expect(tools.length).toBeGreaterThan(5);
    expect(sources).toMatchObject([
      { name: "good", state: "ready" },
      { name: "gone", state: "failed", reason: expect.stringContaining("codemode-no-such-command") },
      {
        name: "bare",
        state: "failed",
        reason: expect.stringMatching(/mcpServers\.bare\.env\.TOKEN.*CODEMODE_TEST_MISSING/),
      },
      { name: "dead", state: "failed", reason: expect.any(String) },
    ]);
  });
});

describe("an old Node.js", () => {
  test.each(["18.20.8", "20.11.0", "22.17.9"])("%s is told so in one line", async (version) => {
    const pretend = `data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"${version}"}})`;
    const finished = await runCli(["tools"], { nodeArgs: ["--import", pretend] });
    expect(finished.code).toBe(2);
    expect(finished.stderr).toMatch(
      new RegExp(`^node_too_old: codemode needs Node\\.js 22\\.18 or newer; this is ${version}.*\\n$`),
    );
  });

  test("can parse what it is given", () => {
    expect(readFileSync(cliFile, "utf8")).not.toMatch(/^import\b/m);
  });
});

test("init writes a file that works at once in its folder", async () => {
  const env = isolatedEnvironment();
  const cwd = mkdtempSync(join(env["HOME"] ?? "", "work-"));
  const servers = {
    memory: {
      command: "node",
      args: [join(root, "node_modules/@modelcontextprotocol/server-memory/dist/index.js")],
      env: { API_KEY: "hunter2-hunter2" },
    },
  };
  writeFileSync(join(cwd, ".mcp.json"), JSON.stringify({ mcpServers: servers }));
  const printed = await runCli(["init", "--print"], { cwd, env });
  expect(printed.stdout).toContain('"memory"');
  const written = await runCli(["init"], { cwd, env });
  expect(written.code).toBe(0);
  expect(written.stderr).toContain("set API_KEY");
  expect(readFileSync(join(cwd, "codemode.json"), "utf8")).not.toContain("hunter2");
  const again = await runCli(["init"], { cwd, env });
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("--force") });
  const tools = await runCli(["tools", "--json"], { cwd, env: { ...env, API_KEY: "x" } });
  expect(documentOf(tools, toolsSchema).sources).toMatchObject([{ name: "memory", state: "ready" }]);
});

test.each([["--help"], ["run", "--help"], ["serve", "-h"], ["--version"]])("help: %s %s", async (...args) => {
  const finished = await runCli(args.filter((arg) => typeof arg === "string"));
  expect(finished.code).toBe(0);
  expect(finished.stdout).not.toBe("");
  expect(finished.stdout).not.toContain("\u001B");
});
