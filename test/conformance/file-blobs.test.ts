/**
 * Files of workspaces as they lie on disk: nothing is left over, nothing half-written, and nothing that somebody put
 * there is taken for what was written.
 */
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { defaultFileLimits as limits } from "../../src/spec/files.ts";
import type { WorkspaceStore } from "../../src/spec/workspace.ts";
import { createSqliteWorkspace } from "../../src/workspace/sqlite/create-sqlite-workspace.ts";

const mine = { principal: "local", name: "default" };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the contents of files on disk", () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });
  async function open(): Promise<{
    readonly store: WorkspaceStore;
    readonly root: string;
    again: (key?: string) => WorkspaceStore;
  }> {
    const folder = await mkdtemp(join(tmpdir(), "codemode-"));
    ends.push(() => rm(folder, { recursive: true }));
    const again = (key?: string): WorkspaceStore => {
      const store = createSqliteWorkspace({
        path: join(folder, "w.db"),
        ...(key === undefined ? {} : { key: () => key }),
      });
      ends.push(async () => store[Symbol.asyncDispose]());
      return store;
    };
    return { store: again(), root: join(folder, "w.files"), again };
  }
  const write = (store: WorkspaceStore, path: string, text: string): Promise<unknown> =>
    store.files.change(mine, { kind: "write", path, content: bytes(text), limits });
  const contents = async (root: string): Promise<string[]> =>
    (await readdir(root, { recursive: true })).filter((name) => name.includes("/")).toSorted();
  async function only(root: string): Promise<string> {
    const [name = ""] = await contents(root);
    return join(root, name);
  }

  it("are named by their hash, for their owner alone, and gone with their last name", async () => {
    const { store, root } = await open();
    await write(store, "a/deep/path.txt", "one");
    await write(store, "b", "one");
    expect(await contents(root)).toHaveLength(1);
    const file = await only(root);
    expect(file).toMatch(/\/[0-9a-f]{64}$/);
    expect(await readFile(file, "utf8")).toBe("one");
    if (process.platform !== "win32") expect((await stat(file)).mode & 0o077).toBe(0);
    await write(store, "a/deep/path.txt", "two");
    expect(await contents(root)).toHaveLength(2);
    await store.files.change(mine, { kind: "remove", path: "b", limits });
    expect(await contents(root)).toHaveLength(1);
  });

  it("are not shared between principals", async () => {
    const { store, root } = await open();
    await write(store, "a", "same");
    await store.files.change(
      { principal: "other", name: "default" },
      { kind: "write", path: "a", content: bytes("same"), limits },
    );
    const found = await contents(root);
    expect(new Set(found.map((name) => name.split("/")[0])).size).toBe(2);
    expect(found).toHaveLength(2);
  });

  it("that a crash has left without a name are collected by the next change", async () => {
    const { store, root, again } = await open();
    await write(store, "a", "one");
    const folder = join(await only(root), "..");
    await store[Symbol.asyncDispose]();
    await writeFile(join(folder, "0".repeat(64)), "written, and never committed");
    await writeFile(join(folder, `${"1".repeat(64)}.abc.draft`), "half");
    const next = again();
    await write(next, "b", "two");
    expect(await contents(root)).toHaveLength(2);
    expect((await next.files.read(mine, "a"))?.entry.bytes).toBe(3);
  });

  it("of a change that is refused never reach the disk", async () => {
    const { store, root } = await open();
    await write(store, "a", "one");
    await expect(
      store.files.change(mine, {
        kind: "write",
        path: "b",
        content: bytes("four"),
        limits: { ...limits, totalBytes: 6 },
      }),
    ).rejects.toMatchObject({ code: "file_limit" });
    expect(await contents(root)).toHaveLength(1);
  });

  it("are encrypted with a key, bound to their place, and need it", async () => {
    const { store, root, again } = await open();
    await write(store, "before", "kept in the open");
    const keyed = again(randomBytes(32).toString("hex"));
    await write(keyed, "a", "a secret of the workspace");
    await keyed.files.change(mine, { kind: "append", path: "a", content: bytes("!"), limits });
    const text = async (path: string): Promise<string> =>
      new TextDecoder().decode((await keyed.files.read(mine, path))?.content);
    expect([await text("a"), await text("before")]).toEqual([
      "a secret of the workspace!",
      "kept in the open",
    ]);
    const kept = await Promise.all(
      (await contents(root)).map((name) => readFile(join(root, name), "latin1")),
    );
    expect(kept.filter((each) => each.includes("secret"))).toEqual([]);
    await write(keyed, "before", "kept in the open");
    const now = await Promise.all((await contents(root)).map((name) => readFile(join(root, name), "latin1")));
    expect(now.filter((each) => each.startsWith("sealed:1:"))).toHaveLength(2);
    await expect(again().files.read(mine, "a")).rejects.toMatchObject({ code: "store_key_missing" });
    await expect(again(randomBytes(32).toString("hex")).files.read(mine, "a")).rejects.toMatchObject({
      code: "store_key_wrong",
    });
    const [one = "", two = ""] = (await contents(root)).map((name) => join(root, name));
    await writeFile(one, await readFile(two));
    await expect(Promise.all([text("a"), text("before")])).rejects.toMatchObject({ code: "store_corrupt" });
  });

  const corrupt = { code: "store_corrupt" };
  it.each<[string, (file: string) => Promise<unknown>]>([
    ["were changed", (file) => writeFile(file, "two")],
    ["were cut", (file) => writeFile(file, "")],
    ["are gone", (file) => unlink(file)],
    [
      "became a link to something secret",
      async (file) => {
        await writeFile(`${file}.secret`, "secret");
        await unlink(file);
        await symlink(`${file}.secret`, file);
      },
    ],
    [
      "became a folder",
      async (file) => {
        await unlink(file);
        await mkdir(file);
      },
    ],
    [
      "lie in a folder that became a link",
      async (file) => {
        const folder = join(file, "..");
        await rename(folder, `${folder}-elsewhere`);
        await symlink(`${folder}-elsewhere`, folder);
      },
    ],
  ])("that %s are not answered", async (_, spoil) => {
    const { store, root } = await open();
    await write(store, "a", "one");
    await spoil(await only(root));
    await expect(store.files.read(mine, "a")).rejects.toMatchObject(corrupt);
    await expect(
      store.files.change(mine, { kind: "append", path: "a", content: bytes("x"), limits }),
    ).rejects.toMatchObject(corrupt);
  });

  it("are put right by writing the same again, through no link", async () => {
    const { store, root } = await open();
    await write(store, "a", "one");
    const file = await only(root);
    const target = join(root, "target");
    await writeFile(target, "own");
    await unlink(file);
    await symlink(target, file);
    await write(store, "a", "one");
    expect(await readFile(target, "utf8")).toBe("own");
    expect(new TextDecoder().decode((await store.files.read(mine, "a"))?.content)).toBe("one");
  });
});
