/**
 * What every store must find: pages of runs, each once, and the runs that somebody should go on with.
 */
import { describe, expect, it } from "vitest";
import type { ApprovalRow, Journal } from "../../src/spec/journal.ts";
import { aRun } from "./journal-rows.ts";

export function describeLists(journal: () => Journal): void {
  describe("lists", () => {
    it("pages through runs whose ids are not in the order of their beginnings, each once", async () => {
      const wanted: string[] = [];
      for (let at = 1; at <= 17; at += 1) {
        // Rollbacks are named otherwise than runs, and two runs may begin in one millisecond.
        const runId = at % 3 === 0 ? `undo_${20 - at}` : `run_${(at * 7) % 20}`;
        await journal().create(aRun({ runId, startedAt: Math.ceil(at / 2) }), "host", 10_000);
        wanted.push(runId);
      }
      const paged: string[] = [];
      for (;;) {
        const before = paged.at(-1);
        const page = await journal().runs({
          principal: "local",
          limit: 5,
          ...(before === undefined ? {} : { before }),
        });
        if (page.length === 0) break;
        paged.push(...page.map((run) => run.runId));
      }
      expect(paged).toHaveLength(wanted.length);
      expect(new Set(paged)).toEqual(new Set(wanted));
    });

    it("finds a paused run to go on with once nothing of what it asked is open", async () => {
      const origin = aRun();
      const lease = await journal().create(origin, "host", 10_000);
      const row: ApprovalRow = {
        runId: origin.runId,
        seq: 1,
        kind: "approval",
        path: "s.t",
        argsHash: "h",
        state: "pending",
        askedAt: 1,
        expiresAt: Date.now() + 60_000,
      };
      const late = { ...row, seq: 2, expiresAt: Date.now() - 1 };
      await journal().commit(lease, { approvals: [row, late], status: "paused", durable: true });
      await journal().release(lease);
      const found = async (): Promise<string[]> => (await journal().unfinished()).map((run) => run.runId);
      expect(await found()).toEqual([]);
      await journal().answer({ ...row, state: "approved" });
      expect(await found()).toEqual([origin.runId]);
      const taken = await journal().claim(origin.runId, "next", 10_000);
      expect(await found(), "somebody goes on with it").toEqual([]);
      if (taken !== undefined) await journal().commit(taken, { status: "completed", durable: true });
      if (taken !== undefined) await journal().release(taken);
      expect(await found()).toEqual([]);
    });
  });
}
