/**
 * One call of a run on standard output, with its arguments and its outcome whole.
 */
import { escapeHidden } from "../../show-hidden.ts";
import type { RunDocument } from "../../spec/run.ts";
import { toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

export function showCall(call: NonNullable<RunDocument["call"]>, terminal: Terminal): void {
  const { seq, path, effect, state, reason, args, argsHash, outcome } = call;
  const what = effect === undefined ? "" : ` (${effect})`;
  terminal.out(`${seq} ${terminal.styleOut("bold", toPlainText(path))}${what} ${state}\n`);
  if (reason !== undefined) terminal.out(`${toPlainText(reason)}\n`);
  terminal.out(`Arguments, SHA-256 ${argsHash}:\n${escapeHidden(JSON.stringify(args, null, 2))}\n`);
  if (outcome !== undefined) terminal.out(`Outcome:\n${escapeHidden(JSON.stringify(outcome, null, 2))}\n`);
}
