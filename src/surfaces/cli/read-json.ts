/**
 * Reads the JSON that a flag gives: as it stands, from a file (`@file`) or from standard input (`-`).
 */
import { CodemodeError } from "../../errors.ts";
import { argumentsOf } from "../../json/arguments-of.ts";
import type { Value } from "../../spec/value.ts";
import { readInput } from "./read-input.ts";

/** Throws `usage`, naming the flag. */
export async function readJson(flag: string, given: string, workingFolder: string): Promise<Value> {
  const fromFile = given === "-" || given.startsWith("@");
  const text = fromFile ? await readInput(given.replace(/^@/, ""), workingFolder) : given;
  try {
    return argumentsOf(text, flag);
  } catch (cause) {
    if (cause instanceof CodemodeError)
      throw new CodemodeError("usage", cause.message, {
        cause,
        hint: cause.hint ?? "Write it as an integer, or as text.",
      });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodemodeError("usage", `${flag} is not valid JSON: ${reason}.`, {
      cause,
      hint: `Write ${flag} '{"name": "value"}', @file or -.`,
    });
  }
}
