import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { createCodemode } from "../codemode.ts";
import { createFunctionsSource } from "../connectors/functions/create-functions-source.ts";
import { CodemodeError } from "../errors.ts";
import { createSqliteJournal } from "../journal/sqlite/create-sqlite-journal.ts";
import { createWorkerdEngine } from "../sandbox/workerd/create-workerd-engine.ts";
import type { Codemode } from "../spec/codemode.ts";
import type { Source } from "../spec/source.ts";
import { createFailedSource } from "../surfaces/cli/create-failed-source.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function startHost(folder: string, source: Source): Codemode {
  const codemode = createCodemode({
    sources: [source],
    engine: createWorkerdEngine({ prewarm: 1 }),
    check: "off",
    journal: createSqliteJournal({ path: join(folder, "state.db") }),
  });
  cleanups.push(() => codemode.close());
  return codemode;
}

it("keeps a run whose source is down, and goes on once it is back", async () => {
  const folder = await mkdtemp(join(tmpdir(), "codemode-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const effects: unknown[] = [];
  const working = (): Source =>
    createFunctionsSource("s", {
      write: { description: "Writes.", effect: "write", run: (args: unknown) => effects.push(args) },
    });
  const first = startHost(folder, working());
  const { runId } = (await first.execute({ code: "return await tools.s.write({ a: 1 })" })).document;
  await first.answer({ runId, approve: true });
  await first.close();

  const down = startHost(
    folder,
    createFailedSource("s", "mcp", new CodemodeError("source_unavailable", "connection refused")),
  );
  await expect(down.resume({ runId })).rejects.toMatchObject({
    code: "source_unavailable",
    message: expect.stringContaining("connection refused"),
    data: { runId },
  });
  expect((await down.show({ runId })).status).toBe("paused");
  await down.close();
  expect(effects).toEqual([]);

  const back = startHost(folder, working());
  expect((await back.resume({ runId })).document).toMatchObject({ status: "completed", result: 1 });
  expect(effects).toEqual([{ a: 1 }]);
}, 60_000);
