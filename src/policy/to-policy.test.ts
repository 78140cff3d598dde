import { expect, it } from "vitest";
import type { PolicyRequest } from "../spec/policy.ts";
import { toPolicy, toPolicyVersion, type PolicyStatement } from "./to-policy.ts";

const write = {
  tool: { path: "a.b", source: "a", effect: "write" },
  args: {},
  principal: "local",
  now: 0,
  run: { id: "r", made: { read: 0, write: 0, destructive: 0 }, times: [], labels: [] },
} as unknown as PolicyRequest;

it.each([
  ["a preset", "read-only", "deny"],
  ["rules, which fall back to asking", {}, "ask"],
  ["rules with a preset", { preset: "allow-all" }, "allow"],
  ["rules that fit", { preset: "allow-all", rules: [{ decision: "deny" }] }, "deny"],
  ["a function", () => ({ decision: "deny", reason: "no" }), "deny"],
] as [string, PolicyStatement, string][])("%s", (_, statement, decision) => {
  expect(toPolicy(statement)(write).decision).toBe(decision);
});

it.each([
  ["an unknown preset", "allow-some", "policy must be read-only or ask-writes or allow-all."],
  ["an unknown answer", { rules: [{ decision: "maybe" }] }, "policy.rules.0.decision"],
  ["an unknown key", { rules: [{ decision: "ask" }, { decision: "ask", paths: "x" }] }, "policy.rules.1"],
  [
    "a zone that is none",
    { rules: [{ decision: "ask", time: { from: "09:00", zone: "Mars/Olympus" } }] },
    "policy.rules.0.time.zone: must be a time zone",
  ],
  ["two faults", { preset: "x", rules: [{}] }, "; policy.rules.0.decision"],
])("names the field of %s", (_, statement, words) => {
  expect(() => toPolicy(statement as PolicyStatement)).toThrow(
    expect.objectContaining({ code: "config_invalid", message: expect.stringContaining(words) as string }),
  );
});

it("lists the problems for programs", () => {
  expect(() => toPolicy({ rules: [{ decision: "ask", path: [] }] })).toThrow(
    expect.objectContaining({
      data: { problems: [{ field: "policy.rules.0.path", message: expect.any(String) as string }] },
    }),
  );
});

it("gives every statement a version of its own, and the same one the same", () => {
  const versions = [
    "ask-writes",
    "read-only",
    {},
    { preset: "read-only" },
    () => toPolicy("read-only")(write),
  ];
  const named = (versions as PolicyStatement[]).map(toPolicyVersion);
  expect(new Set(named).size).toBe(named.length);
  expect(named[0]).toBe("ask-writes");
  expect(named.at(-1)).toBe("custom");
  expect(named[2]).toMatch(/^[0-9a-f]{16}$/);
  expect(toPolicyVersion({ preset: "read-only" })).toBe(named[3]);
});
