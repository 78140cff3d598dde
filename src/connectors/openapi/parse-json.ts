/**
 * Parses JSON from a stranger within a limit of nesting, which is counted on the text: what is too deep is
 * never built.
 */
import { CodemodeError } from "../../errors.ts";
import { endOfString } from "../../json/mark-numbers.ts";
import { parseExact, type ParsedExactly } from "../../json/parse-exact.ts";

/** No number is rounded unheard: see `parse-exact.ts`. Throws `tool_result_invalid`. */
export function parseJson(text: string, maxDepth: number): ParsedExactly {
  if (isDeeperThan(text, maxDepth)) {
    throw new CodemodeError("tool_result_invalid", `The answer is nested deeper than ${maxDepth} levels.`);
  }
  try {
    return parseExact(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodemodeError("tool_result_invalid", `The answer is not valid JSON: ${reason.slice(0, 200)}`, {
      cause,
    });
  }
}

const quote = 0x22;

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
