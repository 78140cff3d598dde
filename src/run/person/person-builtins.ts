/**
 * `codemode.confirm(message)` and `codemode.input({ message, schema })`: questions of a snippet to a person. The run
 * pauses as for an approval; the answer lies in the journal, and a replay finds it there.
 */
import { CodemodeError } from "../../errors.ts";
import type { ApprovalRow } from "../../spec/journal.ts";
import type { Value } from "../../spec/value.ts";
import { personOwes, type BuiltinCall, type Builtins } from "../call-builtin.ts";
import type { RunRecord } from "../run-record.ts";
import { textToValue } from "../value-text.ts";
import { readQuestion } from "./read-question.ts";

/** `approvalMs`: milliseconds a question stays open. */
export function createPersonBuiltins(record: RunRecord, approvalMs: number): Builtins {
  const ask =
    (path: "confirm" | "input") =>
    async ({ seq, args }: BuiltinCall): Promise<Value | typeof personOwes> => {
      readQuestion(path, args);
      const asked = record.calls.approval(seq, "input");
      if (asked !== undefined) return readAnswer(path, asked);
      await record.calls.ask(seq, undefined, {
        kind: "input",
        reason: "The snippet asks a person.",
        ttlMs: approvalMs,
      });
      return personOwes;
    };
  return new Map([
    ["confirm", ask("confirm")],
    ["input", ask("input")],
  ]);
}

function readAnswer(path: "confirm" | "input", row: ApprovalRow): Value | typeof personOwes {
  const { state, comment, expiresAt } = row;
  if (state === "pending" && expiresAt > Date.now()) return personOwes;
  if (state === "approved") return comment === undefined ? true : textToValue(comment);
  if (state === "rejected" && path === "confirm") return false;
  const why = state === "rejected" ? "A person declined to answer" : "Nobody answered in time";
  throw new CodemodeError(
    "approval_rejected",
    `${why} what codemode.${path} asked${state === "rejected" && comment !== undefined ? `: ${comment}` : "."}`,
    { hint: "Do without the answer, and tell the user what is left undone." },
  );
}
