import { describe, expect, it } from "vitest";
import { loadFleet } from "../../test/fixtures/search/load-fleet.ts";
import { createSearch } from "./create-search.ts";
import { createUseMemory } from "./create-use-memory.ts";

const fleet = loadFleet();
const signature = (): { signature: string; types: string[]; truncated: boolean } => ({
  signature: "",
  types: [],
  truncated: false,
});
const use = { principal: "ann", query: "open an issue about a bug", path: "tracker.issues.create" };

/** A word of its own for every number, without digits. */
function wordOf(number: number): string {
  return `zq${String(number)
    .padStart(3, "0")
    .split("")
    .map((digit) => "bdfghklmpx"[Number(digit)])
    .join("o")}`;
}

describe("createUseMemory", () => {
  it("lifts what was called, for the same principal and words, and says why", async () => {
    const memory = createUseMemory();
    const { search } = createSearch({ signature, memory });
    const request = { query: use.query, principal: "ann" };
    const before = (await search(fleet, request)).results;
    expect(before[0]?.path).not.toBe(use.path);
    expect(before.every((hit) => hit.raisedBy === undefined)).toBe(true);
    for (let call = 0; call < 3; call++) memory.note(use);
    const after = (await search(fleet, request)).results;
    expect(after[0]).toMatchObject({ path: use.path, raisedBy: ["open", "issu", "bug"] });
    expect((await search(fleet, { ...request, principal: "bob" })).results).toEqual(before);
    expect(
      (await search(fleet, { ...request, query: "list orders" })).results.some((hit) => hit.raisedBy),
    ).toBe(false);
  });

  it("never lifts by more than a quarter, however often a tool was called", () => {
    const memory = createUseMemory();
    for (let call = 0; call < 1000; call++) memory.note(use);
    const rise = memory.recall("ann", use.query).get(use.path);
    expect(rise?.factor).toBeGreaterThan(1.2);
    expect(rise?.factor).toBeLessThanOrEqual(1.25);
  });

  it("does not learn from words that any request has", () => {
    const memory = createUseMemory();
    memory.note({ ...use, query: "please show me the" });
    expect(memory.state()).toEqual([["ann", []]]);
  });

  it("keeps the youngest of what it may remember", () => {
    const memory = createUseMemory();
    for (let at = 0; at < 501; at++) memory.note({ ...use, query: wordOf(at) });
    expect(memory.recall("ann", wordOf(0)).size).toBe(0);
    expect(memory.recall("ann", wordOf(1)).size).toBe(1);
    for (let at = 0; at < 9; at++) memory.note({ ...use, query: "marmot", path: `p.t${at}` });
    expect([...memory.recall("ann", "marmot").keys()]).toEqual(
      Array.from({ length: 8 }, (_, at) => `p.t${at + 1}`),
    );
    for (let at = 0; at < 200; at++) memory.note({ ...use, principal: `p${at}` });
    expect(memory.recall("ann", "marmot").size).toBe(0);
    expect(memory.recall("p0", use.query).size).toBe(1);
  });

  it("survives a restart by its state, and any other value as none", () => {
    const memory = createUseMemory();
    memory.note(use);
    const again = createUseMemory({ state: JSON.parse(JSON.stringify(memory.state())) });
    expect(again.recall("ann", use.query)).toEqual(memory.recall("ann", use.query));
    for (const state of [
      null,
      7,
      "x",
      [],
      [[]],
      [["ann", 3]],
      [["ann", [["w", [["p", "many"]]]]]],
      { __proto__: [] },
    ]) {
      expect(createUseMemory({ state }).recall("ann", "w").size).toBe(0);
    }
  });

  it("forgets one principal, or everyone", () => {
    const memory = createUseMemory();
    memory.note(use);
    memory.note({ ...use, principal: "bob" });
    memory.forget("ann");
    expect(memory.recall("ann", use.query).size).toBe(0);
    expect(memory.recall("bob", use.query).size).toBe(1);
    memory.forget();
    expect(memory.state()).toEqual([]);
  });
});
