import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createUseLearning } from "./learn-from-use.ts";

const folders: string[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

describe("learning from use", () => {
  it("raises what a principal called after a search, for that principal alone", () => {
    const { memory, searched, called } = createUseLearning();
    searched("ada", "create ticket");
    called("ada", "jira.issues.create");
    expect(memory.recall("ada", "new ticket").get("jira.issues.create")?.factor).toBeGreaterThan(1);
    expect(memory.recall("bob", "new ticket").size).toBe(0);
  });

  it("does not connect a call with a search of long ago, nor without one", () => {
    vi.useFakeTimers();
    const { memory, searched, called } = createUseLearning();
    called("ada", "jira.issues.create");
    searched("ada", "create ticket");
    vi.advanceTimersByTime(10 * 60_000);
    called("ada", "jira.issues.create");
    expect(memory.recall("ada", "ticket").size).toBe(0);
    searched("ada", "create ticket");
    vi.advanceTimersByTime(10 * 60_000 - 1);
    called("ada", "jira.issues.create");
    expect(memory.recall("ada", "ticket").size).toBe(1);
  });

  it("keeps what it learned, and takes a damaged file for nothing learned", async () => {
    const folder = await mkdtemp(join(tmpdir(), "codemode-"));
    folders.push(folder);
    const file = join(folder, "deeper", "uses.json");
    const first = createUseLearning(file);
    first.searched("ada", "create ticket");
    first.called("ada", "jira.issues.create");
    await first.keep();
    expect(createUseLearning(file).memory.recall("ada", "ticket").size).toBe(1);
    await writeFile(file, "{");
    expect(createUseLearning(file).memory.recall("ada", "ticket").size).toBe(0);
  });
});
