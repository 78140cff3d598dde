/**
 * One call of a run on standard output, with its arguments and its outcome whole.
 */
import { printExact } from "../../json/print-exact.ts";
import { restoreIntegers } from "../../json/restore-integers.ts";
import { escapeHidden } from "../../show-hidden.ts";
import type { RunDocument } from "../../spec/run.ts";
import { toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

export function showCall(call: NonNullable<RunDocument["call"]>, terminal: Terminal): void {
  const { seq, path, effect, state, reason, argsHash, exact } = call;
  // Large integers as digits, as JSON may have them.
  const whole: { readonly args: unknown; readonly outcome?: unknown } = Object(restoreIntegers(call, exact));
  const toText = (value: unknown): string => escapeHidden(printExact(value, 2) ?? "");
  const what = effect === undefined ? "" : ` (${effect})`;
  terminal.out(`${seq} ${terminal.styleOut("bold", toPlainText(path))}${what} ${state}\n`);
  if (reason !== undefined) terminal.out(`${toPlainText(reason)}\n`);
  terminal.out(`Arguments, SHA-256 ${argsHash}:\n${toText(whole.args)}\n`);
  if (whole.outcome !== undefined) terminal.out(`Outcome:\n${toText(whole.outcome)}\n`);
}
