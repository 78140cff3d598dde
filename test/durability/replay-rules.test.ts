/**
 * Runs that earlier versions of the replay rules left behind are replayed exactly and, where they wait, continued.
 */
import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCodemode, createSqliteJournal, createWorkerdEngine, type Codemode } from "../../src/index.ts";
import { replayRules, rulesVersion } from "../../src/run/replay-rules.ts";
import type { RunRow } from "../../src/spec/journal.ts";
import { createRecordedSource, recordedPrograms } from "../fixtures/runs/recorded-programs.ts";

const fixtures = join(import.meta.dirname, "../fixtures/runs");
const versions = Array.from({ length: rulesVersion - 1 }, (_, index) => index + 1);

it("has a fixture for every earlier version", () => {
  const names = globSync("rules-*.sql", { cwd: fixtures }).sort();
  expect(names).toEqual(versions.map((version) => `rules-${version}.sql`));
});

it("gives each rule a number of its own, a version that exists and a reason", () => {
  const rules = Object.values(replayRules);
  expect(new Set(rules.map(({ number }) => number)).size).toBe(rules.length);
  for (const { since, reason } of rules) {
    expect(since).toBeGreaterThan(1);
    expect(since).toBeLessThanOrEqual(rulesVersion);
    expect(reason.length).toBeGreaterThan(40);
  }
});

describe.each(versions)("runs of version %i", (version) => {
  let folder: string;
  let codemode: Codemode;
  let runs: readonly RunRow[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "codemode-rules-"));
    const path = join(folder, "state.db");
    const engine = createWorkerdEngine();
    const database = new DatabaseSync(path);
    database.exec(readFileSync(join(fixtures, `rules-${version}.sql`), "utf8"));
    // The engine's build changes with its package, which is another promise than that of the rules.
    database.prepare("UPDATE runs SET engine = ?").run((await engine.ready()).build);
    database.close();
    const journal = createSqliteJournal({ path });
    runs = await journal.runs({ principal: "local", limit: 1_000 });
    codemode = createCodemode({ sources: [createRecordedSource()], engine, journal, check: "off" });
  });
  afterAll(async () => {
    await codemode.close();
    await rm(folder, { recursive: true });
  });

  it.each(recordedPrograms)("$name", async ({ name, status, result }) => {
    const run = runs.find(({ code }) => code.startsWith(`// ${name}\n`));
    if (run === undefined) throw new Error(`the fixture has no run "${name}"`);
    expect(run.rules ?? 1).toBe(version);
    expect(run.status).toBe(status);
    const recorded = await codemode.show({ runId: run.runId });
    // Throws `run_diverged` where the program sees anything else.
    const { document: replayed } = await codemode.replay({ runId: run.runId });
    expect(replayed).toMatchObject({ status, logs: recorded.logs, calls: recorded.calls });
    expect(replayed.result).toEqual(recorded.result);
    expect(replayed.error).toEqual(recorded.error);
    if (status !== "paused") return;
    await codemode.answer({ runId: run.runId, approve: true });
    const { document } = await codemode.resume({ runId: run.runId });
    expect(document).toMatchObject({
      status: "completed",
      ...(result === undefined ? {} : { result }),
    });
  });
});

it("leaves a run of a newer version as it is", async () => {
  const folder = await mkdtemp(join(tmpdir(), "codemode-rules-"));
  const path = join(folder, "state.db");
  const journal = createSqliteJournal({ path });
  await using codemode = createCodemode({
    sources: [createRecordedSource()],
    engine: createWorkerdEngine(),
    journal,
    check: "off",
  });
  const { document } = await codemode.execute({ code: "return (await tools.shop.buy({ id: 1 })).bought" });
  const { runId } = document;
  const setVersion = (version: number): void => {
    const database = new DatabaseSync(path);
    database.prepare("UPDATE runs SET rules = ?").run(version);
    database.close();
  };
  setVersion(rulesVersion + 1);
  await expect(codemode.replay({ runId })).rejects.toMatchObject({ code: "run_unresumable" });
  await expect(codemode.answer({ runId, approve: true })).rejects.toMatchObject({ code: "run_unresumable" });
  expect(await codemode.show({ runId })).toMatchObject({ status: "paused", pending: [{ seq: 1 }] });
  setVersion(rulesVersion);
  expect(await codemode.answer({ runId, approve: true })).toBe(1);
  const { document: ended } = await codemode.resume({ runId });
  expect(ended).toMatchObject({ status: "completed", result: 1 });
  await rm(folder, { recursive: true });
});
