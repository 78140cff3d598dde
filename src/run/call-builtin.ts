/**
 * Answers `codemode.<name>(…)`: what a snippet may ask of the product itself rather than of a tool.
 */
import { CodemodeError, toCodemodeError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { GuestCall } from "../spec/engine.ts";
import type { Value } from "../spec/value.ts";
import type { Answer } from "./answer.ts";
import { PartlyExact } from "./partly-exact.ts";
import { toGuestError } from "./to-guest-error.ts";

/** What a builtin resolves to when a person must answer first; the question is in the journal then. */
export const personOwes: unique symbol = Symbol("a person owes the answer");

export interface BuiltinCall {
  readonly seq: number;
  readonly args: readonly Value[];
  readonly principal: string;
}

/** By name; `search` is `codemode.search`. */
export type Builtins = ReadonlyMap<
  string,
  (call: BuiltinCall) => Promise<Value | PartlyExact | typeof personOwes>
>;

/** Never rejects. `undefined`: a person must answer first. */
export async function callBuiltin(
  call: GuestCall,
  builtins: Builtins,
  principal: string,
): Promise<Answer | undefined> {
  try {
    const name = call.path.join(".");
    const builtin = builtins.get(name);
    if (builtin === undefined) throw unknownBuiltin(name, builtins);
    const value = await builtin({ seq: call.seq, args: call.args, principal });
    if (value === personOwes) return undefined;
    if (!(value instanceof PartlyExact)) return { ok: true, value };
    return { ok: true, value: value.value, inexact: value.inexact };
  } catch (error) {
    return { ok: false, error: toGuestError(toCodemodeError(error), call.line) };
  }
}

function unknownBuiltin(name: string, builtins: Builtins): CodemodeError {
  const shown = name.slice(0, 100);
  const near = nearest(shown, builtins.keys()).map((each) => `codemode.${each}`);
  const all = [...builtins.keys()].map((each) => `codemode.${each}`).join(", ");
  return new CodemodeError("tool_not_found", `There is no codemode.${shown}; there are ${all}.`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.join(" or ")}?`
        : "Tools are called as tools.<source>.<name>(args).",
  });
}
