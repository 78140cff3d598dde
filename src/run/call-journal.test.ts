/**
 * How the outcomes of reads reach the journal: some together and a little later, at once when they are large, and never
 * after a write.
 */
import { expect, it } from "vitest";
import { createMemoryJournal } from "../journal/memory/create-memory-journal.ts";
import type { CallRow } from "../spec/journal.ts";
import type { Tool } from "../spec/tool.ts";
import { CallJournal } from "./call-journal.ts";

const origin = {
  runId: "run_1",
  principal: "local",
  code: "",
  codeHash: "",
  catalogVersion: "",
  policyVersion: "",
  seed: "",
  engine: "",
  limits: "{}",
  startedAt: 0,
};

async function createCalls(): Promise<{ readonly calls: CallJournal; readonly commits: number[][] }> {
  const journal = createMemoryJournal();
  const commits: number[][] = [];
  const lease = await journal.create(origin, "host", 60_000);
  const calls = new CallJournal({
    journal: {
      ...journal,
      commit: (held, batch) => {
        commits.push((batch.calls ?? []).map(({ seq }: CallRow) => seq));
        return journal.commit(held, batch);
      },
    },
    lease,
    recorded: { calls: [], approvals: [] },
    limits: { resultBytes: 1_000_000, depth: 10 },
    emit: () => undefined,
  });
  return { calls, commits };
}

async function make(calls: CallJournal, seq: number, effect: Tool["effect"], value: string): Promise<void> {
  const tool = { path: "s.t", effect, hash: "h" } as Tool;
  calls.issue({ seq, kind: "tool", path: ["s", "t"], args: [] });
  await calls.intend(seq, tool, { decision: "allow", reason: "" });
  calls.settle(seq, "done");
  await calls.deliver(seq, { ok: true, value }, 0);
}

it("gathers reads for some milliseconds", async () => {
  const { calls, commits } = await createCalls();
  for (const seq of [1, 2, 3]) await make(calls, seq, "read", "small");
  expect(commits).toEqual([]);
  await expect.poll(() => commits).toEqual([[1, 2, 3]]);
  await make(calls, 4, "read", "small");
  await expect.poll(() => commits).toEqual([[1, 2, 3], [4]]);
});

it.each([
  [256 * 1024 - 10, 0],
  [256 * 1024 + 10, 1],
])("of %i characters in memory makes %i commits at once", async (chars, expected) => {
  const { calls, commits } = await createCalls();
  await make(calls, 1, "read", "x".repeat(chars));
  expect(commits).toHaveLength(expected);
});

it("commits no write without the reads before it, and nothing twice", async () => {
  const { calls, commits } = await createCalls();
  await make(calls, 1, "read", "small");
  await make(calls, 2, "write", "small");
  expect(commits).toEqual([[1, 2], [2]]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(commits).toHaveLength(2);
});
