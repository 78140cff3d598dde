/**
 * What every store of workspaces must do with files: the contract of `src/spec/files.ts`, tested from outside.
 */
import { expect, it } from "vitest";
import { defaultFileLimits, type FileChange } from "../../src/spec/files.ts";
import type { WorkspaceStore } from "../../src/spec/workspace.ts";

const mine = { principal: "local", name: "default" };
const others = [
  { principal: "other", name: "default" },
  { principal: "local", name: "second" },
  { principal: "", name: "local default" },
];
const limits = defaultFileLimits;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** `two` opens two stores over the same data. */
export function describeFiles(two: () => Promise<readonly [WorkspaceStore, WorkspaceStore]>): void {
  const change = (
    store: WorkspaceStore,
    path: string,
    more: Partial<FileChange> & { readonly text?: string } = {},
  ): ReturnType<WorkspaceStore["files"]["change"]> => {
    const { text = "", ...rest } = more;
    return store.files.change(mine, { kind: "write", path, content: bytes(text), limits, ...rest });
  };
  const textOf = async (store: WorkspaceStore, path: string): Promise<string | undefined> => {
    const found = await store.files.read(mine, path);
    return found && new TextDecoder().decode(found.content);
  };

  it("keeps files for every store over the same data, and for nobody else", async () => {
    const [one, second] = await two();
    const content = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256);
    const written = await change(one, "a/b.bin", { content, runId: "run_1" });
    expect(written).toMatchObject({
      path: "a/b.bin",
      bytes: 70_000,
      mime: "application/octet-stream",
      runId: "run_1",
    });
    expect(written?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await second.files.read(mine, "a/b.bin")).toEqual({ entry: written, content });
    expect(await second.files.stat(mine, "a/b.bin")).toEqual(written);
    await change(second, "a.json", { text: "{}" });
    expect((await one.files.list(mine)).map(({ path, mime }) => [path, mime])).toEqual([
      ["a.json", "application/json"],
      ["a/b.bin", "application/octet-stream"],
    ]);
    for (const other of others) {
      expect(await one.files.list(other)).toEqual([]);
      expect(await one.files.stat(other, "a/b.bin")).toBeUndefined();
      expect(await one.files.read(other, "a/b.bin")).toBeUndefined();
      expect(await one.files.change(other, { kind: "remove", path: "a/b.bin", limits })).toBeUndefined();
    }
    expect(await one.files.stat(mine, "a/b.bin")).toEqual(written);
  });

  it("writes over, appends and removes", async () => {
    const [one, second] = await two();
    await change(one, "log.txt", { text: "one\n", mime: "text/x-log" });
    const appended = await change(second, "log.txt", { kind: "append", text: "two\n" });
    expect(appended).toMatchObject({ bytes: 8, mime: "text/x-log" });
    expect(await textOf(one, "log.txt")).toBe("one\ntwo\n");
    await change(one, "new.txt", { kind: "append", text: "first" });
    expect(await textOf(one, "new.txt")).toBe("first");
    await change(one, "log.txt", { text: "" });
    expect(await textOf(second, "log.txt")).toBe("");
    expect(await change(second, "log.txt", { kind: "remove" })).toMatchObject({ path: "log.txt", bytes: 0 });
    expect(await change(one, "log.txt", { kind: "remove" })).toBeUndefined();
    expect(await textOf(one, "log.txt")).toBeUndefined();
  });

  it("keeps one content under many names until the last is gone", async () => {
    const [one, second] = await two();
    for (const path of ["a", "b", "c"]) await change(one, path, { text: "same" });
    await change(one, "a", { kind: "remove" });
    await change(second, "b", { text: "other" });
    expect(await textOf(second, "c")).toBe("same");
    await change(second, "c", { kind: "remove" });
    await change(one, "d", { text: "same" });
    expect(await textOf(second, "d")).toBe("same");
  });

  it("makes a change once under its id", async () => {
    const [one, second] = await two();
    const append = { kind: "append", text: "x", id: "run_1:3" } as const;
    const first = await change(one, "a", append);
    expect(await change(second, "a", append)).toEqual(first);
    expect(await textOf(one, "a")).toBe("x");
    await change(one, "a", { kind: "remove", id: "run_1:4" });
    await change(one, "a", { text: "again" });
    expect(await change(second, "a", { kind: "remove", id: "run_1:4" })).toMatchObject({ bytes: 1 });
    expect(await textOf(one, "a")).toBe("again");
    expect(
      await one.files.change(others[0] ?? mine, { ...append, path: "a", content: bytes("y"), limits }),
    ).toMatchObject({ bytes: 1 });
  });

  it("takes names of prototypes and of SQL for plain paths", async () => {
    const [one] = await two();
    const paths = ["__proto__", "constructor", "toString", "'; DROP TABLE files; --", "%", "é"];
    expect(await one.files.stat(mine, "__proto__")).toBeUndefined();
    for (const path of paths) await change(one, path, { text: path });
    for (const path of paths) expect(await textOf(one, path)).toBe(path);
    expect((await one.files.list(mine)).map(({ path }) => path)).toEqual(paths.toSorted());
  });

  it.each([
    ["bytes of a file", { ...limits, fileBytes: 4 }, 4],
    ["bytes in all", { ...limits, totalBytes: 4 }, 4],
    ["files", { ...limits, files: 1 }, 100],
  ])("holds the limit of %s on both sides", async (what, lower, most) => {
    const [one, second] = await two();
    await change(one, "a", { text: "x".repeat(most), limits: lower });
    const refused = what === "files" ? change(one, "b", { limits: lower }) : undefined;
    await expect(
      refused ?? change(one, "a", { kind: "append", text: "y", limits: lower }),
    ).rejects.toMatchObject({ code: "file_limit" });
    expect(await textOf(second, "a")).toBe("x".repeat(most));
    expect(await one.files.list(mine)).toHaveLength(1);
    await change(one, "a", { kind: "remove", limits: lower });
    await change(second, "b", { text: "x".repeat(most), limits: lower });
  });

  it("loses no change when two stores append at once", async () => {
    const stores = await two();
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        change(at % 2 === 0 ? stores[0] : stores[1], "log", {
          kind: "append",
          text: `${at}\n`,
          id: `r:${at}`,
        }),
      ),
    );
    const lines = (await textOf(stores[0], "log"))?.trim().split("\n") ?? [];
    expect(lines.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at));
  });
}
