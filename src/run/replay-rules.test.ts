import { expect, it } from "vitest";
import { isInForce, refuseNewerRules, rulesVersion } from "./replay-rules.ts";

const rule = { number: 1, since: 2, reason: "An example." };

it.each([
  ["a run of before versions were recorded", undefined, false],
  ["a run of the version before", 1, false],
  ["a run of its own version", 2, true],
  ["a run of a later version", 3, true],
])("a rule since version 2 and %s", (_, version, holds) => {
  expect(isInForce(rule, version)).toBe(holds);
});

it("refuses versions that are not known yet, and no other", () => {
  expect(() => refuseNewerRules({ runId: "run_1" })).not.toThrow();
  expect(() => refuseNewerRules({ runId: "run_1", rules: rulesVersion })).not.toThrow();
  expect(() => refuseNewerRules({ runId: "run_1", rules: rulesVersion + 1 })).toThrow(
    expect.objectContaining({ code: "run_unresumable" }),
  );
});
