/**
 * The answer to one call of a guest, whoever gives it.
 */
import type { GuestError } from "../spec/engine.ts";
import type { ToolOutcome } from "../spec/source.ts";
import type { Value } from "../spec/value.ts";

export type Answer =
  | {
      readonly ok: true;
      readonly value: Value;
      /** JSON pointers of numbers in it that are not what the source wrote. Default: none. */
      readonly inexact?: readonly string[];
    }
  | { readonly ok: false; readonly error: GuestError };

export type Answered = Extract<Answer, { ok: true }>;

/** Where numbers were lost on the way in is part of the answer. */
export function toAnswer({ value, inexact = [] }: ToolOutcome): Answered {
  return { ok: true, value, ...(inexact.length === 0 ? {} : { inexact }) };
}
