/**
 * The arguments of a call that are in the store already and are not sent to it again. They are checked against their digest
 * before they are used, or a change made in the file would get a digest of its own.
 */
import type { StatementSync } from "node:sqlite";
import type { CallRow } from "../../spec/journal.ts";
import { checkCall } from "./digests.ts";
import { rowToCall, type Row } from "./rows.ts";

interface KeptArguments {
  readonly argsOf: (runId: string, seq: number) => string | undefined;
  /** The row as it is to be written. */
  readonly withKept: (runId: string, call: CallRow) => CallRow;
}

export function createKeptArguments(sql: (text: string) => StatementSync): KeptArguments {
  const argsOf = (runId: string, seq: number): string | undefined => {
    const row = sql(
      `SELECT *, coalesce(outcome, (SELECT body FROM contents WHERE hash = content)) AS outcome
       FROM calls WHERE run_id = ? AND seq = ?`,
    ).get(runId, seq) as Row | undefined;
    if (row === undefined) return undefined;
    checkCall(runId, row);
    return rowToCall(row).args;
  };
  return {
    argsOf,
    withKept: (runId, { argsKept, ...call }) =>
      argsKept === true ? { ...call, args: argsOf(runId, call.seq) ?? "" } : call,
  };
}
