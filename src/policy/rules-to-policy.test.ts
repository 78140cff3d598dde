import { describe, expect, it } from "vitest";
import { callToRequest, type Call } from "../../test/fixtures/policy-call.ts";
import { policyRulesSchema } from "./policy-rules.ts";
import { explainDecision, rulesToPolicy } from "./rules-to-policy.ts";

function decide(rules: object[], call: Call, preset = "ask-writes"): string {
  return rulesToPolicy(policyRulesSchema.parse({ preset, rules }))(callToRequest(call)).decision;
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
    const answer = explainDecision(policyRulesSchema.parse({ preset }), callToRequest({ effect }));
    expect(answer).toEqual({
      decision,
      reason: expect.stringMatching(/^[A-Z].*\.$/) as string,
      because: `the preset ${preset}`,
      passedOver: [],
    });
    if (decision !== "allow") expect(answer.reason).toContain(effect);
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
    expect(explainDecision(rules, callToRequest(call))).toMatchObject(answer);
    expect(rulesToPolicy(rules)(callToRequest(call))).toEqual({
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
    expect(explainDecision(all, callToRequest({}))).toEqual({
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
