import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryJournal, createMemoryStore } from "../../src/journal/memory/create-memory-journal.ts";
import { createSqliteJournal } from "../../src/journal/sqlite/create-sqlite-journal.ts";
import { aCall, aRun } from "./journal-rows.ts";
import { describeJournal } from "./journal-suite.ts";

describeJournal("sqlite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "codemode-"));
  return {
    open: () => Promise.resolve(createSqliteJournal({ path: join(folder, "state.db"), pollMs: 20 })),
    dispose: () => rm(folder, { recursive: true }),
  };
});

describeJournal("memory", () => {
  const shared = createMemoryStore();
  return Promise.resolve({
    open: () => Promise.resolve(createMemoryJournal(shared)),
    dispose: () => Promise.resolve(),
  });
});

describe("a sqlite journal", () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });
  async function file(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "codemode-"));
    folders.push(folder);
    return join(folder, "deeper", "state.db");
  }

  it("is still there after a restart", async () => {
    const path = await file();
    const run = aRun();
    await using first = createSqliteJournal({ path });
    await first.create(run, "host", 10_000);
    await first[Symbol.asyncDispose]();
    await using second = createSqliteJournal({ path });
    expect(await second.run("local", run.runId)).toMatchObject(run);
  });

  it("says that a file is no store", async () => {
    const path = join(await file(), "..", "..", "not-a-store.db");
    await writeFile(path, "this is no database, and it is long enough to be looked at as one".repeat(20));
    await using journal = createSqliteJournal({ path });
    await expect(journal.create(aRun(), "host", 10_000)).rejects.toMatchObject({ code: "store_corrupt" });
  });

  it("says that the store is of a newer version", async () => {
    const path = await file();
    await using old = createSqliteJournal({ path });
    await old.create(aRun(), "host", 10_000);
    await old[Symbol.asyncDispose]();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    await using journal = createSqliteJournal({ path });
    await expect(journal.create(aRun(), "host", 10_000)).rejects.toMatchObject({
      code: "store_too_new",
      message: expect.stringContaining("99") as string,
    });
  });

  it("says that the store is locked, and goes on once it is not", async () => {
    const path = await file();
    await using journal = createSqliteJournal({ path });
    await journal.create(aRun(), "host", 10_000);
    const holder = new DatabaseSync(path);
    holder.exec("BEGIN EXCLUSIVE");
    await expect(journal.create(aRun(), "host", 10_000)).rejects.toMatchObject({ code: "store_locked" });
    holder.exec("ROLLBACK");
    holder.close();
    await journal.create(aRun(), "host", 10_000);
  });

  it("keeps equal large outcomes once, and none that no run has any more", async () => {
    const path = await file();
    await using journal = createSqliteJournal({ path });
    const outcome = `+"${"x".repeat(100_000)}"`;
    for (const startedAt of [1, 2, 3]) {
      const lease = await journal.create(aRun({ startedAt }), "host", 10_000);
      const calls = [1, 2, 3].map((seq) => aCall(seq, { state: "done", outcome }));
      await journal.commit(lease, { status: "completed", calls, durable: true });
    }
    const kept = (): unknown => {
      const database = new DatabaseSync(path, { readOnly: true });
      const row = database
        .prepare("SELECT count(*) AS bodies, sum(length(body)) AS length FROM contents")
        .get();
      database.close();
      return { ...row };
    };
    expect(kept()).toEqual({ bodies: 1, length: outcome.length });
    await journal.prune({ maxRuns: 1 }, Date.now());
    expect(kept()).toEqual({ bodies: 1, length: outcome.length });
    await journal.prune({ maxRuns: 0 }, Date.now());
    expect(kept()).toEqual({ bodies: 0, length: null });
  });

  it("prunes more than it removes at once", async () => {
    await using journal = createSqliteJournal({ path: await file() });
    const leases = await Promise.all(
      Array.from({ length: 1_201 }, (_, startedAt) => journal.create(aRun({ startedAt }), "host", 10_000)),
    );
    await Promise.all(leases.map((lease) => journal.commit(lease, { status: "completed", durable: false })));
    expect(await journal.prune({ maxRuns: 1 }, Date.now())).toBe(1_200);
  });

  it("refuses a second run of the same id and keeps the first", async () => {
    const path = await file();
    await using journal = createSqliteJournal({ path });
    const run = aRun();
    await journal.create(run, "host", 10_000);
    const [again, other] = await Promise.allSettled([
      journal.create(aRun({ runId: run.runId }), "host", 10_000),
      journal.create(aRun(), "host", 10_000),
    ]);
    expect(again).toMatchObject({ status: "rejected", reason: { code: "internal" } });
    expect(other.status, "what was asked beside it").toBe("fulfilled");
    expect(await journal.runs({ principal: "local" })).toHaveLength(2);
  });
});
