/** Saved snippets and state from the command line: each command is a process of its own over one store. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isolatedEnvironment, quickstart, runCli, type Finished } from "../fixtures/built-cli.ts";

const config = ["--config", quickstart];

test("a snippet is saved, run, found, written to a file and read from it", async () => {
  const env = isolatedEnvironment();
  const folder = join(env["HOME"] ?? "", "work");
  mkdirSync(folder);
  const cli = (args: readonly string[]): Promise<Finished> =>
    runCli([...args, ...config], { env, cwd: folder });
  writeFileSync(join(folder, "sum.ts"), "async (input: { a: number }) => input.a + 1\n");

  const saved = await cli(["snippets", "save", "plus-one", "--file", "sum.ts", "--description", "Adds one."]);
  expect(saved).toMatchObject({ code: 0, stdout: expect.stringContaining("plus-one v1") as string });
  const run = await cli(["snippets", "run", "plus-one", "--input", '{"a":41}', "--json"]);
  expect(JSON.parse(run.stdout)).toMatchObject({ status: "completed", result: 42 });
  const wrong = await cli(["snippets", "run", "plus-one", "--input", '{"b":1}']);
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("saved_snippet_input") as string });
  const listed = await cli(["snippets", "list", "--json"]);
  expect(JSON.parse(listed.stdout)).toMatchObject({
    snippets: [{ name: "plus-one", version: 1, use: { runs: 1, completed: 1 } }],
  });
  const found = await cli(["search", "adds one", "--json"]);
  expect(found.stdout).toContain("codemode.snippets.plus-one");

  const exported = await cli(["snippets", "export", "plus-one"]);
  writeFileSync(join(folder, "plus-one.snippet.ts"), exported.stdout);
  expect((await cli(["snippets", "remove", "plus-one"])).code).toBe(0);
  expect(await cli(["snippets", "show", "plus-one"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("saved_snippet_not_found") as string,
  });
  expect((await cli(["snippets", "import", "plus-one.snippet.ts"])).code).toBe(0);
  const again = await cli(["snippets", "export", "plus-one"]);
  expect(again.stdout).toBe(readFileSync(join(folder, "plus-one.snippet.ts"), "utf8"));
}, 120_000);

test.each([
  [["snippets"], "ACTION"],
  [["snippets", "keep", "x"], "keep"],
  [["snippets", "save"], "needs a name"],
  [["snippets", "save", "x"], "--from"],
  [["snippets", "run", "x", "--input", "{"], "--input"],
])("a wrong command line is told what is wrong: %j", async (args, told) => {
  const { code, stderr } = await runCli([...args, ...config]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
});
