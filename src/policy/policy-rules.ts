/**
 * The rules an operator writes under `policy` in the configuration, as a schema: what a rule may look at, and
 * what it then says. Applying them is `rules-to-policy.ts`.
 */
import * as z from "zod";
import { policyPresets } from "../spec/policy.ts";

const globs = z.union([z.string(), z.array(z.string()).min(1)]);
const effect = z.enum(["read", "write", "destructive"]);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 09:00");

/** What one argument is compared with; all that are given must hold. */
const argumentPredicateSchema = z
  .strictObject({
    equals: scalar.describe("The argument is exactly this."),
    oneOf: z.array(scalar).describe("The argument is one of these."),
    matches: z.string().describe("The argument is a text that fits this glob."),
    above: z.number().describe("The argument is a number greater than this."),
    below: z.number().describe("The argument is a number less than this."),
    exists: z.boolean().describe("The argument is there, or is not."),
    longerThan: z.int().nonnegative().describe("The argument is a text or list longer than this."),
  })
  .partial()
  .refine((predicate) => Object.keys(predicate).length > 0, "needs at least one comparison, such as equals");

export const argumentPredicatesSchema = z.record(
  z.string().regex(/^(\/([^~/]|~[01])*)*$/, "is no JSON pointer such as /amount"),
  argumentPredicateSchema,
);

export const policyRuleSchema = z.strictObject({
  decision: z
    .enum(["allow", "ask", "deny"])
    .describe("What is answered when everything else of the rule fits."),
  reason: z.string().optional().describe("One sentence for the person and the model."),
  path: globs.optional().describe("Globs over tool paths, such as github.issues.*"),
  source: globs.optional().describe("Globs over source names."),
  effect: z
    .union([effect, z.array(effect).min(1)])
    .optional()
    .describe("Effects of the tool."),
  principal: globs.optional().describe("Globs over principals."),
  arguments: argumentPredicatesSchema
    .optional()
    .describe("Comparisons by JSON pointer into the arguments; all must hold."),
  time: z
    .strictObject({
      days: z
        .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
        .min(1)
        .optional(),
      from: clock.optional(),
      to: clock.optional(),
      zone: z
        .string()
        .refine(isTimeZone, "must be a time zone such as Europe/Berlin")
        .optional()
        .describe("IANA name such as Europe/Berlin; default UTC."),
    })
    .refine(
      ({ days, from, to }) => days !== undefined || from !== undefined || to !== undefined,
      "needs days, from or to",
    )
    .refine(({ from, to }) => from === undefined || from !== to, "must not end when it begins")
    .optional()
    .describe("When the rule applies; from later than to spans midnight."),
  after: z
    .strictObject({
      calls: z.int().positive().describe("The rule applies once the run has made this many calls …"),
      effect: z
        .union([effect, z.array(effect).min(1)])
        .optional()
        .describe("… of these effects …"),
      withinMs: z.int().positive().optional().describe("… within the last so many milliseconds."),
    })
    .optional()
    .describe("Count and rate budgets of one run."),
});

export const policyRulesSchema = z.strictObject({
  preset: z.enum(policyPresets).default("ask-writes").describe("What is answered where no rule fits."),
  rules: z.array(policyRuleSchema).default([]).describe("The first rule that fits answers."),
});

export type PolicyRule = z.infer<typeof policyRuleSchema>;
export type PolicyRules = z.infer<typeof policyRulesSchema>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: name }).format(0);
    return true;
  } catch {
    return false;
  }
}
