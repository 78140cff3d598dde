import { expect, it } from "vitest";
import type { Decision, Policy } from "../spec/policy.ts";
import { callToRequest } from "../../test/fixtures/policy-call.ts";
import { strictestOf } from "./strictest-of.ts";

const says =
  (decision: Decision, reason: string): Policy =>
  () => ({ decision, reason });

it.each<[Decision, Decision, Decision, string]>([
  ["allow", "ask", "ask", "second"],
  ["ask", "allow", "ask", "first"],
  ["allow", "deny", "deny", "second"],
  ["deny", "ask", "deny", "first"],
  ["ask", "ask", "ask", "first"],
])("of %s and %s holds %s", (first, second, decision, reason) => {
  const policy = strictestOf(says(first, "first"), says(second, "second"));
  expect(policy(callToRequest({}))).toEqual({ decision, reason });
});
