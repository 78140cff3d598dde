/**
 * The policy behind each way of stating one: a preset's name, an operator's rules, or a function.
 */
import { createHash } from "node:crypto";
import type { Policy, PolicyPreset } from "../spec/policy.ts";
import type { PolicyRules } from "./policy-rules.ts";
import { presetToPolicy } from "./preset-to-policy.ts";
import { rulesToPolicy } from "./rules-to-policy.ts";

export type PolicyStatement = PolicyPreset | PolicyRules | Policy;

export function toPolicy(statement: PolicyStatement): Policy {
  if (typeof statement === "function") return statement;
  return typeof statement === "string" ? presetToPolicy(statement) : rulesToPolicy(statement);
}

/** What a run's record calls the policy. One of the caller's own code has no version but that it is one. */
export function toPolicyVersion(statement: PolicyStatement): string {
  if (typeof statement === "function") return "custom";
  if (typeof statement === "string") return statement;
  return createHash("sha256").update(JSON.stringify(statement)).digest("hex").slice(0, 16);
}
