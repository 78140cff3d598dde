/**
 * One thing that is wrong with the arguments of a call, in words that let a model correct it: where it
 * stands, what was found, what was expected. Decides nothing itself.
 */
import type { Value } from "../spec/value.ts";

export type ProblemKind = "type" | "value" | "missing" | "unknown" | "unsupported" | "too_complex";

export interface ValidationProblem {
  /** In the words of the snippet: `labels[2].name`; empty for the arguments themselves. */
  readonly path: string;
  readonly kind: ProblemKind;
  /** One sentence without the path's context: "labels[2].name is 42; expected string". */
  readonly message: string;
  /** The fix, where one is known: a nearest name, how to convert. */
  readonly hint?: string;
}

/** A place inside a value, linked towards its root so that going down costs nothing. */
export interface ValuePath {
  readonly parent: ValuePath | undefined;
  readonly key: string | number;
}

export function pathToText(path: ValuePath | undefined): string {
  const keys: (string | number)[] = [];
  for (let at = path; at !== undefined; at = at.parent) keys.push(at.key);
  let text = "";
  for (const key of keys.toReversed()) {
    if (typeof key === "number") text += `[${key}]`;
    else if (/^[\p{L}_$][\p{L}\p{N}_$]{0,99}$/u.test(key)) text += text === "" ? key : `.${key}`;
    else text += `[${JSON.stringify(cut(key, 60))}]`;
  }
  return cut(text, 200);
}

/** What stands there, short enough for a sentence. */
export function describeValue(value: Value): string {
  if (value === null || value === undefined || typeof value === "boolean" || typeof value === "number")
    return String(value);
  if (typeof value === "string") return `the string ${JSON.stringify(cut(value, 40))}`;
  if (typeof value === "bigint") return cut(String(value), 40);
  if (value instanceof Date) return "a Date";
  if (value instanceof Uint8Array) return `bytes (${value.length})`;
  if (value instanceof Map) return "a Map";
  if (value instanceof Set) return "a Set";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return "an empty object";
  return `an object with ${keys
    .slice(0, 3)
    .map((key) => cut(key, 30))
    .join(", ")}${keys.length > 3 ? ", …" : ""}`;
}

export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
