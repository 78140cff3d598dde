import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import {
  CodemodeError,
  createCodemode,
  createFunctionsSource,
  createSqliteJournal,
  createWorkerdEngine,
} from "../../index.ts";
import type { Codemode, CodemodeOptions, Journal } from "../../index.ts";
import { createMemoryJournal, createMemoryStore } from "../../journal/memory/create-memory-journal.ts";

const open: Codemode[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** What the world looks like, and everything done to it in order. */
interface World {
  readonly things: Set<string>;
  readonly done: string[];
  /** Names of things that refuse to go. */
  readonly stuck: Set<string>;
}

const createWorld = (): World => ({ things: new Set(), done: [], stuck: new Set() });

function start(world: World, options: Partial<CodemodeOptions> = {}): Codemode {
  const { things, done, stuck } = world;
  const remove = (name: string): void => {
    done.push(`- ${name}`);
    if (stuck.has(name)) throw new Error(`${name} is stuck`);
    things.delete(name);
  };
  const add = (name: string): { id: string } => {
    done.push(`+ ${name}`);
    things.add(name);
    return { id: name };
  };
  const source = createFunctionsSource("world", {
    list: { effect: "read", run: () => [...things] },
    add: {
      run: ({ name }: { name: string }) => add(name),
      revert: (_args, { id }: { id: string }) => remove(id),
    },
    put: { run: ({ name }: { name: string }) => add(name) },
    remove: { effect: "destructive", run: ({ name }: { name: string }) => remove(name) },
    shout: { run: () => done.push("!") },
    fail: {
      run: () => {
        throw new Error("refused");
      },
    },
  });
  const codemode = createCodemode({
    sources: [source],
    engine: createWorkerdEngine(),
    policy: "allow-all",
    check: "off",
    overrides: { world: { undo: { put: { tool: "remove", args: { name: "/result/id" } } } } },
    ...options,
  });
  open.push(codemode);
  return codemode;
}

test("what is undone is named with every digit", async () => {
  const removed: unknown[] = [];
  const codemode = createCodemode({
    sources: [
      createFunctionsSource("crm", {
        make: { run: () => ({ id: 725653563933458433n }) },
        remove: { effect: "destructive", run: (args: unknown) => removed.push(args) },
      }),
    ],
    engine: createWorkerdEngine(),
    policy: "allow-all",
    check: "off",
    overrides: { crm: { undo: { make: { tool: "remove", args: { id: "/result/id", of: "/args/of" } } } } },
  });
  open.push(codemode);
  const { document } = await codemode.execute({ code: "await tools.crm.make({ of: 2n ** 60n })" });
  expect((await codemode.rollback({ runId: document.runId })).document.status).toBe("completed");
  expect(removed).toEqual([{ id: 725653563933458433n, of: 2n ** 60n }]);
});

const three = `
await tools.world.add({ name: "a" });
await tools.world.put({ name: "b" });
await tools.world.fail().catch(() => 0);
await tools.world.add({ name: "c" });
throw new Error("half done");`;

async function runThree(codemode: Codemode): Promise<string> {
  const { document } = await codemode.execute({ code: three });
  expect(document.status).toBe("failed");
  return document.runId;
}

test("undoes the writes that happened, the last one first, by revert and by the operator's rule", async () => {
  const world = createWorld();
  const codemode = start(world);
  const runId = await runThree(codemode);
  const { document } = await codemode.rollback({ runId });
  expect(document).toMatchObject({ status: "completed", result: `Undone: 3 writes of ${runId}.` });
  expect(world.things.size).toBe(0);
  expect(world.done).toEqual(["+ a", "+ b", "+ c", "- c", "- b", "- a"]);
  expect(document.writes.map(({ state }) => state)).toEqual(["done", "done", "done"]);
});

test("undoes nothing twice, however often it is asked", async () => {
  const world = createWorld();
  const codemode = start(world);
  const runId = await runThree(codemode);
  const first = await codemode.rollback({ runId });
  const again = await codemode.rollback({ runId });
  expect(again.document.runId).toBe(first.document.runId);
  expect(world.done.filter((each) => each.startsWith("-"))).toHaveLength(3);
});

test("says of each write why it was not undone, and undoes the rest later", async () => {
  const world = createWorld();
  const codemode = start(world);
  const { document: run } = await codemode.execute({
    code: `await tools.world.add({ name: "a" }); await tools.world.shout(); return await tools.world.put({ name: "b" })`,
  });
  world.stuck.add("b");
  const { document } = await codemode.rollback({ runId: run.runId });
  expect(document.status).toBe("failed");
  expect(document.error).toMatchObject({ code: "rollback_incomplete" });
  expect(document.error?.message).toContain("2 of 3");
  expect(document.error?.message).toContain("world.put: b is stuck");
  expect(document.error?.message).toContain("world.shout: nothing is known that undoes it");
  expect([...world.things]).toEqual(["b"]);
  world.stuck.clear();
  const second = await codemode.rollback({ runId: run.runId });
  expect(second.document.runId).not.toBe(document.runId);
  expect(world.things.size).toBe(0);
  expect(world.done.filter((each) => each === "- a")).toHaveLength(1);
});

test("asks the policy for each, with what is undone", async () => {
  const world = createWorld();
  const store = createMemoryStore();
  const runId = await runThree(start(world, { journal: createMemoryJournal(store) }));
  const codemode = start(world, { journal: createMemoryJournal(store), policy: "ask-writes" });
  const { document } = await codemode.rollback({ runId });
  expect(document).toMatchObject({
    status: "paused",
    pending: [{ args: { undo: "world.add", args: { name: "c" } } }],
  });
  expect(world.done).not.toContain("- c");
  await codemode.answer({ runId: document.runId, approve: true });
  expect((await codemode.rollback({ runId })).document).toMatchObject({
    pending: [{ path: "world.remove" }],
  });
  expect(world.done.filter((each) => each.startsWith("-"))).toEqual(["- c"]);
});

test("may be refused by the policy", async () => {
  const world = createWorld();
  const store = createMemoryStore();
  const runId = await runThree(start(world, { journal: createMemoryJournal(store) }));
  const codemode = start(world, { journal: createMemoryJournal(store), policy: "read-only" });
  expect((await codemode.rollback({ runId })).document.error).toMatchObject({ code: "rollback_incomplete" });
  expect(world.things.size).toBe(3);
});

describe("what is not rolled back", () => {
  test("a run that has not ended", async () => {
    const codemode = start(createWorld(), { policy: "ask-writes" });
    const { document } = await codemode.execute({ code: `return await tools.world.add({ name: "a" })` });
    await expect(codemode.rollback({ runId: document.runId })).rejects.toMatchObject({
      code: "run_not_ended",
    });
  });

  test("another principal's run", async () => {
    const codemode = start(createWorld());
    const runId = await runThree(codemode);
    await expect(codemode.rollback({ runId, principal: "mallory" })).rejects.toMatchObject({
      code: "run_not_found",
    });
  });

  test("anything by a snippet that names what only a rollback has", async () => {
    const world = createWorld();
    const codemode = start(world);
    await runThree(codemode);
    const { document } = await codemode.execute({ code: `return await tools["$undo"]["call_1"]({})` });
    expect(document.error).toMatchObject({ code: "tool_not_found" });
    expect(world.things.size).toBe(3);
  });
});

test("a host that dies in the middle leaves it to the next, which sends nothing twice", async () => {
  const world = createWorld();
  const store = createMemoryStore();
  const alive = createMemoryJournal(store);
  const runId = await runThree(start(world, { journal: alive }));
  let dead = false;
  let settledOnce = 0;
  const dying: Journal = {
    ...alive,
    commit: async (lease, batch) => {
      if (dead) throw new CodemodeError("lease_lost", "The host is dead.");
      await alive.commit(lease, batch);
      settledOnce +=
        batch.calls?.filter(({ state, delivered }) => state === "done" && delivered !== undefined).length ??
        0;
      dead = settledOnce >= 1;
    },
  };
  await start(world, { journal: dying })
    .rollback({ runId })
    .catch(() => undefined);
  expect(world.done.slice(-1)).toEqual(["- c"]);
  const next = start(world, { journal: createMemoryJournal(store) });
  expect((await next.rollback({ runId })).document.status).toBe("completed");
  expect(world.done.slice(-3)).toEqual(["- c", "- b", "- a"]);
});

test("two hosts that roll back the same run at once undo it once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "codemode-rollback-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "state.db");
  const world = createWorld();
  const hosts = [1, 2].map(() => start(world, { journal: createSqliteJournal({ path }) }));
  const [first, second] = hosts;
  const runId = await runThree(first as Codemode);
  const both = await Promise.all([first?.rollback({ runId }), second?.rollback({ runId })]);
  expect(both.map((each) => each?.document.status)).toEqual(["completed", "completed"]);
  expect(world.done).toEqual(["+ a", "+ b", "+ c", "- c", "- b", "- a"]);
});
