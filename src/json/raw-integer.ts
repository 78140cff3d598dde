/**
 * An integer that `JSON.stringify` writes with all its digits, for messages that a library makes text of. Needs an
 * engine with `JSON.rawJSON` (Node.js 22); whoever writes the text itself has `print-exact.ts`.
 */

/** What stands for `value` in a tree that is given to `JSON.stringify`: a number where one can hold it. */
export function rawInteger(value: bigint): unknown {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  const rawJson: unknown = Reflect.get(JSON, "rawJSON");
  return typeof rawJson === "function" ? Reflect.apply(rawJson, JSON, [String(value)]) : String(value);
}

/** A copy in which bigints are such integers; the same value where there are none. */
export function withRawIntegers(value: unknown): unknown {
  if (typeof value === "bigint") return rawInteger(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(withRawIntegers);
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const entries = Object.entries(value);
  const changed = entries.map(([key, each]): [string, unknown] => [key, withRawIntegers(each)]);
  return changed.some(([, each], at) => each !== entries[at]?.[1]) ? Object.fromEntries(changed) : value;
}
