import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { demoCatalog, emptyFolder } from "../../test/fixtures/generate/demo-codemode.ts";
import { typeCheck } from "../../test/fixtures/generate/run-tool.ts";
import { writeDeclarations } from "./write-declarations.ts";

test("declarations are a module whose tools have types, written over itself and nothing else", async () => {
  const { sources } = await demoCatalog();
  const folder = await emptyFolder();
  const file = join(folder, "src/tools.d.ts");
  await writeDeclarations(file, sources.slice(0, 1));
  await writeDeclarations(file, sources);
  await writeFile(
    join(folder, "main.ts"),
    `import type { hub, Tools } from "./src/tools.d.ts";
     declare const tools: Tools;
     export const issues: hub.Tools["issues"] = tools.hub.issues;
     export const number: number = (await tools.hub.issues.create_issue({ title: "x" })).number;
     export const wrong: string = (await tools.strange.__proto___({})).number;
     // @ts-expect-error
     await tools.hub.issues.create_issue({ titel: "x" });`,
  );
  expect(await typeCheck(folder, ["main.ts"], ["--module", "nodenext", "--allowImportingTsExtensions"])).toBe(
    "",
  );
});

test.each<[string, (file: string) => Promise<unknown>]>([
  ["a file of somebody else", (file) => writeFile(file, "mine")],
  [
    "a link",
    async (file) => {
      await writeFile(
        `${file}.other`,
        "// Written by codemode types --out: write it again rather than editing it.\n",
      );
      await symlink(`${file}.other`, file);
    },
  ],
])("declarations are not written over %s", async (_what, prepare) => {
  const file = join(await emptyFolder(), "tools.d.ts");
  await prepare(file);
  const before = await readFile(file, "utf8");
  await expect(writeDeclarations(file, [])).rejects.toMatchObject({ code: "output_refused" });
  expect(await readFile(file, "utf8")).toBe(before);
});

test("declarations are not written where no compiler looks", async () => {
  const file = join(await emptyFolder(), "tools.txt");
  await expect(writeDeclarations(file, [])).rejects.toMatchObject({ code: "output_refused" });
});
