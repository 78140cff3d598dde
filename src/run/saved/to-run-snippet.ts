/**
 * The program that runs one saved snippet with an input, for whoever has a name and a value and no code.
 */
import type { Value } from "../../spec/value.ts";
import { parseExact } from "../../json/parse-exact.ts";
import { toJsonText } from "../to-json-text.ts";
import { valueToCode } from "../value-to-code.ts";

/** Throws `value_unsupported` for an input that JSON cannot say. */
export function toRunSnippet(name: string, input: Value): string {
  // As the program would find it in a file: what JSON cannot say is refused.
  const given =
    input === undefined ? "" : `, ${valueToCode(parseExact(toJsonText(input, "The input")).value)}`;
  return `return await codemode.run(${JSON.stringify(name)}${given});`;
}
