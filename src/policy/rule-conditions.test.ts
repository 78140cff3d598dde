import { describe, expect, it } from "vitest";
import { noon, callToRequest, type Call } from "../../test/fixtures/policy-call.ts";
import { policyRulesSchema } from "./policy-rules.ts";
import { rulesToPolicy } from "./rules-to-policy.ts";

function decide(rules: object[], call: Call, preset = "ask-writes"): string {
  return rulesToPolicy(policyRulesSchema.parse({ preset, rules }))(callToRequest(call)).decision;
}

describe("a rule fits by", () => {
  const cases: [what: string, rule: object, fits: Call, other: Call][] = [
    ["path", { path: "github.*" }, {}, { path: "gitlab.issues.create" }],
    ["one of several paths", { path: ["a.*", "github.issues.*"] }, {}, { path: "github.repos.create" }],
    ["source", { source: "git*" }, {}, { path: "jira.create" }],
    ["effect", { effect: "destructive" }, { effect: "destructive" }, { effect: "write" }],
    ["one of several effects", { effect: ["read", "destructive"] }, { effect: "read" }, { effect: "write" }],
    ["principal", { principal: "ada" }, { principal: "ada" }, { principal: "adam" }],
    [
      "an argument that equals",
      { arguments: { "/repo": { equals: "prod" } } },
      { args: { repo: "prod" } },
      { args: { repo: "prod2" } },
    ],
    [
      "an argument that is null",
      { arguments: { "/repo": { equals: null } } },
      { args: { repo: null } },
      { args: {} },
    ],
    [
      "an argument out of several",
      { arguments: { "/n": { oneOf: [1, "x"] } } },
      { args: { n: "x" } },
      { args: { n: "1" } },
    ],
    [
      "an argument that matches",
      { arguments: { "/to": { matches: "*@example.org" } } },
      { args: { to: "a@example.org" } },
      { args: { to: "a@example.com" } },
    ],
    [
      "an argument above",
      { arguments: { "/amount": { above: 100 } } },
      { args: { amount: 100.01 } },
      { args: { amount: 100 } },
    ],
    [
      "an argument below",
      { arguments: { "/amount": { below: 100 } } },
      { args: { amount: 99 } },
      { args: { amount: 100 } },
    ],
    [
      "a number that is no text",
      { arguments: { "/amount": { above: 1 } } },
      { args: { amount: 2 } },
      { args: { amount: "2" } },
    ],
    [
      "a text that is no number",
      { arguments: { "/amount": { matches: "*" } } },
      { args: { amount: "2" } },
      { args: { amount: 2 } },
    ],
    [
      "a bigint that equals",
      { arguments: { "/id": { equals: 7 } } },
      { args: { id: 7n } },
      { args: { id: 8n } },
    ],
    [
      "a bigint that equals digits",
      { arguments: { "/id": { oneOf: ["725653563933458433", 1] } } },
      { args: { id: 725653563933458433n } },
      { args: { id: 725653563933458432n } },
    ],
    [
      "a bigint above",
      { arguments: { "/amount": { above: 1 } } },
      { args: { amount: 2n } },
      { args: { amount: 1n } },
    ],
    [
      "a bigint below",
      { arguments: { "/amount": { below: 2 } } },
      { args: { amount: 1n } },
      { args: { amount: 2n } },
    ],
    [
      "an argument that exists",
      { arguments: { "/force": { exists: true } } },
      { args: { force: false } },
      { args: {} },
    ],
    [
      "an argument that does not",
      { arguments: { "/force": { exists: false } } },
      { args: {} },
      { args: { force: false } },
    ],
    [
      "a list longer than",
      { arguments: { "/ids": { longerThan: 2 } } },
      { args: { ids: [1, 2, 3] } },
      { args: { ids: [1, 2] } },
    ],
    [
      "a text longer than",
      { arguments: { "/s": { longerThan: 2 } } },
      { args: { s: "abc" } },
      { args: { s: "ab" } },
    ],
    [
      "bytes longer than",
      { arguments: { "/b": { longerThan: 2 } } },
      { args: { b: new Uint8Array(3) } },
      { args: { b: new Uint8Array(2) } },
    ],
    [
      "no length at all",
      { arguments: { "/b": { longerThan: 0 } } },
      { args: { b: "x" } },
      { args: { b: 5 } },
    ],
    [
      "a deep pointer",
      { arguments: { "/a/0/b~1c": { equals: 1 } } },
      { args: { a: [{ "b/c": 1 }] } },
      { args: { a: [{ b: 1 }] } },
    ],
    [
      "a pointer with a tilde",
      { arguments: { "/a~0b": { equals: 1 } } },
      { args: { "a~b": 1 } },
      { args: { "a~0b": 1 } },
    ],
    [
      "no inherited argument",
      { arguments: { "/constructor": { exists: false } } },
      { args: {} },
      { args: { constructor: 1 } },
    ],
    [
      "all of two predicates",
      { arguments: { "/a": { equals: 1 }, "/b": { equals: 2 } } },
      { args: { a: 1, b: 2 } },
      { args: { a: 1, b: 3 } },
    ],
    [
      "both bounds of one",
      { arguments: { "/a": { above: 1, below: 3 } } },
      { args: { a: 2 } },
      { args: { a: 3 } },
    ],
    [
      "one of an object's own lengths",
      { arguments: { "/b": { longerThan: 2 } } },
      { args: { b: [1, 2, 3] } },
      { args: { b: { length: 5 } } },
    ],
    [
      "no made-up size",
      { arguments: { "/b": { longerThan: 2 } } },
      { args: { b: "abc" } },
      { args: { b: { byteLength: 5 } } },
    ],
    [
      "a number below that is no text",
      { arguments: { "/n": { below: 2 } } },
      { args: { n: 1 } },
      { args: { n: "1" } },
    ],
    [
      "no letter of a text",
      { arguments: { "/s/0": { exists: true } } },
      { args: { s: ["x"] } },
      { args: { s: "x" } },
    ],
    [
      "nothing below null",
      { arguments: { "/a/b": { exists: false } } },
      { args: { a: null } },
      { args: { a: { b: null } } },
    ],
    [
      "one of several days",
      { time: { days: ["tue", "wed"] } },
      { now: noon - 86_400_000 },
      { now: noon + 86_400_000 },
    ],
    [
      "the day it is, in a window by day",
      { time: { days: ["wed"], from: "09:00", to: "18:00" } },
      {},
      { now: noon + 86_400_000 },
    ],
    ["from midnight on", { time: { from: "00:00", to: "00:01" } }, { now: noon - 12 * 3_600_000 }, {}],
    [
      "over midnight from its first minute",
      { time: { from: "22:00", to: "06:00" } },
      { now: noon + 10 * 3_600_000 },
      { now: noon + 10 * 3_600_000 - 60_000 },
    ],
    ...(["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const).map(
      (day, at): [string, object, Call, Call] => [
        `a ${day}`,
        { time: { days: [day] } },
        { now: noon + (at - 2) * 86_400_000 },
        { now: noon + (at - 1) * 86_400_000 },
      ],
    ),
    ["day", { time: { days: ["wed"] } }, {}, { now: noon + 86_400_000 }],
    ["from, which is inside", { time: { from: "12:00" } }, {}, { now: noon - 60_000 }],
    ["to, which is outside", { time: { to: "12:00" } }, { now: noon - 60_000 }, {}],
    ["both ends", { time: { from: "11:00", to: "13:00" } }, {}, { now: noon + 3_600_000 }],
    ["over midnight, late", { time: { from: "22:00", to: "06:00" } }, { now: noon + 10.5 * 3_600_000 }, {}],
    [
      "over midnight, early",
      { time: { from: "22:00", to: "06:00" } },
      { now: noon - 7 * 3_600_000 },
      { now: noon - 6 * 3_600_000 },
    ],
    [
      "over midnight, by the day it began",
      { time: { days: ["tue"], from: "22:00", to: "06:00" } },
      { now: noon - 7 * 3_600_000 },
      { now: noon + 11 * 3_600_000 },
    ],
    [
      "over midnight from a Sunday",
      { time: { days: ["sun"], from: "22:00", to: "06:00" } },
      { now: Date.UTC(2026, 10, 16, 5, 0) },
      { now: Date.UTC(2026, 10, 16, 23, 0) },
    ],
    [
      "a time zone",
      { time: { from: "13:00", to: "14:00", zone: "Europe/Berlin" } },
      {},
      { now: noon + 3_600_000 },
    ],
    [
      "calls made",
      { after: { calls: 2 } },
      {
        earlier: [
          ["read", 5],
          ["write", 1],
        ],
      },
      { earlier: [["read", 5]] },
    ],
    [
      "calls made of an effect",
      { after: { calls: 1, effect: "destructive" } },
      { earlier: [["destructive", 5]] },
      { earlier: [["write", 5]] },
    ],
    [
      "calls made lately",
      { after: { calls: 1, withinMs: 100 } },
      { earlier: [["write", 100]] },
      { earlier: [["write", 101]] },
    ],
  ];
  it.each(cases)("%s", (_, rule, fits, other) => {
    const rules = [{ ...rule, decision: "deny" }];
    expect([decide(rules, fits, "allow-all"), decide(rules, other, "allow-all")]).toEqual(["deny", "allow"]);
  });

  it("all that it names at once", () => {
    const rules = [{ path: "github.*", effect: "write", principal: "ada", decision: "deny" }];
    expect(decide(rules, { principal: "ada" }, "allow-all")).toBe("deny");
    expect(decide(rules, { principal: "bob" }, "allow-all")).toBe("allow");
    expect(decide(rules, { principal: "ada", effect: "read" }, "allow-all")).toBe("allow");
    expect(decide(rules, { principal: "ada", path: "x.y" }, "allow-all")).toBe("allow");
  });

  it("everything when it names nothing", () => {
    expect(decide([{ decision: "deny" }], { effect: "read" }, "allow-all")).toBe("deny");
  });
});
