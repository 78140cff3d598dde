/**
 * What every store must do, as one suite: `describeJournal("sqlite", open)` runs it over a store.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ApprovalRow, Journal, Lease, RunOrigin } from "../../src/spec/journal.ts";
import { aCall, aRun } from "./journal-rows.ts";
import { describeGrants } from "./journal-grants-suite.ts";
import { describeLists } from "./journal-lists-suite.ts";
import { describeRetention } from "./journal-retention-suite.ts";

export interface JournalUnderTest {
  /** Opens one more connection to the same store. */
  open(): Promise<Journal>;
  dispose(): Promise<void>;
}

export function describeJournal(
  name: string,
  create: () => Promise<JournalUnderTest>,
  sizes: "exact" | "larger" = "exact",
): void {
  describe(`journal over ${name}`, () => {
    let store: JournalUnderTest;
    let journal: Journal;
    beforeEach(async () => {
      store = await create();
      journal = await store.open();
    });
    afterEach(async () => {
      await journal[Symbol.asyncDispose]();
      await store.dispose();
    });

    async function begun(rest: Partial<RunOrigin> = {}): Promise<{ origin: RunOrigin; lease: Lease }> {
      const origin = aRun(rest);
      return { origin, lease: await journal.create(origin, "host", 10_000) };
    }

    it("gives back what was written, byte for byte", async () => {
      const { origin, lease } = await begun({
        code: 'return "é\u0000\u2028😀"',
        rules: 2,
        config: "/home/é/codemode.json",
      });
      const call = aCall(1, {
        outcome: '{"a":"\u2028"}',
        outcomeHash: "e",
        delivered: 1,
        now: 5,
        settledAt: 6,
        decision: "allow",
        reason: "r",
        idempotencyKey: "k",
        definition: "d",
        state: "done",
      });
      await journal.commit(lease, {
        calls: [call],
        status: "completed",
        outcome: '{"result":1}',
        sources: '["s"]',
        durable: true,
      });
      expect(await journal.run("local", origin.runId)).toMatchObject({
        ...origin,
        sources: '["s"]',
        status: "completed",
        outcome: '{"result":1}',
      });
      expect(await journal.calls(origin.runId)).toEqual([call]);
    });

    it("gives back large outcomes of calls and runs, equal ones too, and lists runs without them", async () => {
      const large = JSON.stringify({ text: "é😀".repeat(40_000) });
      const { origin, lease } = await begun();
      const calls = [1, 2].map((seq) => aCall(seq, { state: "done", outcome: `+${large}` }));
      await journal.commit(lease, { calls, status: "completed", outcome: large, durable: true });
      expect(await journal.calls(origin.runId)).toEqual(calls);
      expect((await journal.run("local", origin.runId))?.outcome).toBe(large);
      const [listed] = await journal.runs({ principal: "local" });
      expect(listed).toMatchObject({ ...origin, status: "completed" });
      expect(listed?.outcome).toBeUndefined();
    });

    it("keeps calls in issue order and replaces a row by its number", async () => {
      const { origin, lease } = await begun();
      await journal.commit(lease, { calls: [aCall(2), aCall(1)], durable: false });
      await journal.commit(lease, { calls: [aCall(2, { state: "done" })], durable: true });
      expect((await journal.calls(origin.runId)).map((call) => [call.seq, call.state])).toEqual([
        [1, "intent"],
        [2, "done"],
      ]);
    });

    it("shows a run to its principal only", async () => {
      const { origin } = await begun({ principal: "ada" });
      expect(await journal.run("ada", origin.runId)).toBeDefined();
      expect(await journal.run("bob", origin.runId)).toBeUndefined();
      expect(await journal.runs({ principal: "bob" })).toEqual([]);
    });

    it("lists the newest first, by status, and pages", async () => {
      const ids: string[] = [];
      for (let at = 1; at <= 5; at += 1) {
        const { origin, lease } = await begun({ runId: `run_${at}`, startedAt: at });
        ids.unshift(origin.runId);
        if (at === 3) await journal.commit(lease, { status: "paused", durable: true });
      }
      expect((await journal.runs({ principal: "local" })).map((run) => run.runId)).toEqual(ids);
      expect((await journal.runs({ principal: "local", limit: 2 })).map((run) => run.runId)).toEqual(
        ids.slice(0, 2),
      );
      expect((await journal.runs({ principal: "local", before: "run_3" })).map((run) => run.runId)).toEqual([
        "run_2",
        "run_1",
      ]);
      expect(
        (await journal.runs({ principal: "local", status: ["paused"] })).map((run) => run.runId),
      ).toEqual(["run_3"]);
    });

    describe("leases", () => {
      it("are held by one owner until they are released", async () => {
        const { origin, lease } = await begun();
        expect(await journal.claim(origin.runId, "other", 10_000)).toBeUndefined();
        await journal.release(lease);
        expect((await journal.claim(origin.runId, "other", 10_000))?.fence).toBeGreaterThan(lease.fence);
      });

      it("run out, and fence off what their old owner still writes", async () => {
        const origin = aRun();
        const old = await journal.create(origin, "host", 1);
        await new Promise((resolve) => setTimeout(resolve, 20));
        const taken = await journal.claim(origin.runId, "other", 10_000);
        if (taken === undefined) throw new Error("no lease");
        await expect(journal.commit(old, { calls: [aCall(1)], durable: true })).rejects.toMatchObject({
          code: "lease_lost",
        });
        expect(await journal.renew(old, 1_000)).toBe(false);
        expect(await journal.renew(taken, 1_000)).toBe(true);
        expect(await journal.calls(origin.runId)).toEqual([]);
      });

      it("go to exactly one of many that race", async () => {
        const origin = aRun();
        await journal.release(await journal.create(origin, "host", 10_000));
        const other = await store.open();
        const claims = await Promise.all(
          Array.from({ length: 20 }, (_, at) =>
            (at % 2 === 0 ? journal : other).claim(origin.runId, `host ${at}`, 10_000),
          ),
        );
        expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
        await other[Symbol.asyncDispose]();
      });

      it("fail only the batch that lost its own, not others committed beside it", async () => {
        const { lease } = await begun();
        const stale = { ...lease, fence: lease.fence - 1 };
        const [bad, good] = await Promise.allSettled([
          journal.commit(stale, { calls: [aCall(1)], durable: true }),
          journal.commit(lease, { calls: [aCall(2)], durable: true }),
        ]);
        expect([bad.status, good.status]).toEqual(["rejected", "fulfilled"]);
        expect((await journal.calls(lease.runId)).map((call) => call.seq)).toEqual([2]);
      });
    });

    describe("approvals", () => {
      const ask = (lease: Lease, rest: Partial<ApprovalRow> = {}): ApprovalRow => ({
        runId: lease.runId,
        seq: 1,
        kind: "approval",
        path: "s.t",
        argsHash: "h",
        state: "pending",
        askedAt: 1,
        expiresAt: Date.now() + 60_000,
        ...rest,
      });

      it("are answered once, whoever asks how often", async () => {
        const { lease } = await begun();
        const row = ask(lease);
        await journal.commit(lease, { approvals: [row], status: "paused", durable: true });
        const answers = await Promise.all(
          [true, false, true].map((yes) => journal.answer({ ...row, state: yes ? "approved" : "rejected" })),
        );
        expect(answers.filter(Boolean)).toHaveLength(1);
        expect((await journal.approvals(lease.runId))[0]?.state).not.toBe("pending");
      });

      it.each([
        ["other arguments", { argsHash: "other" }],
        ["another call", { seq: 2 }],
      ])("do not count for %s", async (_, changed) => {
        const { lease } = await begun();
        const row = ask(lease);
        await journal.commit(lease, { approvals: [row], durable: true });
        expect(await journal.answer({ ...row, ...changed, state: "approved" })).toBe(false);
        expect((await journal.approvals(lease.runId))[0]?.state).toBe("pending");
      });

      it("do not count once they have expired", async () => {
        const { lease } = await begun();
        const row = ask(lease, { expiresAt: Date.now() - 1 });
        await journal.commit(lease, { approvals: [row], durable: true });
        expect(await journal.answer({ ...row, state: "approved" })).toBe(false);
      });

      it("cannot be asked again over an answer already given", async () => {
        const { lease } = await begun();
        const row = ask(lease);
        await journal.commit(lease, { approvals: [row], durable: true });
        await journal.answer({ ...row, state: "rejected", comment: "no" });
        await journal.commit(lease, { approvals: [row], durable: true });
        expect((await journal.approvals(lease.runId))[0]).toMatchObject({ state: "rejected", comment: "no" });
      });

      it("can be asked again of an approval that was refused, and of no other", async () => {
        const { lease } = await begun();
        const first = ask(lease);
        await journal.commit(lease, { approvals: [first], durable: true });
        expect(await journal.answer({ ...first, state: "approved", grantScope: "run" })).toBe(true);
        const again = {
          ...first,
          askedAt: Date.now() + 1_000,
          argsHash: "other",
          refused: "It has changed.",
        };
        for (const stale of [
          { ...first, askedAt: again.askedAt },
          { ...again, askedAt: 1 },
        ]) {
          await journal.commit(lease, { approvals: [stale], durable: true });
          expect((await journal.approvals(lease.runId))[0]?.state).toBe("approved");
        }
        await journal.commit(lease, { approvals: [again], durable: true });
        const [asked] = await journal.approvals(lease.runId);
        expect(asked).toEqual(again);
        // An answer to the question as it was first asked is none to this one.
        expect(await journal.answer({ ...again, askedAt: 1, state: "approved" })).toBe(false);
        expect(await journal.answer({ ...again, state: "approved" })).toBe(true);
      });

      it("can be asked again of a call in doubt only when it was to be sent again", async () => {
        const { lease } = await begun();
        const rows = (["rejected", "approved"] as const).map((state, at) => ({
          row: ask(lease, { kind: "in_doubt", seq: at + 1 }),
          state,
        }));
        for (const { row, state } of rows) {
          await journal.commit(lease, { approvals: [row], durable: true });
          expect(await journal.answer({ ...row, state, comment: "1" })).toBe(true);
          await journal.commit(lease, { approvals: [{ ...row, askedAt: 2 }], durable: true });
        }
        const [again, stands] = await journal.approvals(lease.runId);
        expect(again).toEqual({ ...rows[0]?.row, askedAt: 2 });
        expect(stands).toMatchObject({ state: "approved", comment: "1" });
      });
    });

    it("tells watchers of changes from here and from another connection", async () => {
      const { lease } = await begun();
      let told = 0;
      using watch = journal.watch(lease.runId, () => (told += 1));
      expect(watch).toBeDefined();
      await journal.commit(lease, { status: "running", durable: false });
      expect(told).toBe(1);
      const other = await store.open();
      await other.commit(lease, { status: "paused", durable: true });
      await expect.poll(() => told, { timeout: 3_000 }).toBeGreaterThan(1);
      await other[Symbol.asyncDispose]();
    });

    it("finds what nobody holds and has not ended", async () => {
      const { origin, lease } = await begun();
      expect(await journal.unfinished()).toEqual([]);
      await journal.release(lease);
      expect((await journal.unfinished()).map((run) => run.runId)).toEqual([origin.runId]);
    });

    describeRetention(() => journal, sizes);
    describeGrants(() => journal);
    describeLists(() => journal);
  });
}
