/**
 * `JSON.parse` without loss: integers that a number cannot hold are bigints, and of what nothing can hold the place is
 * told. The one parser for JSON that may hold somebody's data.
 */
import type { Value } from "../spec/value.ts";
import { markNumbers, newMark } from "./mark-numbers.ts";
import { restoreNumbers } from "./restore-numbers.ts";

export interface ParsedExactly {
  readonly value: Value;
  /** JSON pointers of numbers that are not what was written: the nearest double stands there. */
  readonly inexact: readonly string[];
}

/** Throws what `JSON.parse` throws. */
export function parseExact(text: string): ParsedExactly {
  const mark = newMark();
  const marked = markNumbers(text, mark);
  if (marked === text) return { value: JSON.parse(text), inexact: [] };
  const { value, inexact } = restoreNumbers(parse(marked, text), mark);
  return { value: value as Value, inexact };
}

/** What is wrong is told of the text as it was written. */
function parse(marked: string, text: string): unknown {
  try {
    return JSON.parse(marked);
  } catch (thrown) {
    JSON.parse(text);
    throw thrown;
  }
}
