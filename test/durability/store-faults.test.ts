/**
 * A store whose disk is full, that another program holds, that is damaged, or whose clock jumps: every fault has
 * its code, what was acknowledged is still there, and the next start works.
 */
import { closeSync, openSync, truncateSync, writeSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  createCodemode,
  createFunctionsSource,
  createMemoryJournal,
  createQuickJsEngine,
  createSqliteJournal,
  type Codemode,
  type Journal,
} from "../../src/index.ts";
import { aCall, aRun } from "../conformance/journal-rows.ts";
import { createSqliteStore } from "./simulation/simulated-store.ts";

async function storeFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-faults-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "state.db");
}

const input = { type: "object" } as const;

interface Host extends AsyncDisposable {
  readonly codemode: Codemode;
  readonly effects: unknown[];
}

function open(journal: Journal, during?: () => void): Host {
  const effects: unknown[] = [];
  const codemode = createCodemode({
    sources: [
      createFunctionsSource("s", {
        read: { description: "Reads much.", effect: "read", input, run: () => "x".repeat(400_000) },
        write: {
          description: "Writes.",
          effect: "write",
          input,
          run: (args: unknown) => {
            effects.push(args);
            during?.();
            return effects.length;
          },
        },
      }),
    ],
    engine: createQuickJsEngine({ prewarm: 0 }),
    check: "off",
    policy: "allow-all",
    journal,
  });
  return { codemode, effects, [Symbol.asyncDispose]: () => codemode.close() };
}

/** Runs a snippet, after which the store holds one completed run. */
async function fill(path: string): Promise<string> {
  await using host = open(createSqliteJournal({ path }));
  const { document } = await host.codemode.execute({ code: "return await tools.s.write({ first: true })" });
  expect(document.status).toBe("completed");
  return document.runId;
}

describe("a full disk", () => {
  /** The store may have no more pages than it has; `later` gives room again. */
  function full(path: string, room: number): Journal {
    return createSqliteJournal({ path, maxPages: room });
  }

  it("is told with the run's id, nothing is sent unrecorded, and the run goes on once there is room", async () => {
    const path = await storeFile();
    const kept = await fill(path);
    const probe = new DatabaseSync(path);
    const { page_count: pages } = probe.prepare("PRAGMA page_count").get() as { page_count: number };
    probe.close();
    const code = `await tools.s.write({ n: 1 }); await tools.s.read({}); return await tools.s.write({ n: 2 })`;
    let runId = "";
    {
      await using host = open(full(path, pages + 20));
      const fault = await host.codemode.execute({ code }).catch((error: unknown) => error);
      expect(fault).toMatchObject({ code: "store_full", data: { runId: expect.any(String) as string } });
      runId = (fault as { data: { runId: string } }).data.runId;
      expect(host.effects).toEqual([{ n: 1 }]);
      expect((await host.codemode.show({ runId: kept })).status).toBe("completed");
    }
    await using host = open(createSqliteJournal({ path }));
    const { document } = await host.codemode.resume({ runId });
    expect(document).toMatchObject({ status: "completed", result: 1 });
    expect(host.effects).toEqual([{ n: 2 }]);
    expect(document.writes.map((write) => [write.args, write.state])).toEqual([
      [{ n: 1 }, "done"],
      [{ n: 2 }, "done"],
    ]);
  });
});

describe("a look at the store", () => {
  it("finds that it is full, and leaves nothing behind where it is not", async () => {
    const path = await storeFile();
    await fill(path);
    const pages = (): number => {
      const store = new DatabaseSync(path);
      const row = store.prepare("PRAGMA page_count").get() as { page_count: number };
      const left = store.prepare("SELECT count(*) AS left FROM contents").get();
      store.close();
      expect(left).toMatchObject({ left: 0 });
      return row.page_count;
    };
    await using tight = createSqliteJournal({ path, maxPages: pages() + 2 });
    await expect(tight.probe()).rejects.toMatchObject({ code: "store_full" });
    await using roomy = createSqliteJournal({ path });
    await roomy.probe();
    pages();
  });
});

