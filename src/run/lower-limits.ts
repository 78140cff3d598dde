/**
 * The limits of one run: those of the configuration, which a request may only lower.
 */
import { CodemodeError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { leastResultTokens, type Limits } from "../spec/limits.ts";

/** Throws `config_invalid` naming the limit that is unknown, not a positive number, or raised. */
export function lowerLimits(configured: Limits, asked: Partial<Limits> = {}): Limits {
  const lowered: Record<keyof Limits, number> = { ...configured };
  for (const [name, value] of Object.entries(asked)) {
    if (!isLimit(name, configured)) {
      const near = nearest(name, Object.keys(configured));
      throw new CodemodeError(
        "config_invalid",
        `There is no limit "${name}".`,
        near.length > 0 ? { hint: `Did you mean ${near.join(" or ")}?` } : {},
      );
    }
    if (typeof value !== "number" || !(value > 0))
      throw new CodemodeError("config_invalid", `The limit "${name}" must be a positive number.`);
    if (name === "resultTokens" && value < leastResultTokens)
      throw new CodemodeError(
        "config_invalid",
        `The limit "resultTokens" must be at least ${leastResultTokens}: less cannot name a paused run and its next step.`,
      );
    if (value > configured[name]) {
      throw new CodemodeError(
        "config_invalid",
        `The limit "${name}" of a run may not exceed the configured ${configured[name]}.`,
        {
          hint: `Raise "limits.${name}" in the configuration, or ask for less.`,
        },
      );
    }
    lowered[name] = value;
  }
  return lowered;
}

function isLimit(name: string, limits: Limits): name is keyof Limits {
  return Object.hasOwn(limits, name);
}
