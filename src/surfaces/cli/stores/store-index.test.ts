import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import { createSqliteJournal } from "../../../journal/sqlite/create-sqlite-journal.ts";
import { findRunConfig } from "./find-run-config.ts";
import { listStores, mostStores, rememberStore } from "./store-index.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "codemode-stores-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

it("lists what was used, the last first, each once, for this user alone", async () => {
  const state = folder();
  expect(listStores(state)).toEqual([]);
  for (const store of ["/a.db", "/b.db"]) {
    rememberStore(state, store);
    await new Promise((done) => setTimeout(done, 20));
  }
  expect(listStores(state)).toEqual(["/b.db", "/a.db"]);
  rememberStore(state, "/a.db");
  expect(listStores(state)).toEqual(["/a.db", "/b.db"]);
  const stores = join(state, "stores");
  expect([mode(stores), ...readdirSync(stores).map((name) => mode(join(stores, name)))]).toEqual([
    "700",
    "600",
    "600",
  ]);
});

it.each([
  [mostStores, mostStores],
  [mostStores + 1, mostStores],
])("of %i stores keeps %i", (used, kept) => {
  const state = folder();
  for (let at = 0; at < used; at += 1) rememberStore(state, `/${at}.db`);
  expect(readdirSync(join(state, "stores"))).toHaveLength(kept);
  expect(listStores(state)).toContain(`/${used - 1}.db`);
});

it("takes nothing for a store that is none, and costs nothing where it cannot be written", () => {
  const state = folder();
  rememberStore(state, "/a.db");
  const stores = join(state, "stores");
  writeFileSync(join(stores, "relative"), "a.db");
  writeFileSync(join(stores, "large"), `/${"x".repeat(9_000)}`);
  writeFileSync(join(stores, "zero"), "/a\0.db");
  mkdirSync(join(stores, "folder"));
  expect(listStores(state)).toEqual(["/a.db"]);
  const taken = join(folder(), "file");
  writeFileSync(taken, "");
  expect(() => rememberStore(taken, "/a.db")).not.toThrow();
});

it("finds a run in the default store and in others, whatever else the index names", async () => {
  const state = folder();
  const other = join(folder(), "runs.db");
  const origin = {
    principal: "local",
    code: "1",
    codeHash: "h",
    catalogVersion: "c",
    policyVersion: "p",
    seed: "s",
    engine: "e",
    limits: "{}",
    startedAt: 1,
  };
  const stores: [string, string, string | undefined][] = [
    [join(state, "state.db"), "run_default", "/home/codemode.json"],
    [other, "run_other", "/work/codemode.json"],
    [other, "run_library", undefined],
  ];
  for (const [path, runId, config] of stores) {
    await using journal = createSqliteJournal({ path });
    await journal.create({ ...origin, runId, ...(config === undefined ? {} : { config }) }, "o", 1_000);
  }
  await using theirs = createSqliteJournal({ path: other });
  await theirs.create({ ...origin, principal: "eve", runId: "run_eve", config: "/eve.json" }, "o", 1_000);
  writeFileSync(join(state, "no-store.db"), "not a database");
  const before = new DatabaseSync(join(state, "before.db"));
  before.exec(
    "CREATE TABLE runs (run_id TEXT, principal TEXT); INSERT INTO runs VALUES ('run_before', 'local')",
  );
  before.close();
  for (const path of [join(state, "gone.db"), join(state, "no-store.db"), join(state, "before.db"), other])
    rememberStore(state, path);
  const found = ["run_default", "run_other", "run_library", "run_before", "run_eve", "run_none"].map(
    (runId) => findRunConfig(state, runId),
  );
  expect(found).toEqual([
    "/home/codemode.json",
    "/work/codemode.json",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
