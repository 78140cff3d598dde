import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it, onTestFinished, vi } from "vitest";
import { createMemoryJournal } from "../../journal/memory/create-memory-journal.ts";
import type { Journal } from "../../spec/journal.ts";
import { composeCodemode } from "./compose-codemode.ts";
import { loadConfig } from "./config/load-config.ts";
import { sandboxWarning } from "./sandbox-warning.ts";
import { warmUp } from "./warm-up.ts";

async function addRuns(journal: Journal, count: number): Promise<void> {
  for (let at = 1; at <= count; at += 1) {
    const origin = {
      runId: `run_${Date.now()}_${at}`,
      principal: "local",
      code: "return 1",
      codeHash: "hash",
      catalogVersion: "v",
      policyVersion: "p",
      seed: "s",
      engine: "none",
      limits: "{}",
      startedAt: at,
    };
    const lease = await journal.create(origin, "host", 10_000);
    await journal.commit(lease, { status: "completed", durable: true });
  }
}

it("removes runs past the retention at the start and every hour", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const folder = await mkdtemp(join(tmpdir(), "codemode-warm-"));
  const file = join(folder, "codemode.json");
  const mcpServers = { none: { command: "none", disabled: true } };
  const sandbox = { engine: "quickjs", prewarm: 0 };
  await writeFile(file, JSON.stringify({ mcpServers, check: "off", retention: { runs: 2 }, sandbox }));
  const host = { env: { XDG_STATE_HOME: folder }, platform: "linux", home: folder } as const;
  const loaded = await loadConfig({ flag: file, workingFolder: folder, host });
  const journal = createMemoryJournal();
  const codemode = await composeCodemode(loaded, { dial: "lazy", journal });
  const ending = new AbortController();
  onTestFinished(async () => {
    vi.useRealTimers();
    ending.abort();
    await codemode.close();
    await rm(folder, { recursive: true });
  });
  const told: string[] = [];
  await addRuns(journal, 5);
  await warmUp(
    { codemode, loaded, log: pino({ level: "silent" }) },
    { signal: ending.signal, tell: (text) => void told.push(text) },
  );
  const { level, missing } = await codemode.engine();
  expect(told.join("")).toBe(level === "jailed" ? "" : `${sandboxWarning({ level, missing })}\n`);
  expect(await codemode.runs()).toHaveLength(2);
  await addRuns(journal, 3);
  expect(await codemode.runs()).toHaveLength(5);
  vi.advanceTimersByTime(3_600_000);
  await expect.poll(() => codemode.runs()).toHaveLength(2);
});
