import { mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emptyFolder } from "../../test/fixtures/generate/demo-codemode.ts";
import { markerName, writeFiles, type Written } from "./write-files.ts";

const write = (folder: string, files: { readonly [path: string]: string }): Promise<Written> =>
  writeFiles({ kind: "tree", files: new Map(Object.entries(files)), folder, version: "v" });

describe("generated files", () => {
  test("are written into a new folder, and over what was generated before", async () => {
    const folder = join(await emptyFolder(), "a/b");
    await write(folder, { "one.ts": "1", "deep/er/two.ts": "2", "same.ts": "s" });
    const again = await write(folder, { "one.ts": "one", "same.ts": "s" });
    expect(again).toEqual({ written: ["one.ts"], removed: ["deep/er/two.ts"], unchanged: ["same.ts"] });
    expect((await readdir(folder)).toSorted()).toEqual([markerName, "one.ts", "same.ts"]);
    expect(await readFile(join(folder, "one.ts"), "utf8")).toBe("one");
  });

  test("leave what others put beside them", async () => {
    const folder = await emptyFolder();
    await write(folder, { "a/one.ts": "1" });
    await writeFile(join(folder, "a/mine.ts"), "mine");
    await write(folder, { "two.ts": "2" });
    expect(await readFile(join(folder, "a/mine.ts"), "utf8")).toBe("mine");
  });

  test.each<[string, (folder: string) => Promise<unknown>]>([
    ["a folder that somebody else filled", (folder) => writeFile(join(folder, "mine.ts"), "mine")],
    ["a marker that is none", (folder) => writeFile(join(folder, markerName), "{}")],
    [
      "a marker that names places outside",
      (folder) => writeFile(join(folder, markerName), '{"files":{"../x":"0"}}'),
    ],
    [
      "a file that was edited",
      async (folder) => {
        await write(folder, { "one.ts": "1" });
        await writeFile(join(folder, "one.ts"), "edited");
      },
    ],
    [
      "a file that was edited and is no longer generated",
      async (folder) => {
        await write(folder, { "old.ts": "1" });
        await writeFile(join(folder, "old.ts"), "edited");
      },
    ],
    [
      "a file of somebody else where one is to be",
      async (folder) => {
        await write(folder, { "old.ts": "1" });
        await writeFile(join(folder, "one.ts"), "mine");
      },
    ],
    [
      "a folder where a file is to be",
      async (folder) => {
        await write(folder, { "old.ts": "1" });
        await mkdir(join(folder, "one.ts"));
      },
    ],
  ])("refuse %s, and change nothing", async (_what, prepare) => {
    const folder = await emptyFolder();
    await prepare(folder);
    const before = await contents(folder);
    await expect(write(folder, { "first.ts": "new", "one.ts": "2" })).rejects.toMatchObject({
      code: "output_refused",
    });
    expect(await contents(folder)).toEqual(before);
  });

  test("refuse a link that leads elsewhere, and a file where the folder should be", async () => {
    const folder = await emptyFolder();
    const elsewhere = await emptyFolder();
    await write(folder, { "old.ts": "1" });
    await symlink(elsewhere, join(folder, "deep"));
    await expect(write(folder, { "deep/one.ts": "2" })).rejects.toMatchObject({ code: "output_refused" });
    expect(await readdir(elsewhere)).toEqual([]);
    await expect(write(join(folder, "old.ts"), { "one.ts": "2" })).rejects.toMatchObject({
      code: "output_refused",
    });
  });
});

async function contents(folder: string): Promise<object> {
  const names = await readdir(folder, { recursive: true });
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8").catch(() => "")));
  return Object.fromEntries(names.map((name, at) => [name, texts[at]]));
}
