import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import {
  createMemoryWorkspace,
  createWorkspaceMemory,
} from "../../src/workspace/memory/create-memory-workspace.ts";
import { createSqliteWorkspace } from "../../src/workspace/sqlite/create-sqlite-workspace.ts";
import { describeWorkspace } from "./workspace-suite.ts";

describeWorkspace("sqlite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "codemode-"));
  return {
    open: () => createSqliteWorkspace({ path: join(folder, "deeper", "workspaces.db") }),
    dispose: () => rm(folder, { recursive: true }),
  };
});

describeWorkspace("memory", () => {
  const memory = createWorkspaceMemory();
  return Promise.resolve({
    open: () => createMemoryWorkspace(memory),
    dispose: () => Promise.resolve(),
  });
});

describe("a file of workspaces", () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });
  async function file(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "codemode-"));
    folders.push(folder);
    return join(folder, "workspaces.db");
  }
  const mine = { principal: "local", name: "default" };

  it("that is no store says so", async () => {
    const path = await file();
    await writeFile(path, "this is no database, and it is long enough to be looked at as one".repeat(20));
    await using store = createSqliteWorkspace({ path });
    await expect(store.state.get(mine, "a")).rejects.toMatchObject({ code: "store_corrupt" });
  });

  it("of a newer version says so", async () => {
    const path = await file();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    await using store = createSqliteWorkspace({ path });
    await expect(store.state.get(mine, "a")).rejects.toMatchObject({
      code: "store_too_new",
      message: expect.stringContaining("99") as string,
    });
  });

  it("answers nothing once it is closed", async () => {
    const store = createSqliteWorkspace({ path: await file() });
    expect(await store.state.get(mine, "a")).toBeUndefined();
    await store[Symbol.asyncDispose]();
    await expect(store.state.get(mine, "a")).rejects.toMatchObject({ code: "internal" });
  });
});
