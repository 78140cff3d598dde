/** Runs that hold as much as their limits allow, in a host of its own with a heap of 512 MB: it lives, and says why. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";

/** `CODEMODE_HOST_MEMORY=full` makes all of the calls, on both engines. */
const full = process.env["CODEMODE_HOST_MEMORY"] === "full";
const engines = full ? ["workerd", "quickjs"] : ["workerd"];
const calls = full ? 780 : 300;

interface Report {
  readonly runs: readonly { readonly status: string; readonly code?: string; readonly pending: number }[];
  /** What a run answered that came after all of them. */
  readonly after: unknown;
  readonly peakMb: number;
}

async function host(engine: string, program: string, hostBytes?: number): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-memory-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--no-warnings",
    "--max-old-space-size=512",
    join(import.meta.dirname, "../durability/memory-host.ts"),
    engine,
    join(folder, "state.db"),
    "3",
    program,
    ...(hostBytes === undefined ? [] : [String(hostBytes)]),
  ]);
  return JSON.parse(stdout) as Report;
}

const allowed = ["questions_too_large", "memory_limit", "host_busy"];

describe.each(engines)("on %s", (engine) => {
  test("three runs that ask about hundreds of large writes at once leave the host alive", async () => {
    const { runs, after, peakMb } = await host(
      engine,
      `const text = "x".repeat(260000); const all = [];
       for (let i = 0; i < ${calls}; i++) { all.push(tools.data.write({ text })); if (i % 5 === 4) await tools.data.send({ text: "a" }); }
       return (await Promise.all(all)).length`,
    );
    for (const { status, code, pending } of runs) {
      if (status === "paused") expect(pending).toBeGreaterThan(0);
      else expect([status, allowed.includes(code ?? "")]).toEqual(["failed", true]);
    }
    expect(after).toBe(2);
    expect(peakMb).toBeLessThan(512);
  }, 300_000);

  test("three runs that send large arguments one after the other complete, whatever they send in all", async () => {
    const sent = full ? 300 : 40;
    const { runs, after } = await host(
      engine,
      `const text = "x".repeat(1000000); let n = 0;
       for (let i = 0; i < ${sent}; i++) n += await tools.data.send({ text });
       return n`,
    );
    expect(runs).toEqual(runs.map(() => ({ status: "completed", result: sent * 1_000_000, pending: 0 })));
    expect(after).toBe(2);
  }, 300_000);
});

test("beyond the budget guests wait their turn, and all come to an end", async () => {
  // One call of one run at a time: the next is heard when that one is dealt with.
  const { runs } = await host(
    "workerd",
    `const text = "x".repeat(50000);
     const all = await Promise.all(Array.from({ length: 40 }, () => tools.data.send({ text })));
     return all.length`,
    1,
  );
  expect(runs).toEqual(runs.map(() => ({ status: "completed", result: 40, pending: 0 })));
}, 120_000);
