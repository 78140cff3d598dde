import { expect, it } from "vitest";
import type { RunOrigin } from "../../spec/journal.ts";
import { createMemoryJournal, createMemoryStore } from "./create-memory-journal.ts";

const origin = (runId: string): RunOrigin => ({
  runId,
  principal: "local",
  code: "return 1",
  codeHash: "hash",
  catalogVersion: "1",
  policyVersion: "1",
  seed: "seed",
  engine: "engine",
  limits: "{}",
  startedAt: 0,
});

it("keeps the newest runs, and whatever has not ended", async () => {
  const journal = createMemoryJournal(createMemoryStore(), 3);
  for (const runId of ["run_1", "run_2", "run_3", "run_4", "run_5"]) {
    const lease = await journal.create(origin(runId), "owner", 1_000);
    await journal.commit(lease, { status: runId === "run_1" ? "paused" : "completed", durable: true });
  }
  const kept = await journal.runs({ principal: "local" });
  expect(kept.map(({ runId }) => runId).toSorted()).toEqual(["run_1", "run_4", "run_5"]);
});
