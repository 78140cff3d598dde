/**
 * What of an error may enter the guest: its code, message, hint and data. Never its cause or the host's stack.
 */
import { CallError } from "../call-error.ts";
import type { CodemodeError } from "../errors.ts";
import type { GuestError } from "../spec/engine.ts";
import type { Value } from "../spec/value.ts";

const maxMessage = 4_000;

/** `line` is that of the call in the snippet, for errors that have no position of their own. */
export function toGuestError(error: CodemodeError, line?: number): GuestError {
  const at = error.line ?? line;
  return {
    code: error.code,
    ...(error instanceof CallError ? { outcome: error.outcome } : {}),
    message: error.message.length > maxMessage ? `${error.message.slice(0, maxMessage)}…` : error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(at === undefined ? {} : { line: at }),
    ...(error.column === undefined ? {} : { column: error.column }),
    ...(error.data === undefined ? {} : { data: error.data as Value }),
  };
}
