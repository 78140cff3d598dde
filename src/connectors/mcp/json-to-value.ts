/**
 * Lets parsed JSON of a stranger pass as a value once its nesting is known to be bounded; whoever walks it
 * later may then recurse. Its bytes were bounded when it was read.
 */
import { CallError } from "../../call-error.ts";
import type { Value } from "../../spec/value.ts";

export interface NestingBound {
  readonly source: string;
  readonly tool: string;
  readonly depth: number;
}

/** Throws `tool_result_invalid`. `json` must come from `JSON.parse`: it is not copied. */
export function jsonToValue(json: unknown, { source, tool, depth }: NestingBound): Value {
  if (isShallow(json, depth)) return json;
  throw new CallError(
    "tool_result_invalid",
    `"${source}" answered the call of ${tool} with data nested more than ${depth} levels deep.`,
    {
      hint: "The call has been made; its answer cannot be used.",
      outcome: "failed",
    },
  );
}

/** Level by level, without recursion. */
function isShallow(json: unknown, depth: number): json is Value {
  let level: unknown[] = [json];
  for (let at = 0; at <= depth; at += 1) {
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      for (const child of Array.isArray(value) ? value : Object.values(value)) {
        if (typeof child === "object" && child !== null) next.push(child);
      }
    }
    if (next.length === 0) return true;
    level = next;
  }
  return false;
}
