import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { createCodemode } from "../codemode.ts";
import { createFunctionsSource } from "../connectors/functions/create-functions-source.ts";
import { createSqliteJournal } from "../journal/sqlite/create-sqlite-journal.ts";
import { createWorkerdEngine } from "../sandbox/workerd/create-workerd-engine.ts";
import type { Codemode } from "../spec/codemode.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const dayMs = 86_400_000;

/** A host over the store in this folder, with one more tool than the last upgrade had. */
function startHost(
  folder: string,
  effects: unknown[],
  added: Parameters<typeof createFunctionsSource>[1] = {},
): Codemode {
  const codemode = createCodemode({
    sources: [
      createFunctionsSource("s", {
        write: { description: "Writes.", effect: "write", run: (args: unknown) => effects.push(args) },
        ...added,
      }),
    ],
    engine: createWorkerdEngine({ prewarm: 1 }),
    check: "off",
    journal: createSqliteJournal({ path: join(folder, "state.db") }),
  });
  cleanups.push(() => codemode.close());
  return codemode;
}

async function pause(): Promise<{ folder: string; runId: string }> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const host = startHost(folder, []);
  const { document } = await host.execute({ code: "return await tools.s.write({ day: 1 })" });
  expect(document.status).toBe("paused");
  await host.close();
  return { folder, runId: document.runId };
}

it("goes on after a restart, weeks later, though the source has other tools by then", async () => {
  const { folder, runId } = await pause();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 25 * dayMs });
  const effects: unknown[] = [];
  const host = startHost(folder, effects, {
    added: { description: "Came with an upgrade.", effect: "read", run: () => 1 },
  });
  expect((await host.show({ runId })).status).toBe("paused");
  await host.answer({ runId, approve: true });
  expect((await host.resume({ runId })).document).toMatchObject({ status: "completed", result: 1 });
  expect(effects).toEqual([{ day: 1 }]);
});

it("ends once the question is older than it may be", async () => {
  const { folder, runId } = await pause();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31 * dayMs });
  const effects: unknown[] = [];
  const host = startHost(folder, effects);
  expect((await host.resume({ runId })).document).toMatchObject({
    status: "failed",
    error: { code: "approval_rejected" },
  });
  expect(effects).toEqual([]);
});