describe("a store that another program holds", () => {
  it("is told so, sends nothing unrecorded, and goes on once it is free", async () => {
    const path = await storeFile();
    await fill(path);
    const holder = new DatabaseSync(path);
    await using host = open(createSqliteJournal({ path }), () => holder.exec("BEGIN EXCLUSIVE"));
    const code = "const a = await tools.s.write({ n: 1 }); return [a, await tools.s.write({ n: 2 })]";
    const fault = await host.codemode.execute({ code }).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: "store_locked", data: { runId: expect.any(String) as string } });
    expect(host.effects).toEqual([{ n: 1 }]);
    holder.exec("ROLLBACK");
    holder.close();
    // Sent, and its outcome was never recorded: nobody but a person can know.
    await using next = open(createSqliteJournal({ path }));
    const database = new DatabaseSync(path);
    database.exec("UPDATE runs SET lease_until = 0");
    database.close();
    const { runId } = (fault as { data: { runId: string } }).data;
    const { document } = await next.codemode.resume({ runId });
    expect(document).toMatchObject({ status: "paused", pending: [{ kind: "in_doubt", args: { n: 1 } }] });
    expect(next.effects).toEqual([]);
  }, 60_000);
});

describe("a damaged store", () => {
  it.each([
    ["no database at all", (path: string) => writeFile(path, "not a database".repeat(1_000))],
    ["overwritten at its head", (path: string) => overwrite(path, 0)],
    ["overwritten inside", (path: string) => overwrite(path, 4_096)],
    ["cut", (path: string) => Promise.resolve(truncateSync(path, 6_000))],
  ])("that is %s is told so and left as it is", async (_, damage) => {
    const path = await storeFile();
    await fill(path);
    await damage(path);
    const before = await readFile(path);
    await using host = open(createSqliteJournal({ path }));
    const code = "return await tools.s.write({})";
    await expect(host.codemode.execute({ code })).rejects.toMatchObject({ code: "store_corrupt" });
    await expect(host.codemode.runs()).rejects.toMatchObject({ code: "store_corrupt" });
    expect(host.effects).toEqual([]);
    expect((await readFile(path)).equals(before)).toBe(true);
  });

  async function overwrite(path: string, at: number): Promise<void> {
    const file = openSync(path, "r+");
    writeSync(file, Buffer.alloc(4_096, 0xff), 0, 4_096, at);
    closeSync(file);
  }
});

describe("a clock that is set", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date", "hrtime"] }));
  afterEach(() => void vi.useRealTimers());

  const stores = {
    memory: () => createMemoryJournal(),
    sqlite: () => createSqliteStore().open(),
  };
  const cases = Object.entries(stores).flatMap(([store, create]) =>
    [-86_400_000, -600_000, 60_000, 86_400_000].map((by) => ({ store, create, by })),
  );

  it.each(cases)(
    "by $by ms takes no living host's run, and keeps no dead one's, in $store",
    async ({ create, by }) => {
      const journal = create();
      const origin = aRun();
      const lease = await journal.create(origin, "first", 30_000);
      await journal.commit(lease, { calls: [aCall(1, { state: "started" })], durable: true });
      const found = async (): Promise<boolean> => (await journal.unfinished()).length > 0;
      vi.setSystemTime(Date.now() + by);
      expect(await found(), "it is held").toBe(false);
      expect(await journal.claim(origin.runId, "next", 30_000)).toBeUndefined();
      vi.advanceTimersByTime(20_000);
      expect(await journal.renew(lease, 30_000)).toBe(true);
      // From its last renewal on it is silent: its lease, and a sixth of it beyond.
      vi.advanceTimersByTime(34_900);
      expect(await found(), "it may still be about to send").toBe(false);
      expect(await journal.claim(origin.runId, "next", 30_000)).toBeUndefined();
      vi.advanceTimersByTime(200);
      expect(await found(), "it is silent").toBe(true);
      const taken = await journal.claim(origin.runId, "next", 30_000);
      expect(taken?.fence).toBeGreaterThan(lease.fence);
      expect(await journal.renew(lease, 30_000)).toBe(false);
      await expect(journal.commit(lease, { durable: true })).rejects.toMatchObject({ code: "lease_lost" });
      expect((await journal.calls(origin.runId)).map((call) => call.state)).toEqual(["started"]);
    },
  );
});
