/**
 * Parses JSON from a stranger within a limit of nesting, which is counted on the text: what is too deep is
 * never built.
 */
import { CodemodeError } from "../../errors.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { Value } from "../../spec/value.ts";

/** Integers that a number cannot hold exactly become bigints. Throws `tool_result_invalid`. */
export function parseJson(text: string, maxDepth: number): Value {
  if (isDeeperThan(text, maxDepth)) {
    throw new CodemodeError("tool_result_invalid", `The answer is nested deeper than ${maxDepth} levels.`);
  }
  try {
    return hasLongNumber.test(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodemodeError("tool_result_invalid", `The answer is not valid JSON: ${reason.slice(0, 200)}`, {
      cause,
    });
  }
}

const hasLongNumber = /[:[,\s]-?\d{16,}[\s,\]}]|^-?\d{16,}$/;

/** An id that is rounded names something else; the third argument holds the number as it was written. */
function exactInteger(_key: string, value: unknown, ...rest: readonly unknown[]): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const [context] = rest;
  const written = isRecord(context) ? context["source"] : undefined;
  return typeof written === "string" && /^-?\d+$/.test(written) ? BigInt(written) : value;
}

const quote = 0x22;
const backslash = 0x5c;

/** Counts brackets outside strings, whether or not the text is JSON. */
export function isDeeperThan(text: string, maxDepth: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at);
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === 0x5d || code === 0x7d) {
      depth -= 1;
    }
  }
  return false;
}

function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === backslash) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}
