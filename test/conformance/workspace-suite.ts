/**
 * What every store of workspaces must do: the contract of `src/spec/workspace.ts`, tested from outside.
 */
import { afterEach, describe, expect, it } from "vitest";
import { defaultStateLimits, type WorkspaceStore } from "../../src/spec/workspace.ts";
import { describeFiles } from "./file-suite.ts";

export interface WorkspaceSubject {
  /** Every store opened is over the same data. */
  readonly open: () => WorkspaceStore;
  readonly dispose: () => Promise<void>;
}

const mine = { principal: "local", name: "default" };
const others = [
  { principal: "other", name: "default" },
  { principal: "local", name: "second" },
  { principal: "", name: "local default" },
];
const limits = defaultStateLimits;
const draft = {
  name: "top",
  description: "d",
  code: "async () => 1",
  tools: [{ path: "s.t", hash: "h" }],
  hash: "a",
};

export function describeWorkspace(name: string, create: () => Promise<WorkspaceSubject>): void {
  describe(`${name} workspaces`, () => {
    const opened: { subject: WorkspaceSubject; stores: WorkspaceStore[] }[] = [];
    afterEach(async () => {
      for (const { subject, stores } of opened.splice(0)) {
        for (const store of stores) await store[Symbol.asyncDispose]();
        await subject.dispose();
      }
    });
    async function two(): Promise<readonly [WorkspaceStore, WorkspaceStore]> {
      const subject = await create();
      const stores = [subject.open(), subject.open()] as const;
      opened.push({ subject, stores: [...stores] });
      return stores;
    }
    let runs = 0;
    const commit = (
      store: WorkspaceStore,
      changes: Parameters<WorkspaceStore["state"]["commit"]>[1]["changes"],
      more: { readonly runId?: string; readonly limits?: typeof limits } = {},
    ): Promise<void> => store.state.commit(mine, { runId: `run_${(runs += 1)}`, changes, limits, ...more });

    it("keeps state for every store over the same data, and for nobody else", async () => {
      const [one, two_] = await two();
      await commit(one, [
        { key: "a", value: "[1]" },
        { key: "é", value: '"x"' },
      ]);
      expect(await two_.state.get(mine, "a")).toBe("[1]");
      expect(await two_.state.sizes(mine)).toEqual([
        { key: "a", bytes: 4 },
        { key: "é", bytes: 5 },
      ]);
      for (const other of others) {
        expect(await one.state.get(other, "a")).toBeUndefined();
        expect(await one.state.sizes(other)).toEqual([]);
      }
      await commit(two_, [{ key: "a" }]);
      expect(await one.state.get(mine, "a")).toBeUndefined();
    });

    it("takes names of prototypes, quotes and NUL for plain keys", async () => {
      const [one] = await two();
      const keys = ["__proto__", "constructor", "toString", "'; DROP TABLE state; --", "a\0b", "%", " "];
      expect(await one.state.get(mine, "__proto__")).toBeUndefined();
      await commit(
        one,
        keys.map((key) => ({ key, value: JSON.stringify(key) })),
      );
      for (const key of keys) expect(await one.state.get(mine, key)).toBe(JSON.stringify(key));
      expect((await one.state.sizes(mine)).map(({ key }) => key)).toEqual(keys.toSorted());
    });

    it("commits a run once", async () => {
      const [one, two_] = await two();
      await commit(one, [{ key: "a", value: "1" }], { runId: "run_once" });
      await commit(one, [{ key: "a", value: "2" }]);
      await commit(two_, [{ key: "a", value: "1" }], { runId: "run_once" });
      expect(await one.state.get(mine, "a")).toBe("2");
    });

    it("changes nothing when one expectation does not hold, and can then commit again", async () => {
      const [one] = await two();
      await commit(one, [{ key: "a", value: "1" }]);
      const changes = [
        { key: "b", value: "1" },
        { key: "a", value: "2", expected: "0" },
      ];
      await expect(commit(one, changes, { runId: "run_late" })).rejects.toMatchObject({
        code: "state_conflict",
        data: { key: "a" },
      });
      expect(await one.state.get(mine, "b")).toBeUndefined();
      await commit(
        one,
        [
          { key: "a", value: "2", expected: "1" },
          { key: "b", value: "1", expected: null },
        ],
        {
          runId: "run_late",
        },
      );
      expect([await one.state.get(mine, "a"), await one.state.get(mine, "b")]).toEqual(["2", "1"]);
      await expect(commit(one, [{ key: "b", value: "2", expected: null }])).rejects.toMatchObject({
        code: "state_conflict",
      });
    });

    it.each([
      ["keys", { ...limits, keys: 2 }],
      ["bytes", { ...limits, totalBytes: 6 }],
    ])("holds the limit of %s on both sides", async (_, lower) => {
      const [one] = await two();
      const full = [
        { key: "a", value: "10" },
        { key: "b", value: "20" },
      ];
      await commit(one, full, { limits: lower });
      await expect(commit(one, [{ key: "c", value: "1" }], { limits: lower })).rejects.toMatchObject({
        code: "state_limit",
      });
      expect(await one.state.get(mine, "c")).toBeUndefined();
      await commit(one, [{ key: "a" }, { key: "c", value: "30" }], { limits: lower });
    });

    it("keeps versions of a snippet, and the same one once", async () => {
      const [one, two_] = await two();
      const first = await one.snippets.save(mine, { ...draft, status: "accepted" });
      expect(first).toMatchObject({ ...draft, status: "accepted", version: 1 });
      expect(await two_.snippets.save(mine, { ...draft, status: "accepted" })).toEqual(first);
      const input = { type: "object", properties: { n: { type: "number" } } };
      const second = await two_.snippets.save(mine, {
        ...draft,
        code: "2",
        hash: "b",
        input,
        status: "accepted",
      });
      expect(second.version).toBe(2);
      expect(await one.snippets.find(mine, "top")).toEqual(second);
      expect(await one.snippets.find(mine, "top", { version: 1 })).toEqual(first);
      expect(await one.snippets.list(mine)).toEqual([{ ...second, use: { runs: 0, completed: 0 } }]);
      for (const other of others) {
        expect(await one.snippets.find(other, "top")).toBeUndefined();
        expect(await one.snippets.list(other)).toEqual([]);
        expect(await one.snippets.remove(other, "top", "all")).toBe(false);
      }
    });

    it("keeps a proposal apart until it is accepted", async () => {
      const [one] = await two();
      await one.snippets.save(mine, { ...draft, status: "proposed" });
      expect(await one.snippets.find(mine, "top")).toBeUndefined();
      expect(await one.snippets.find(mine, "top", { status: "proposed" })).toMatchObject({ version: 1 });
      expect((await one.snippets.list(mine)).map(({ status }) => status)).toEqual(["proposed"]);
      expect(await one.snippets.accept(mine, "top", "other")).toBeUndefined();
      await one.snippets.save(mine, { ...draft, hash: "newer", status: "proposed" });
      expect(await one.snippets.accept(mine, "top", draft.hash)).toBeUndefined();
      await one.snippets.remove(mine, "top", "proposals");
      await one.snippets.save(mine, { ...draft, status: "proposed" });
      const accepted = { version: 1, status: "accepted" };
      expect(await one.snippets.accept(mine, "top", draft.hash)).toMatchObject(accepted);
      expect(await one.snippets.accept(mine, "top", draft.hash)).toBeUndefined();
      await one.snippets.save(mine, { ...draft, hash: "c", status: "proposed" });
      expect((await one.snippets.list(mine)).map(({ status, version }) => [status, version])).toEqual([
        ["accepted", 1],
        ["proposed", 2],
      ]);
      expect(await one.snippets.remove(mine, "top", "proposals")).toBe(true);
      expect(await one.snippets.remove(mine, "top", "proposals")).toBe(false);
      expect(await one.snippets.find(mine, "top")).toMatchObject({ version: 1 });
      expect(await one.snippets.remove(mine, "top", "all")).toBe(true);
      expect(await one.snippets.list(mine)).toEqual([]);
    });

    it("counts the runs that used a snippet", async () => {
      const [one, two_] = await two();
      await one.snippets.save(mine, { ...draft, name: "__proto__", status: "accepted" });
      await one.snippets.used(mine, { names: ["__proto__", "unknown"], ok: true });
      await two_.snippets.used(mine, { names: ["__proto__"], ok: false });
      const [listed] = await one.snippets.list(mine);
      expect(listed?.use).toMatchObject({ runs: 2, completed: 1 });
    });

    describeFiles(two);
  });
}
