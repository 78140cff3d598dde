import { describe, expect, it } from "vitest";
import { policyRulesSchema } from "./policy-rules.ts";

describe("the schema refuses", () => {
  it.each([
    ["a rule without an answer", { path: "x" }],
    ["an unknown answer", { decision: "maybe" }],
    ["an unknown key", { decision: "deny", paths: "x" }],
    ["a pointer without a slash", { decision: "deny", arguments: { amount: { above: 1 } } }],
    ["a pointer with a wild tilde", { decision: "deny", arguments: { "/a~2": { above: 1 } } }],
    ["an empty predicate", { decision: "deny", arguments: { "/a": {} } }],
    ["an hour that is none", { decision: "deny", time: { from: "24:00" } }],
    ["a minute that is none", { decision: "deny", time: { to: "12:60" } }],
    ["an hour of one digit", { decision: "deny", time: { to: "9:00" } }],
    ["no paths", { decision: "deny", path: [] }],
    ["a budget of nothing", { decision: "deny", after: { calls: 0 } }],
  ])("%s", (_, rule) => {
    expect(policyRulesSchema.safeParse({ rules: [rule] }).success).toBe(false);
  });

  it("but takes every edge of the clock", () => {
    expect(
      policyRulesSchema.safeParse({ rules: [{ decision: "deny", time: { from: "00:00", to: "23:59" } }] })
        .success,
    ).toBe(true);
  });
});
