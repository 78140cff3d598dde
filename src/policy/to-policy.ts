/**
 * The policy behind each way of stating one: a preset's name, an operator's rules, or a function.
 */
import { createHash } from "node:crypto";
import type * as z from "zod";
import { CodemodeError } from "../errors.ts";
import { policyPresets, type Policy, type PolicyPreset } from "../spec/policy.ts";
import { policyRulesSchema } from "./policy-rules.ts";
import { presetToPolicy } from "./preset-to-policy.ts";
import { rulesToPolicy } from "./rules-to-policy.ts";

export type PolicyStatement = PolicyPreset | z.input<typeof policyRulesSchema> | Policy;

/** Throws `config_invalid`, naming the field of the rule that cannot be understood. */
export function toPolicy(statement: PolicyStatement): Policy {
  if (typeof statement === "function") return statement;
  if (typeof statement !== "string") return rulesToPolicy(parseRules(statement));
  if (policyPresets.includes(statement)) return presetToPolicy(statement);
  throw new CodemodeError("config_invalid", `policy must be ${policyPresets.join(" or ")}.`);
}

function parseRules(statement: unknown): z.infer<typeof policyRulesSchema> {
  const parsed = policyRulesSchema.safeParse(statement);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({
    field: ["policy", ...path].map(String).join("."),
    message,
  }));
  const said = problems.map(({ field, message }) => `${field}: ${message}`);
  throw new CodemodeError("config_invalid", `The policy cannot be understood. ${said.join("; ")}.`, {
    data: { problems },
  });
}

/** What a run's record calls the policy. One of the caller's own code has no version but that it is one. */
export function toPolicyVersion(statement: PolicyStatement): string {
  if (typeof statement === "function") return "custom";
  if (typeof statement === "string") return statement;
  return createHash("sha256").update(JSON.stringify(statement)).digest("hex").slice(0, 16);
}
