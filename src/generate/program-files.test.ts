import { execFile } from "node:child_process";
import { chmod, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  createDemoCodemode,
  demoCatalog,
  emptyFolder,
  serveDemo,
} from "../../test/fixtures/generate/demo-codemode.ts";
import { runNode, type Ran } from "../../test/fixtures/generate/run-tool.ts";
import { generateFiles } from "./generate-files.ts";
import { writeFiles } from "./write-files.ts";

async function makeProgram(): Promise<string> {
  const catalog = await demoCatalog();
  const folder = await emptyFolder();
  const files = generateFiles("cli", { catalog, name: "my-tools" });
  await writeFiles({ kind: "cli", files, folder, version: catalog.version });
  return folder;
}

type Run = (line: readonly string[], env?: { readonly [name: string]: string }) => Promise<Ran>;

async function serving(policy: "allow-all" | "ask-writes" = "allow-all"): Promise<Run> {
  const folder = await makeProgram();
  const url = await serveDemo(createDemoCodemode(policy));
  return (line, env = {}) =>
    runNode([join(folder, "main.js"), ...line], folder, { CODEMODE_URL: url, ...env });
}

describe("a generated program", () => {
  test("calls tools by their flags", async () => {
    const run = await serving();
    const made = await run(["hub", "issues", "create-issue", "--title", "From a shell", "--state=closed"]);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(made.stdout)).toEqual({ number: 7, title: "From a shell", state: "closed" });
    const echoed = await run(["hub", "issues", "echo", "--json", '{"milestone":{"dueOn":"x"},"keep":1}']);
    expect(JSON.parse(echoed.stdout)).toEqual({ milestone: { dueOn: "x" }, keep: 1 });
    const strange = await run(["strange", "proto", "--proto", "own"]);
    expect(JSON.parse(strange.stdout)).toEqual({ name: "__proto__", keys: ["__proto__"] });
  }, 60_000);

  test.each<[string, readonly string[], number, RegExp]>([
    ["nothing", [], 2, /Usage: my-tools <source> <tool>[\s\S]*hub +5 tools/],
    ["a source alone", ["hub"], 2, /fail +Always fails\.\n +issues create-issue +Creates an issue\./],
    ["an unknown source", ["hubb"], 2, /usage: There is nothing called "hubb"[\s\S]*Did you mean hub/],
    ["an unknown tool", ["hub", "issues", "create-isue"], 2, /Did you mean issues create-issue/],
    ["a missing flag", ["hub", "issues", "create-issue"], 2, /--title must be given/],
    ["an unknown flag", ["hub", "issues", "create-issue", "--titel", "x"], 2, /Did you mean --title\?/],
    [
      "a value that is none",
      ["hub", "issues", "create-issue", "--title", "x", "--state", "opened"],
      2,
      /--state cannot be "opened"\.\nWrite one of open, closed\./,
    ],
    ["a tool that fails", ["hub", "fail"], 1, /tool_failed: no such repository/],
    ["JSON that is none", ["hub", "issues", "echo", "--json", "{"], 2, /--json cannot be read/],
    [
      "a server that is not there",
      ["hub", "nothing", "--url", "http://127.0.0.1:1/mcp"],
      1,
      /server_unreachable/,
    ],
  ])("says what is wrong with %s", async (_what, line, code, message) => {
    const run = await serving();
    const ran = await run(line);
    expect(ran.stderr).toMatch(message);
    expect(ran).toMatchObject({ code, stdout: "" });
  });

  test("helps with a tool, and waits for a person", async () => {
    const run = await serving("ask-writes");
    const { stdout, code } = await run(["hub", "issues", "create-issue", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Usage: my-tools hub issues create-issue --title <text> [flags]");
    expect(stdout).toMatch(/--state <open\|closed> +\(default open\)/);
    expect(stdout).toMatch(/--milestone\.weight <integer>/);
    expect(stdout).toMatch(/--labels <text> +\(may be repeated\)/);
    const paused = await run(["hub", "issues", "create-issue", "--title", "x"]);
    expect(paused.code).toBe(3);
    expect(paused.stderr).toMatch(/run_paused: The run run_\w+ waits for a person/);
  });

  test("shows nothing of strangers that a terminal would act on", async () => {
    const folder = await makeProgram();
    const { stdout } = await runNode([join(folder, "main.js"), "strange", "--help"], folder);
    expect(stdout).toContain("constructor");
    expect(stdout).toMatch(/^[\n\x20-\x7E…]*$/);
  });

  test.each<[string, readonly string[]]>([
    ["my-tools h", ["hub"]],
    ["my-tools hub issues ", ["create-issue", "echo"]],
    ["my-tools hub issues create-issue --st", ["--state"]],
    ["my-tools hub issues create-issue --state ", ["open", "closed"]],
    ["my-tools hub issues create-issue --title 'a b' --tit", []],
  ])("completes %s in bash", async (line, expected) => {
    const folder = await makeProgram();
    await symlink(join(folder, "main.js"), join(folder, "my-tools"));
    await chmod(join(folder, "main.js"), 0o755);
    await writeFile(
      join(folder, "try.sh"),
      `source <(my-tools completion bash)\nCOMP_LINE="$1" COMP_POINT=\${#1}\n_my_tools_words 2>/dev/null\nprintf '%s\\n' "\${COMPREPLY[@]}"`,
    );
    const path = `${folder}:${process.execPath.replace(/\/[^/]+$/, "")}:${process.env["PATH"] ?? ""}`;
    const output = await new Promise<string>((settle) => {
      execFile("bash", [join(folder, "try.sh"), line], { env: { PATH: path } }, (_error, stdout) =>
        settle(stdout),
      );
    });
    expect(output.split("\n").filter((each) => each !== "")).toEqual(expected);
  });
});
