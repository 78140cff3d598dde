import { describe, expect, it } from "vitest";
import type { PolicyRequest } from "../spec/policy.ts";
import type { Effect, Tool } from "../spec/tool.ts";
import type { Value } from "../spec/value.ts";
import { policyRulesSchema } from "./policy-rules.ts";
import { explainDecision, rulesToPolicy } from "./rules-to-policy.ts";

/** A Wednesday. */
const noon = Date.UTC(2026, 10, 18, 12, 0);

interface Call {
  readonly path?: string;
  readonly effect?: Effect;
  readonly args?: Value;
  readonly principal?: string;
  readonly now?: number;
  readonly earlier?: readonly (readonly [effect: Effect, msAgo: number])[];
}

function request({
  path = "github.issues.create",
  effect = "write",
  args = {},
  principal = "local",
  now = noon,
  earlier = [],
}: Call): PolicyRequest {
  const [source = ""] = path.split(".");
  const tool = { path, source, effect } as Tool;
  const made = { read: 0, write: 0, destructive: 0 };
  for (const [each] of earlier) made[each] += 1;
  const times = earlier.map(([each, msAgo]) => ({ effect: each, at: now - msAgo }));
  return { tool, args, principal, now, run: { id: "run_1", made, times, labels: [] } };
}

function decide(rules: object[], call: Call, preset = "ask-writes"): string {
  return rulesToPolicy(policyRulesSchema.parse({ preset, rules }))(request(call)).decision;
}

describe("presets answer where no rule fits", () => {
  it.each([
    ["read-only", "read", "allow"],
    ["read-only", "write", "deny"],
    ["read-only", "destructive", "deny"],
    ["ask-writes", "read", "allow"],
    ["ask-writes", "write", "ask"],
    ["ask-writes", "destructive", "ask"],
    ["allow-all", "read", "allow"],
    ["allow-all", "write", "allow"],
    ["allow-all", "destructive", "allow"],
  ] as const)("%s: %s → %s", (preset, effect, decision) => {
    const answer = explainDecision(policyRulesSchema.parse({ preset }), request({ effect }));
    expect(answer).toEqual({
      decision,
      reason: expect.stringMatching(/^[A-Z].*\.$/) as string,
      because: `the preset ${preset}`,
      passedOver: [],
    });
    if (decision !== "allow") expect(answer.reason).toContain(effect);
  });
});

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

describe("rules in order", () => {
  const rules = policyRulesSchema.parse({
    preset: "allow-all",
    rules: [
      { path: "github.issues.*", decision: "allow" },
      { effect: "destructive", decision: "deny", reason: "Never delete." },
      { source: "github", decision: "ask" },
    ],
  });
  it.each([
    [{}, { decision: "allow", rule: 1, reason: 'Rule 1 of the policy says "allow".' }],
    [
      { path: "github.repos.delete", effect: "destructive" },
      { decision: "deny", rule: 2, reason: "Never delete." },
    ],
    [
      { path: "github.repos.create" },
      { decision: "ask", rule: 3, reason: 'Rule 3 of the policy says "ask".' },
    ],
    [{ path: "jira.create" }, { decision: "allow", reason: "The policy allows every call." }],
  ] as [Call, object][])("the first that fits answers: %j", (call, answer) => {
    expect(explainDecision(rules, request(call))).toMatchObject(answer);
    expect(rulesToPolicy(rules)(request(call))).toEqual({
      decision: Reflect.get(answer, "decision") as unknown,
      reason: Reflect.get(answer, "reason") as unknown,
    });
  });

  it("tell which answered, in words, and why those before it did not", () => {
    const all = policyRulesSchema.parse({
      rules: [
        { decision: "deny", path: "jira.*" },
        { decision: "deny", source: "jira" },
        { decision: "deny", principal: "ada" },
        { decision: "deny", effect: "read" },
        { decision: "deny", arguments: { "/a": { equals: 1 } } },
        { decision: "deny", time: { to: "12:00" } },
        { decision: "deny", after: { calls: 1 } },
        { decision: "allow", path: "github.*" },
        { decision: "deny" },
      ],
    });
    const fields = ["path", "source", "principal", "effect", "arguments", "time", "after"];
    expect(explainDecision(all, request({}))).toEqual({
      decision: "allow",
      reason: 'Rule 8 of the policy says "allow".',
      rule: 8,
      because: "allow when path is github.*",
      passedOver: fields.map((field, index) => ({ rule: index + 1, field })),
    });
  });

  it("hold 'at most 20 writes' and 'never delete' over a whole run", () => {
    const budget = [
      { effect: "destructive", decision: "deny" },
      { effect: "write", after: { calls: 20, effect: "write" }, decision: "deny" },
    ];
    const writes = (count: number): Call => ({
      earlier: Array.from({ length: count }, () => ["write", 1] as const),
    });
    expect(decide(budget, writes(19), "allow-all")).toBe("allow");
    expect(decide(budget, writes(20), "allow-all")).toBe("deny");
    expect(decide(budget, { ...writes(20), effect: "read" }, "allow-all")).toBe("allow");
    expect(decide(budget, { effect: "destructive" }, "allow-all")).toBe("deny");
  });
});
