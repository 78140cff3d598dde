/**
 * Makes a policy of an operator's rules: the first rule that fits answers, the preset where none does. Pure:
 * the answer depends on the request alone.
 */
import { matchGlob } from "../match-glob.ts";
import type { Policy, PolicyAnswer, PolicyRequest } from "../spec/policy.ts";
import type { Effect } from "../spec/tool.ts";
import { describeRule } from "./describe-rule.ts";
import { matchArguments } from "./match-arguments.ts";
import { matchTime } from "./match-time.ts";
import type { PolicyRule, PolicyRules } from "./policy-rules.ts";
import { presetToPolicy } from "./preset-to-policy.ts";

export interface ExplainedAnswer extends PolicyAnswer {
  /** The rule that answered, by its place in the list from 1; absent where the preset did. */
  readonly rule?: number;
  /** What that rule looks at, in words; of the preset, its name. */
  readonly because: string;
  /** The rules before it, each with the first of its conditions that did not hold. */
  readonly passedOver: readonly { readonly rule: number; readonly field: RuleField }[];
}

/** What of a rule can fail to fit a call. */
export type RuleField = Exclude<keyof PolicyRule, "decision" | "reason">;

export function rulesToPolicy(rules: PolicyRules): Policy {
  return (request) => {
    const { decision, reason } = explainDecision(rules, request);
    return { decision, reason };
  };
}

/** The answer and the rule that gave it; what `codemode policy test` shows. */
export function explainDecision({ preset, rules }: PolicyRules, request: PolicyRequest): ExplainedAnswer {
  const passedOver: { rule: number; field: RuleField }[] = [];
  for (const [index, rule] of rules.entries()) {
    const field = misfitOf(rule, request);
    if (field !== undefined) {
      passedOver.push({ rule: index + 1, field });
      continue;
    }
    const { decision, reason = `Rule ${index + 1} of the policy says "${decision}".` } = rule;
    return { decision, reason, rule: index + 1, because: describeRule(rule), passedOver };
  }
  return { ...presetToPolicy(preset)(request), because: `the preset ${preset}`, passedOver };
}

/** The first condition that the call does not meet; none when the rule fits. */
function misfitOf(rule: PolicyRule, request: PolicyRequest): RuleField | undefined {
  const { tool, principal, args, now } = request;
  if (!fitsGlobs(rule.path, tool.path)) return "path";
  if (!fitsGlobs(rule.source, tool.source)) return "source";
  if (!fitsGlobs(rule.principal, principal)) return "principal";
  if (!fitsEffect(rule.effect, tool.effect)) return "effect";
  if (rule.arguments !== undefined && !matchArguments(rule.arguments, args)) return "arguments";
  if (rule.time !== undefined && !matchTime(rule.time, now)) return "time";
  if (rule.after !== undefined && !isAfter(rule.after, request)) return "after";
  return undefined;
}

function fitsGlobs(globs: string | readonly string[] | undefined, name: string): boolean {
  return globs === undefined || [globs].flat().some((glob) => matchGlob(glob, name));
}

function fitsEffect(effects: Effect | readonly Effect[] | undefined, effect: Effect): boolean {
  return effects === undefined || [effects].flat().includes(effect);
}

function isAfter(
  { calls, effect, withinMs }: NonNullable<PolicyRule["after"]>,
  { run, now }: PolicyRequest,
): boolean {
  const since = withinMs === undefined ? -Infinity : now - withinMs;
  const counted = run.times.filter((call) => fitsEffect(effect, call.effect) && call.at >= since);
  return counted.length >= calls;
}
