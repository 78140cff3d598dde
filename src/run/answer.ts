/**
 * The answer to one call of a guest, whoever gives it.
 */
import type { GuestError } from "../spec/engine.ts";
import type { Value } from "../spec/value.ts";

export type Answer =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: GuestError };
