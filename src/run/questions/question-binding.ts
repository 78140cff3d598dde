/**
 * What ties an answer to what was shown: the arguments as they were hashed when the call was issued, and the moment at
 * which it was asked about. Texts that were changed in the store since are neither shown nor answered.
 */
import { CodemodeError } from "../../errors.ts";
import type { ApprovalRow, CallRow } from "../../spec/journal.ts";
import { hashText } from "../value-text.ts";

/** Another run, call, kind, arguments, definition or asking has another binding. SHA-256 (hex). */
export function toBinding(asked: ApprovalRow, call: CallRow | undefined): string {
  const { runId, seq, kind, path, argsHash, askedAt } = asked;
  return hashText(
    JSON.stringify([runId, seq, kind, path, argsHash, askedAt, call?.effect ?? "", call?.definition ?? ""]),
  );
}

/** Throws `store_corrupt` where the arguments are not those that the question was asked about. */
export function checkShown({ runId, seq, argsHash }: ApprovalRow, call: CallRow | undefined): void {
  if (call !== undefined && call.argsHash === argsHash && hashText(call.args) === argsHash) return;
  throw new CodemodeError(
    "store_corrupt",
    `The arguments of call ${seq} of the run ${runId} are not those that it was asked about: they were changed in the store, or are lost.`,
    { hint: `Nothing was answered or sent. End the run with codemode cancel ${runId}.`, data: { runId } },
  );
}
