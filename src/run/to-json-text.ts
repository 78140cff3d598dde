/**
 * A value of a snippet as JSON text, with nothing lost in silence: what JSON cannot say is refused with its place.
 * `parse-exact.ts` reads it back as it was, but for small bigints, which are numbers then.
 */
import { CodemodeError } from "../errors.ts";
import { printKept } from "../json/print-exact.ts";
import { findUnsupported } from "../schema/unsupported-values.ts";
import type { Value } from "../spec/value.ts";

/** Throws `value_unsupported`; `what` names the taker, such as `codemode.state.set`. */
export function toJsonText(value: Value, what: string): string {
  const problem = findUnsupported(value).problems[0] ?? findLossy(value);
  if (problem !== undefined)
    throw new CodemodeError(
      "value_unsupported",
      `${what} takes JSON: ${problem.message.replace(/^the argument/, "the value")}.`,
      problem.hint === undefined ? {} : { hint: problem.hint },
    );
  return printKept(value);
}

/** A Date and bytes are fine as a tool's arguments; kept as JSON they would come back as something else. */
function findLossy(value: Value): { readonly message: string; readonly hint: string } | undefined {
  const waiting: Value[] = [value];
  for (let at = 0; at < waiting.length; at += 1) {
    const current = waiting[at];
    if (current instanceof Date)
      return { message: "it holds a Date, which JSON cannot say", hint: "Pass date.toISOString()." };
    if (current instanceof Uint8Array)
      return { message: "it holds bytes, which JSON cannot say", hint: "Pass them as base64 text." };
    if (typeof current === "object" && current !== null) {
      for (const child of Object.values(current)) waiting.push(child);
    }
  }
  return undefined;
}
