/**
 * Joins policies of which each counts: the strictest answer holds, and of equally strict ones the first.
 */
import type { Decision, Policy } from "../spec/policy.ts";

const strictness: { readonly [decision in Decision]: number } = { allow: 0, ask: 1, deny: 2 };

export function strictestOf(first: Policy, ...others: readonly Policy[]): Policy {
  return (request) =>
    others.reduce((strictest, policy) => {
      const answer = policy(request);
      return strictness[answer.decision] > strictness[strictest.decision] ? answer : strictest;
    }, first(request));
}
