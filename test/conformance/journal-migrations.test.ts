/**
 * Opens a store of every earlier form, as a dump in test/fixtures/stores, and finds in it all that was there.
 */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import { createSqliteJournal } from "../../src/journal/sqlite/create-sqlite-journal.ts";
import { newestForm } from "../../src/journal/sqlite/schema.ts";

/** A form of which there is no dump fails here: make one with scripts/dump-store.ts. */
const earlier = Array.from({ length: newestForm - 1 }, (_, index) => index + 1);

async function storeOf(form: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-form-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "state.db");
  const database = new DatabaseSync(path);
  database.exec(readFileSync(join(import.meta.dirname, `../fixtures/stores/form-${form}.sql`), "utf8"));
  database.close();
  return path;
}

it.each(earlier)("opens a store of form %i with all that is in it", async (form) => {
  await using journal = createSqliteJournal({ path: await storeOf(form) });
  const runs = await journal.runs({ principal: "local" });
  expect(runs.map(({ runId, status }) => [runId, status])).toEqual([
    ["run_2", "paused"],
    ["run_1", "completed"],
  ]);
  const run = await journal.run("local", "run_1");
  expect(run).toMatchObject({ code: "return 1", seed: "seed", outcome: '{"result":1}', startedAt: 1 });
  expect(await journal.calls("run_1")).toEqual([
    {
      seq: 1,
      kind: "tool",
      path: "s.read",
      argsHash: "h",
      args: "[{}]",
      effect: "read",
      definition: "d",
      decision: "allow",
      reason: "r",
      idempotencyKey: "k",
      state: "done",
      outcome: '+"é"',
      delivered: 1,
      now: 5,
      issuedAt: 3,
      settledAt: 4,
      labels: [],
    },
  ]);
  const [asked] = await journal.approvals("run_2");
  expect(asked).toMatchObject({ seq: 1, kind: "approval", state: "pending" });
  if (asked === undefined) throw new Error("nothing is asked");
  expect(await journal.answer({ ...asked, state: "approved" })).toBe(true);
  expect(await journal.prune({ maxBytes: 10 }, Date.now())).toBe(1);
});

it.each(earlier)("lets several open a store of form %i at once", async (form) => {
  const path = await storeOf(form);
  const journals = Array.from({ length: 4 }, () => createSqliteJournal({ path }));
  const seen = await Promise.all(journals.map((journal) => journal.runs({ principal: "local" })));
  expect(seen.map((runs) => runs.length)).toEqual([2, 2, 2, 2]);
  await Promise.all(journals.map((journal) => journal[Symbol.asyncDispose]()));
});

it.each([
  ["the newest form", newestForm, undefined],
  ["a newer form", newestForm + 1, "store_too_new"],
])("takes %s as it is", async (_, form, code) => {
  const path = await storeOf(1);
  await using first = createSqliteJournal({ path });
  await first.unfinished();
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA user_version = ${form}`);
  database.close();
  await using second = createSqliteJournal({ path });
  const seen = await second.runs({ principal: "local" }).catch((error: { code: string }) => error.code);
  if (code === undefined) expect(seen).toHaveLength(2);
  else expect(seen).toBe(code);
});
