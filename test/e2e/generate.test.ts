import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isolatedEnvironment, quickstart, runCli } from "../fixtures/built-cli.ts";
import { emptyFolder } from "../fixtures/generate/demo-codemode.ts";

const config = ["--config", quickstart];

test("generate writes what it is asked for, again over itself and over nothing else", async () => {
  const folder = await emptyFolder();
  const out = join(folder, "our-tools");
  const env = isolatedEnvironment();
  const first = await runCli(
    ["generate", "skill", "--out", out, "--source", "files,memory", "--json", ...config],
    {
      env,
    },
  );
  expect(first).toMatchObject({ code: 0 });
  expect(JSON.parse(first.stdout)).toMatchObject({ kind: "skill", folder: out, removed: [] });
  expect(readFileSync(join(out, "SKILL.md"), "utf8")).toMatch(/^---\nname: our-tools\n/);
  expect(existsSync(join(out, "reference/everything.md"))).toBe(false);
  const again = await runCli(["generate", "skill", "--out", out, "--source", "files", "--json", ...config], {
    env,
  });
  expect(JSON.parse(again.stdout)).toMatchObject({
    removed: ["reference/memory.md"],
    unchanged: ["reference/files.md"],
  });
  writeFileSync(join(out, "SKILL.md"), "mine");
  const refused = await runCli(["generate", "skill", "--out", out, ...config], { env });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("output_refused");
  expect(readFileSync(join(out, "SKILL.md"), "utf8")).toBe("mine");
}, 60_000);

test.each<[readonly string[], RegExp]>([
  [["skil", "--out", "x"], /"skil" is nothing that can be generated\.\nDid you mean skill\?/],
  [["skill"], /out/],
  [["skill", "--out", "x", "--name", "../x"], /--name must be lower case words/],
])("generate refuses %j", async (words, message) => {
  const { code, stderr } = await runCli(["generate", ...words, ...config]);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test("generate names the source that there is not", async () => {
  const out = join(await emptyFolder(), "x");
  const { code, stderr } = await runCli(["generate", "sdk", "--out", out, "--source", "fils", ...config]);
  expect(stderr).toContain('tool_not_found: Nothing is called "fils"');
  expect(code).toBe(1);
  expect(existsSync(out)).toBe(false);
});

test("call takes flags from the tool's schema, and helps with them", async () => {
  const env = isolatedEnvironment();
  const sum = await runCli(["call", "everything.get_sum", "--a", "2", "--b", "3", "--json", ...config], {
    env,
  });
  expect(sum.code).toBe(0);
  expect(JSON.stringify(JSON.parse(sum.stdout).result)).toContain("5");
  const help = await runCli(["call", "everything.get_sum", "--help", ...config], { env });
  expect(help.stdout).toMatch(/Usage: codemode call everything\.get_sum --a <number> --b <number>\n/);
  const wrong = await runCli(["call", "everything.get_sum", "--a", "two", "--b", "3", ...config], { env });
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(wrong.stderr).toContain('usage: --a must be a number, not "two"');
  const missing = await runCli(["call", "everything.get_sum", "--a", "2", ...config], { env });
  expect(missing.stderr).toContain("--b must be given");
  const early = await runCli(["call", "--a", "2", "everything.get_sum", ...config], { env });
  expect(early.stderr).toContain("--a comes before the tool's path");
  const unknown = await runCli(["call", "everything.get_sun", "--a", "2", ...config], { env });
  expect(unknown.stderr).toContain("Did you mean everything.get_sum?");
}, 120_000);

test.each<[string, readonly string[]]>([
  ["codemode gen", ["generate"]],
  ["codemode generate sdk --o", ["--out"]],
  [`codemode call --config ${quickstart} mem`, ["memory."]],
  [`codemode call --config ${quickstart} memory.search`, ["memory.search_nodes"]],
  [`codemode call memory.search_nodes --config ${quickstart} --que`, ["--query"]],
  ["codemode nonsense ", []],
])(
  "completion answers %s",
  async (line, expected) => {
    const { code, stdout } = await runCli(["completion", "words", "--line", line]);
    expect(stdout.split("\n").filter((each) => each !== "")).toEqual(expected);
    expect(code).toBe(0);
  },
  60_000,
);

test.each(["bash", "zsh", "fish"])("completion prints a script for %s", async (shell) => {
  const { code, stdout } = await runCli(["completion", shell]);
  expect(stdout).toContain("codemode completion words --line");
  expect(code).toBe(0);
});
