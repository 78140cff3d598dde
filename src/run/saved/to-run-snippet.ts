/**
 * The program that runs one saved snippet with an input, for whoever has a name and a value and no code.
 */
import type { Value } from "../../spec/value.ts";
import { toJsonText } from "../to-json-text.ts";

/** Throws `value_unsupported` for an input that JSON cannot say. */
export function toRunSnippet(name: string, input: Value): string {
  const given = input === undefined ? "" : `, JSON.parse(${JSON.stringify(toJsonText(input, "The input"))})`;
  return `return await codemode.run(${JSON.stringify(name)}${given});`;
}
