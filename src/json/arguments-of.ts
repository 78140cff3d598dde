/**
 * Arguments that a person or program sends as JSON text: read exactly or not at all, since a call cannot be made with
 * nearly what was meant.
 */
import { CodemodeError } from "../errors.ts";
import type { Value } from "../spec/value.ts";
import { parseExact } from "./parse-exact.ts";

/** Throws `tool_arguments_invalid`, naming the places of numbers that nothing can hold; and what `JSON.parse` throws. */
export function argumentsOf(text: string, what: string): Value {
  const { value, inexact } = parseExact(text);
  refuseInexact(inexact, what);
  return value;
}

/** Throws `tool_arguments_invalid`. */
export function refuseInexact(inexact: readonly string[], what: string): void {
  if (inexact.length === 0) return;
  const places = inexact.slice(0, 5).map((pointer) => (pointer === "" ? "the value" : pointer.slice(0, 200)));
  throw new CodemodeError(
    "tool_arguments_invalid",
    `${what} has a number that cannot be passed on exactly, at ${places.join(", ")}: it is too large, or has more digits than a double holds.`,
    { hint: "Write it with at most 17 digits, as an integer, or as text where the tool takes text." },
  );
}
