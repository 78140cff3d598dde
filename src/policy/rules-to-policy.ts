/**
 * Makes a policy of an operator's rules: the first rule that fits answers, the preset where none does. Pure:
 * the answer depends on the request alone.
 */
import { matchGlob } from "../match-glob.ts";
import type { Policy, PolicyAnswer, PolicyRequest } from "../spec/policy.ts";
import type { Effect } from "../spec/tool.ts";
import { matchArguments } from "./match-arguments.ts";
import { matchTime } from "./match-time.ts";
import type { PolicyRule, PolicyRules } from "./policy-rules.ts";
import { presetToPolicy } from "./preset-to-policy.ts";

/** Which rule answered: its place in the list from 1, or `undefined` for the preset. */
export interface ExplainedAnswer extends PolicyAnswer {
  readonly rule?: number;
}

export function rulesToPolicy(rules: PolicyRules): Policy {
  return (request) => explainDecision(rules, request);
}

/** The answer and the rule that gave it; what `codemode policy test` shows. */
export function explainDecision({ preset, rules }: PolicyRules, request: PolicyRequest): ExplainedAnswer {
  const index = rules.findIndex((rule) => fitsRule(rule, request));
  const rule = rules[index];
  if (rule === undefined) return presetToPolicy(preset)(request);
  const reason = rule.reason ?? `Rule ${index + 1} of the policy says "${rule.decision}".`;
  return { decision: rule.decision, reason, rule: index + 1 };
}

function fitsRule(rule: PolicyRule, request: PolicyRequest): boolean {
  const { tool, principal, args, now } = request;
  return (
    fitsGlobs(rule.path, tool.path) &&
    fitsGlobs(rule.source, tool.source) &&
    fitsGlobs(rule.principal, principal) &&
    fitsEffect(rule.effect, tool.effect) &&
    (rule.arguments === undefined || matchArguments(rule.arguments, args)) &&
    (rule.time === undefined || matchTime(rule.time, now)) &&
    (rule.after === undefined || isAfter(rule.after, request))
  );
}

function fitsGlobs(globs: string | readonly string[] | undefined, name: string): boolean {
  if (globs === undefined) return true;
  return typeof globs === "string" ? matchGlob(globs, name) : globs.some((glob) => matchGlob(glob, name));
}

function fitsEffect(effects: Effect | readonly Effect[] | undefined, effect: Effect): boolean {
  if (effects === undefined) return true;
  return typeof effects === "string" ? effects === effect : effects.includes(effect);
}

function isAfter(
  { calls, effect, withinMs }: NonNullable<PolicyRule["after"]>,
  { run, now }: PolicyRequest,
): boolean {
  const since = withinMs === undefined ? -Infinity : now - withinMs;
  const counted = run.times.filter((call) => fitsEffect(effect, call.effect) && call.at >= since);
  return counted.length >= calls;
}
