import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseConfig } from "../config/parse-config.ts";
import { findRunFiles } from "./find-run-files.ts";

async function folderOf(files: { readonly [path: string]: string }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-run-files-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

function find(
  folder: string,
  config: unknown,
  env: { readonly [name: string]: string } = {},
): readonly string[] {
  const file = join(folder, "codemode.json");
  return findRunFiles(parseConfig(JSON.stringify(config), file).config, { folder, env }).paths;
}

const start = (command: string, ...args: string[]): object => ({ mcpServers: { a: { command, args } } });
const api = { spec: "https://example.com/api.json", baseUrl: "https://example.com" };

describe("files that a command runs", () => {
  test.each<[string, { readonly [path: string]: string }, unknown, readonly string[]]>([
    ["a script", { "server.js": "" }, start("node", "server.js"), ["server.js"]],
    ["a program of the folder", { "bin/run": "" }, start("./bin/run"), ["bin/run"]],
    ["a script of any name", { "notes.txt": "" }, start("sh", "notes.txt"), ["notes.txt"]],
    [
      "behind flags",
      { "a.mjs": "", "b.cjs": "" },
      start("node", "--import=./a.mjs", "-r", "./b.cjs", "x"),
      ["a.mjs", "b.cjs"],
    ],
    ["in a shell's line", { "run.sh": "" }, start("bash", "-c", "cd . && ./run.sh --now"), ["run.sh"]],
    [
      "what it imports, and so on",
      { "a.js": 'import "./lib/b.js"', "lib/b.js": 'require("../c")', "c.js": "" },
      start("node", "a.js"),
      ["a.js", "c.js", "lib/b.js"],
    ],
    [
      "a Python module and its own",
      { "pkg/__main__.py": "from pkg.mod import x", "pkg/mod.py": "" },
      start("python3", "-m", "pkg"),
      ["pkg/__main__.py", "pkg/mod.py"],
    ],
    ["a folder with an index", { "srv/index.js": "" }, start("node", "srv"), ["srv/index.js"]],
    [
      "what a runner reads unasked",
      { "package.json": '{"scripts":{"mcp":"node tool.mjs"}}', "tool.mjs": "", ".npmrc": "" },
      start("npm", "run", "mcp"),
      [".npmrc", "package.json", "tool.mjs"],
    ],
    [
      "a Makefile",
      { Makefile: "serve:\n\t./go.sh", "go.sh": "" },
      start("make", "serve"),
      ["Makefile", "go.sh"],
    ],
    [
      "an installed program",
      { "node_modules/.bin/tool": "x", "node_modules/tool/index.js": "" },
      start("npx", "tool"),
      ["node_modules/.bin/tool"],
    ],
    [
      "by an environment",
      { "hook.js": "" },
      { mcpServers: { a: { command: "node", args: ["-v"], env: { NODE_OPTIONS: "--require ./hook.js" } } } },
      ["hook.js"],
    ],
    [
      "in another folder",
      { "sub/s.py": "" },
      { mcpServers: { a: { command: "python3", args: ["s.py"], cwd: "sub" } } },
      ["sub/s.py"],
    ],
    [
      "of a secret",
      { "token.sh": "" },
      { openapi: { a: { ...api, auth: { bearer: { command: ["./token.sh"] } } } } },
      ["token.sh"],
    ],
    [
      "of the store's key",
      { "key.sh": "" },
      { ...start("x"), store: { key: { command: ["sh", "key.sh"] } } },
      ["key.sh"],
    ],
    [
      "a document that says where secrets go",
      { "api.json": "server", "server.js": "" },
      { openapi: { a: { spec: "./api.json" } } },
      ["api.json"],
    ],
    [
      "a manual that names commands",
      { "m.json": '{"command_name":"./do.sh"}', "do.sh": "" },
      { utcp: { a: { manual: "m.json", commands: true } } },
      ["do.sh", "m.json"],
    ],
  ])("%s", async (_what, files, config, expected) => {
    expect(find(await folderOf(files), config)).toEqual(expected);
  });

  test("named through a variable", async () => {
    const folder = await folderOf({ "s.js": "" });
    expect(find(folder, start("node", "${HERE}/s.js"), { HERE: folder })).toEqual(["s.js"]);
  });

  test("that may be executed, whatever it is called", async () => {
    const folder = await folderOf({ tool: "" });
    await chmod(join(folder, "tool"), 0o755);
    expect(find(folder, start("runner", "tool"))).toEqual(["tool"]);
  });

  test("behind a link", async () => {
    const folder = await folderOf({ "real.js": "" });
    await symlink(join(folder, "real.js"), join(folder, "link.js"));
    expect(find(folder, start("node", "link.js"))).toEqual(["link.js"]);
  });
});

describe("files that are left out", () => {
  test.each<[string, { readonly [path: string]: string }, unknown]>([
    [
      "data that a server is given",
      { "data.db": "", "notes/a.md": "" },
      start("npx", "-y", "server", "./data.db", "notes"),
    ],
    ["programs of the system", {}, start("/usr/bin/env", "true")],
    [
      "of an entry that is switched off",
      { "s.js": "" },
      { mcpServers: { a: { command: "node", args: ["s.js"], disabled: true } } },
    ],
    [
      "secrets that are read",
      { token: "" },
      { openapi: { a: { ...api, auth: { bearer: { file: "token" } } } } },
    ],
  ])("%s", async (_what, files, config) => {
    expect(find(await folderOf(files), config)).toEqual([]);
  });
});

test("more files than are looked at are told", async () => {
  const names = Array.from({ length: 499 }, (_each, at) => `f${at}.js`);
  const folder = await folderOf({
    "s.js": names.map((name) => `import "./${name}"`).join("\n"),
    ...Object.fromEntries(names.map((name) => [name, ""])),
  });
  const config = parseConfig(JSON.stringify(start("node", "s.js")), join(folder, "codemode.json")).config;
  const fitting = findRunFiles(config, { folder, env: {} });
  expect([fitting.paths.length, fitting.complete]).toEqual([500, true]);
  await writeFile(join(folder, "f1.js"), 'import "./one-more.js"');
  await writeFile(join(folder, "one-more.js"), "");
  expect(findRunFiles(config, { folder, env: {} })).toMatchObject({ complete: false });
});
