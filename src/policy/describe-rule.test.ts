import { expect, it } from "vitest";
import { describeRule } from "./describe-rule.ts";
import { policyRuleSchema } from "./policy-rules.ts";

it.each([
  [{ decision: "ask" }, "ask always"],
  [{ decision: "deny", path: "github.*" }, "deny when path is github.*"],
  [
    { decision: "deny", source: ["a", "b"], effect: "write" },
    "deny when source is a or b and effect is write",
  ],
  [{ decision: "deny", principal: "ada" }, "deny when principal is ada"],
  [
    { decision: "ask", arguments: { "/n": { above: 1, below: 3 }, "/s": { equals: "x" } } },
    'ask when argument /n above 1, below 3 and argument /s equals "x"',
  ],
  [{ decision: "ask", arguments: { "": { exists: true } } }, "ask when argument (all) exists true"],
  [{ decision: "ask", time: { days: ["sat", "sun"] } }, "ask when the time is on sat, sun (UTC)"],
  [
    { decision: "ask", time: { from: "22:00", to: "06:00", zone: "Europe/Berlin" } },
    "ask when the time is from 22:00 until 06:00 (Europe/Berlin)",
  ],
  [{ decision: "deny", after: { calls: 20 } }, "deny when the run has made 20 calls"],
  [
    { decision: "deny", after: { calls: 20, effect: ["write", "destructive"], withinMs: 60_000 } },
    "deny when the run has made 20 write or destructive calls within 60000 ms",
  ],
])("%j: %s", (rule, words) => {
  expect(describeRule(policyRuleSchema.parse(rule))).toBe(words);
});
