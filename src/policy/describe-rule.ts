/**
 * Says in words what a rule looks at, for a person who asks why a call was decided as it was.
 */
import type { ArgumentPredicate } from "../spec/policy.ts";
import type { PolicyRule } from "./policy-rules.ts";

/** `deny when path is github.* and effect is destructive`; `ask always` for a rule that names nothing. */
export function describeRule(rule: PolicyRule): string {
  const { decision, path, source, effect, principal, arguments: args = {}, time, after } = rule;
  const conditions = [
    ...named("path", path),
    ...named("source", source),
    ...named("effect", effect),
    ...named("principal", principal),
    ...Object.entries(args).map(([pointer, predicate]) => describePredicate(pointer, predicate)),
    ...(time === undefined ? [] : [describeTime(time)]),
    ...(after === undefined ? [] : [describeBudget(after)]),
  ];
  return conditions.length === 0 ? `${decision} always` : `${decision} when ${conditions.join(" and ")}`;
}

function named(what: string, values: string | readonly string[] | undefined): string[] {
  return values === undefined ? [] : [`${what} is ${[values].flat().join(" or ")}`];
}

function describePredicate(pointer: string, predicate: ArgumentPredicate): string {
  const comparisons = Object.entries(predicate).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return `argument ${pointer === "" ? "(all)" : pointer} ${comparisons.join(", ")}`;
}

function describeTime({ days, from, to, zone = "UTC" }: NonNullable<PolicyRule["time"]>): string {
  const parts = [
    ...(days === undefined ? [] : [`on ${days.join(", ")}`]),
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(to === undefined ? [] : [`until ${to}`]),
  ];
  return `the time is ${parts.join(" ")} (${zone})`;
}

function describeBudget({ calls, effect, withinMs }: NonNullable<PolicyRule["after"]>): string {
  const kind = effect === undefined ? "calls" : `${[effect].flat().join(" or ")} calls`;
  const window = withinMs === undefined ? "" : ` within ${withinMs} ms`;
  return `the run has made ${calls} ${kind}${window}`;
}
