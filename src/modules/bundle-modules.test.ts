import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createCodemode } from "../codemode.ts";
import { createQuickJsEngine } from "../sandbox/quickjs/create-quickjs-engine.ts";
import { createWorkerdEngine } from "../sandbox/workerd/create-workerd-engine.ts";
import { bundleModules } from "./bundle-modules.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** A folder with packages installed in it: path below node_modules → text. */
async function install(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-modules-"));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, "node_modules", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return folder;
}

const words = {
  "words/package.json": JSON.stringify({
    name: "words",
    type: "module",
    dependencies: { splitter: "1" },
    exports: { ".": { types: "./lib/index.d.ts", default: "./lib/index.js" }, "./loud": "./lib/loud.js" },
  }),
  "words/lib/index.js": 'export { count } from "./count.js"; export const sep = " ";',
  "words/lib/count.js":
    'import { split } from "splitter"; export const count = (text) => split(text).length;',
  "words/lib/loud.js": "export default (text) => text.toUpperCase();",
  "words/lib/index.d.ts": 'export { count } from "./count.js";\nexport declare const sep: string;\n',
  "words/lib/count.d.ts":
    'import type { Text } from "./text.js";\nexport declare function count(text: Text): number;\n',
  "words/lib/text.d.ts": "export type Text = string;\n",
  "splitter/package.json": JSON.stringify({ name: "splitter", main: "main.js" }),
  "splitter/main.js": "exports.split = (text) => text.split(/\\s+/);",
};

describe("modules", () => {
  it.each([
    ["workerd", createWorkerdEngine],
    ["quickjs", createQuickJsEngine],
  ])("are imported by snippets on %s, with their types", async (_, engine) => {
    const folder = await install(words);
    const modules = await bundleModules(["words", "words/loud", "splitter"], { folder });
    await using codemode = createCodemode({ sources: [], engine: engine(), modules });
    const run = async (code: string): Promise<unknown> => {
      const { document } = await codemode.execute({ code });
      return document.error === undefined ? document.result : [document.error.code, document.error.message];
    };
    const imports =
      'import { count, sep } from "words";\nimport loud from "words/loud";\nimport splitter from "splitter";\n';
    expect(await run(`${imports}return [count("a b c"), sep, loud("a"), splitter.split("x y")]`)).toEqual([
      3,
      " ",
      "A",
      ["x", "y"],
    ]);
    expect(await run(`${imports}return count(5)`)).toEqual([
      "snippet_type",
      expect.stringContaining("count"),
    ]);
    expect(await run('import { other } from "words";\nreturn other')).toEqual([
      "snippet_type",
      expect.stringContaining("other"),
    ]);
    expect(await run('import x from "unlisted";\nreturn x')).toEqual(["snippet_syntax", expect.any(String)]);
  });

  it.each([
    ["a module of Node.js", 'import fs from "node:fs"; export default fs;', "node:fs"],
    ["a module of Node.js by its bare name", 'import { join } from "path"; export default join;', "path"],
    ["a native addon", 'export default require("./build/x.node");', "x.node"],
    ["a computed require", "export default (name) => require(name);", "run time"],
    ["a computed import", "export default (name) => import(name);", "run time"],
    ["something to fetch", 'export * from "https://example.com/x.js";', "https://example.com"],
    ["a package that is not installed", 'export * from "absent";', "absent"],
    ["text that is no program", "export default (;", "cannot be bundled"],
    ["more than two megabytes", `export default "${"x".repeat(2 ** 21)}";`, "larger"],
  ])("are refused for %s", async (_, text, named) => {
    const folder = await install({
      "bad/package.json": JSON.stringify({ name: "bad", main: "index.js" }),
      "bad/index.js": text,
      "bad/build/x.node": "",
    });
    await expect(bundleModules(["bad"], { folder })).rejects.toMatchObject({
      code: "module_invalid",
      message: expect.stringMatching(new RegExp(`bad.*${named.replaceAll(/[.:/]/g, "\\$&")}`)) as string,
    });
  });

  it("are refused when they are not installed, with what to do", async () => {
    const folder = await install({});
    await expect(bundleModules(["absent"], { folder })).rejects.toMatchObject({
      code: "module_invalid",
      hint: expect.stringContaining("npm install absent") as string,
    });
  });

  it("are kept until a file of theirs changes", async () => {
    const folder = await install(words);
    const keepFolder = join(folder, "kept");
    const [first] = await bundleModules(["words"], { folder, keepFolder });
    expect(await readdir(keepFolder)).toHaveLength(1);
    // Kept ones are taken as they are while nothing has changed.
    expect(await bundleModules(["words"], { folder, keepFolder })).toEqual([first]);
    await writeFile(join(folder, "node_modules/words/lib/count.js"), "export const count = () => -1;");
    const [second] = await bundleModules(["words"], { folder, keepFolder });
    expect(second?.code).toContain("-1");
    await writeFile(join(folder, "node_modules/words/lib/text.d.ts"), "export type Text = number;\n");
    const [third] = await bundleModules(["words"], { folder, keepFolder });
    expect(third?.declarations.version).not.toBe(second?.declarations.version);
  });
});
