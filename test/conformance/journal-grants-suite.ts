/**
 * What every store must do about approvals that cover more than one call, and about runs taken from their holder.
 */
import { describe, expect, it } from "vitest";
import type { ApprovalRow, Journal, Lease } from "../../src/spec/journal.ts";
import { aCall, aRun } from "./journal-rows.ts";

const now = Date.now();

export function describeGrants(journal: () => Journal): void {
  async function begun(principal = "local"): Promise<Lease> {
    return journal().create(aRun({ principal }), "host", 10_000);
  }

  async function answered(lease: Lease, answer: Partial<ApprovalRow>): Promise<void> {
    const row: ApprovalRow = {
      runId: lease.runId,
      seq: 1,
      kind: "approval",
      path: "s.t",
      argsHash: "h",
      state: "pending",
      askedAt: 1,
      expiresAt: now + 60_000,
    };
    await journal().commit(lease, { approvals: [row], durable: true });
    expect(await journal().answer({ ...row, state: "approved", ...answer })).toBe(true);
  }

  const ask = (lease: Lease, rest: { principal?: string; path?: string; now?: number } = {}) =>
    journal().grants({ principal: "local", runId: lease.runId, path: "s.t", now, ...rest });

  describe("grants", () => {
    it("for a run cover the run alone, and come back as they were given", async () => {
      const lease = await begun();
      const other = await begun();
      const grant = { grantScope: "run", grantMatch: '{"/a":{"equals":1}}', grantDefinition: "d" } as const;
      await answered(lease, grant);
      expect(await ask(lease)).toMatchObject([{ runId: lease.runId, ...grant }]);
      expect(await ask(other)).toEqual([]);
      expect(await ask(lease, { path: "s.other" })).toEqual([]);
      expect(await ask(lease, { principal: "ada" })).toEqual([]);
    });

    it("for a while cover every run of the principal until they end", async () => {
      const lease = await begun();
      const other = await begun();
      await answered(lease, { grantScope: "while", grantUntil: now + 10 });
      expect(await ask(other)).toHaveLength(1);
      expect(await ask(other, { now: now + 9 })).toHaveLength(1);
      expect(await ask(other, { now: now + 10 })).toEqual([]);
      expect(await ask(await begun("ada"), { principal: "ada" })).toEqual([]);
    });

    it("are listed whatever their tool, while their run goes on or their time lasts", async () => {
      const [run, other, ada] = [await begun("eve"), await begun("eve"), await begun("ada")];
      await answered(run, { grantScope: "run" });
      await answered(other, { grantScope: "while", grantUntil: now + 10 });
      await answered(ada, { grantScope: "run" });
      const all = async (at = now): Promise<unknown[]> =>
        (await journal().grants({ principal: "eve", now: at })).map(({ runId }) => runId);
      expect(new Set(await all())).toEqual(new Set([run.runId, other.runId]));
      expect(await all(now + 10)).toEqual([run.runId]);
      await journal().commit(run, { status: "completed", durable: true });
      expect(await all(now + 10)).toEqual([]);
    });

    it("are revoked once, by their own principal, and cover nothing from then on", async () => {
      const lease = await begun();
      await answered(lease, { grantScope: "while", grantUntil: now + 1_000 });
      const grant = { principal: "local", runId: lease.runId, seq: 1, now };
      expect(await journal().revoke({ ...grant, principal: "ada" })).toBe(false);
      expect(await journal().revoke({ ...grant, seq: 2 })).toBe(false);
      expect(await ask(lease)).toHaveLength(1);
      expect(await journal().revoke(grant)).toBe(true);
      expect(await journal().revoke(grant)).toBe(false);
      expect(await ask(lease)).toEqual([]);
      expect((await journal().approvals(lease.runId))[0]).toMatchObject({
        state: "approved",
        revokedAt: now,
      });
    });

    it.each([
      ["that cover one call", {}],
      ["that are rejections", { state: "rejected", grantScope: "run" }],
    ] as [string, Partial<ApprovalRow>][])("are not answers %s", async (_, answer) => {
      const lease = await begun();
      await answered(lease, answer);
      expect(await ask(lease)).toEqual([]);
    });
  });

  describe("a run taken from its holder", () => {
    it("can be written by the one who took it alone", async () => {
      const held = await begun();
      expect(await journal().claim(held.runId, "other", 1_000)).toBeUndefined();
      const taken = await journal().seize(held.runId, "other", 1_000);
      if (taken === undefined) throw new Error("not taken");
      expect(taken.fence).toBeGreaterThan(held.fence);
      expect(await journal().renew(held, 1_000)).toBe(false);
      await expect(journal().commit(held, { calls: [aCall(1)], durable: true })).rejects.toMatchObject({
        code: "lease_lost",
      });
      await journal().commit(taken, { status: "cancelled", durable: true });
      expect((await journal().run("local", held.runId))?.status).toBe("cancelled");
    });

    it.each(["completed", "failed", "rejected", "cancelled"] as const)(
      "is not one that is %s",
      async (status) => {
        const lease = await begun();
        await journal().commit(lease, { status, durable: true });
        expect(await journal().seize(lease.runId, "other", 1_000)).toBeUndefined();
        expect(await journal().seize("run_none", "other", 1_000)).toBeUndefined();
      },
    );

    it("is one that is paused and held by nobody", async () => {
      const lease = await begun();
      await journal().commit(lease, { status: "paused", durable: true });
      await journal().release(lease);
      expect(await journal().seize(lease.runId, "other", 1_000)).toBeDefined();
    });
  });
}
