/**
 * Parsed JSON as `JSON.parse` alone would have made it: for schemas, whose hash must not depend on how they were parsed,
 * and for questions to a person.
 */

/** The same value where there is no bigint in it; else a copy with the nearest numbers. */
export function roundIntegers(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(roundIntegers);
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const entries = Object.entries(value);
  const rounded = entries.map(([key, each]): [string, unknown] => [key, roundIntegers(each)]);
  return rounded.some(([, each], at) => each !== entries[at]?.[1]) ? Object.fromEntries(rounded) : value;
}
