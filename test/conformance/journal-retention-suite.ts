/**
 * What every store removes when it is told what to keep, and what it never removes.
 */
import { describe, expect, it } from "vitest";
import type { Journal, Lease, RunOrigin } from "../../src/spec/journal.ts";
import { aCall, aRun } from "./journal-rows.ts";

/** `larger`: the store keeps texts in a form that takes more room than the texts themselves. */
export function describeRetention(opened: () => Journal, sizes: "exact" | "larger"): void {
  describe("retention", () => {
    async function begun(rest: Partial<RunOrigin> = {}): Promise<{ origin: RunOrigin; lease: Lease }> {
      const origin = aRun(rest);
      return { origin, lease: await opened().create(origin, "host", 10_000) };
    }

    const cases = [
      ["age", { maxAgeMs: 60_000 }, 0, 60_000],
      ["age", { maxAgeMs: 60_000 }, 3, 61_500],
      ["number", { maxRuns: 3 }, 0, 0],
      ["number", { maxRuns: 2 }, 1, 0],
      ["number", { maxRuns: 0 }, 3, 0],
      ["bytes", { maxBytes: 150_000 }, 0, 0],
      ["bytes", { maxBytes: 149_999 }, 1, 0],
      ["bytes", { maxBytes: 49_999 }, 3, 0],
    ] as const;
    it.each(cases.filter(([by]) => by !== "bytes" || sizes === "exact"))(
      "prunes by %s: %o removes %i",
      async (_, retention, removed, later) => {
        const since = Date.now();
        for (let at = 0; at < 3; at += 1) {
          const { lease } = await begun({ startedAt: at, code: "" });
          const call = aCall(1, { state: "done", outcome: `+"${"x".repeat(49_997 - 2)}"`, args: "[]" });
          await opened().commit(lease, { status: "completed", calls: [call], durable: true });
        }
        expect(await opened().prune(retention, since + later)).toBe(removed);
        expect(await opened().runs({ principal: "local" })).toHaveLength(3 - removed);
      },
    );

    it.each(["queued", "running", "paused"] as const)("never prunes what is %s", async (status) => {
      const { lease } = await begun();
      await opened().commit(lease, { status, durable: true });
      expect(await opened().prune({ maxAgeMs: 0, maxRuns: 0, maxBytes: 0 }, Date.now() + 1_000)).toBe(0);
    });

    it("never prunes what is in doubt, however it ended", async () => {
      const { lease } = await begun();
      const calls = [aCall(1, { state: "in_doubt" })];
      await opened().commit(lease, { status: "failed", calls, durable: true });
      expect(await opened().prune({ maxAgeMs: 0, maxRuns: 0, maxBytes: 0 }, Date.now() + 1_000)).toBe(0);
    });

    it("prunes by age, number and bytes together, and never what is paused or in doubt", async () => {
      const made: string[] = [];
      for (let at = 0; at < 6; at += 1) {
        const { origin, lease } = await begun({ startedAt: at, code: "x".repeat(1_000) });
        made.push(origin.runId);
        const status = at === 0 ? "paused" : "completed";
        await opened().commit(lease, {
          status,
          calls: at === 1 ? [aCall(1, { state: "in_doubt" })] : [],
          durable: true,
        });
      }
      const left = async (): Promise<string[]> =>
        (await opened().runs({ principal: "local" })).map((run) => run.runId).toReversed();
      expect(await opened().prune({ maxRuns: 6 }, Date.now())).toBe(0);
      expect(await opened().prune({ maxRuns: 3 }, Date.now())).toBe(1);
      expect(await left()).toEqual([made[0], made[1], made[3], made[4], made[5]]);
      expect(await opened().prune({ maxBytes: sizes === "exact" ? 2_500 : 4_000 }, Date.now())).toBe(1);
      expect(await left()).toEqual([made[0], made[1], made[4], made[5]]);
      expect(await opened().prune({ maxAgeMs: 60_000 }, Date.now())).toBe(0);
      expect(await opened().prune({ maxAgeMs: 60_000 }, Date.now() + 61_000)).toBe(2);
      expect(await left()).toEqual([made[0], made[1]]);
    });
  });
}
