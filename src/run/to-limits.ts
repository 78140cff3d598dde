/**
 * The limits that an operator gives, over the defaults. Unlike a run's own they may be higher.
 */
import { defaultLimits, type Limits } from "../spec/limits.ts";
import { lowerLimits } from "./lower-limits.ts";

/** Throws `config_invalid` for limits out of range. */
export function toLimits(asked: Partial<Limits> = {}): Limits {
  const unbounded = Object.fromEntries(
    Object.keys(defaultLimits).map((name) => [name, Infinity]),
  ) as unknown as Limits;
  return { ...defaultLimits, ...pick(lowerLimits(unbounded, asked), Object.keys(asked)) };
}

function pick(limits: Limits, names: readonly string[]): Partial<Limits> {
  return Object.fromEntries(Object.entries(limits).filter(([name]) => names.includes(name)));
}
