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
    ["a zone that is none", { decision: "deny", time: { from: "09:00", zone: "Mars/Olympus" } }],
    ["a window of no time", { decision: "deny", time: { from: "09:00", to: "09:00" } }],
    ["a window of nothing but a zone", { decision: "deny", time: { zone: "UTC" } }],
    ["no weekdays", { decision: "deny", time: { days: [] } }],
    ["no effects", { decision: "deny", effect: [] }],
    ["no effects of a budget", { decision: "deny", after: { calls: 1, effect: [] } }],
    ["a budget over no time", { decision: "deny", after: { calls: 1, withinMs: 0 } }],
    ["a budget of half a call", { decision: "deny", after: { calls: 1.5 } }],
    ["a length below nothing", { decision: "deny", arguments: { "/a": { longerThan: -1 } } }],
    ["an unknown comparison", { decision: "deny", arguments: { "/a": { over: 1 } } }],
    ["a hour with a tail", { decision: "deny", time: { from: "12:000" } }],
    ["a hour with a head", { decision: "deny", time: { from: "112:00" } }],
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

  it.each([
    ["days alone", { time: { days: ["mon"] } }],
    ["from alone", { time: { from: "19:59" } }],
    ["to alone", { time: { to: "20:00", zone: "Europe/Berlin" } }],
    ["one effect of a budget", { after: { calls: 1, effect: ["write"] } }],
    ["every weekday", { time: { days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] } }],
    ["one call", { after: { calls: 1, withinMs: 1 } }],
    ["a length of nothing", { arguments: { "/a": { longerThan: 0 } } }],
    ["the whole arguments", { arguments: { "": { exists: true } } }],
    ["escaped pointers", { arguments: { "/a~0~1/0": { oneOf: [null, true, 1, "x"] } } }],
    ["lists of one", { path: ["a"], source: ["a"], principal: ["a"], effect: ["read"] }],
  ])("and takes %s", (_, rule) => {
    expect(policyRulesSchema.safeParse({ rules: [{ decision: "ask", reason: "r", ...rule }] }).success).toBe(
      true,
    );
  });

  it.each([
    [{ time: { from: "9:00" } }, "must be a time such as 09:00"],
    [{ arguments: { "/a": {} } }, "needs at least one comparison, such as equals"],
    [{ time: { zone: "UTC" } }, "needs days, from or to"],
    [{ time: { from: "09:00", to: "09:00" } }, "must not end when it begins"],
    [{ time: { to: "09:00", zone: "x" } }, "must be a time zone such as Europe/Berlin"],
  ])("and says of %j what it needs", (rule, message) => {
    const parsed = policyRulesSchema.safeParse({ rules: [{ decision: "ask", ...rule }] });
    expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  it("and says what a pointer looks like", () => {
    const parsed = policyRulesSchema.safeParse({
      rules: [{ decision: "ask", arguments: { amount: { equals: 1 } } }],
    });
    expect(JSON.stringify(parsed.error?.issues)).toContain("is no JSON pointer such as /amount");
  });

  it("and has defaults", () => {
    expect(policyRulesSchema.parse({})).toEqual({ preset: "ask-writes", rules: [] });
  });
});
