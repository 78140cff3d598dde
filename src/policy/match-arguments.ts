/**
 * Compares a call's arguments with the predicates of a rule, by JSON pointer (RFC 6901).
 */
import { matchGlob } from "../match-glob.ts";
import type { ArgumentPredicate } from "../spec/policy.ts";
import type { Value } from "../spec/value.ts";

/** Whether every predicate holds. An argument that is not there fits `exists: false` alone. */
export function matchArguments(
  predicates: { readonly [pointer: string]: ArgumentPredicate },
  args: Value,
): boolean {
  return Object.entries(predicates).every(([pointer, predicate]) =>
    fits(atPointer(args, pointer), predicate),
  );
}

function fits(value: Value, predicate: ArgumentPredicate): boolean {
  const { equals, oneOf, matches, above, below, exists, longerThan } = predicate;
  if (exists !== undefined && exists !== (value !== undefined)) return false;
  if (equals !== undefined && !isSame(value, equals)) return false;
  if (oneOf !== undefined && !oneOf.some((each) => isSame(value, each))) return false;
  if (matches !== undefined && !(typeof value === "string" && matchGlob(matches, value))) return false;
  if (above !== undefined && !(isNumber(value) && value > above)) return false;
  if (below !== undefined && !(isNumber(value) && value < below)) return false;
  return longerThan === undefined || lengthOf(value) > longerThan;
}

/** A bigint is the number that it equals, and the text of its digits, since a rule in JSON has no other way to say it. */
function isSame(value: Value, stated: unknown): boolean {
  if (value === stated) return true;
  if (typeof value !== "bigint") return false;
  return typeof stated === "number"
    ? value === exactInteger(stated)
    : typeof stated === "string" && stated === String(value);
}

function exactInteger(stated: number): bigint | undefined {
  return Number.isInteger(stated) ? BigInt(stated) : undefined;
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function lengthOf(value: Value): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  return -1;
}

function atPointer(args: Value, pointer: string): Value {
  let at: Value = args;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as { [key: string]: Value })[key];
  }
  return at;
}
