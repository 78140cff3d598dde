/**
 * A write that left and of which no answer came: a person is asked whether it happened, and the same write is not sent
 * again beside it, whoever asks for it (`retry`, a loop, another branch). One whose key the upstream recognises is sent
 * once more first, which does no harm.
 */
import { CallError, outcomeOf, withOutcome } from "../../call-error.ts";
import type { CodemodeError } from "../../errors.ts";
import { noExpiry, type ToolRequest } from "../ask-permission.ts";
import type { RunRecord } from "../run-record.ts";

interface RepeatContext {
  readonly record: RunRecord;
  readonly unknownWrites: "ask" | "tell" | "as_before";
}

/** Whether nobody waits for the call any more. */
export function isOver(run: { readonly signal: AbortSignal; readonly isOver?: () => boolean }): boolean {
  return run.signal.aborted || run.isOver?.() === true;
}

/** The run pauses until a person has said whether it happened. Resolves when the question is on disk. */
export async function askWhetherDone(
  { seq, tool }: ToolRequest,
  { message }: CodemodeError,
  { calls }: RunRecord,
): Promise<void> {
  await calls.ask(seq, tool, {
    kind: "in_doubt",
    reason: `It was sent and no answer came: ${message}`,
    ttlMs: noExpiry,
  });
}

/** Throws `write_in_doubt`; nothing is sent then. */
export function refuseRepeated(
  { seq, tool, idempotencyKey }: ToolRequest,
  { record, unknownWrites }: RepeatContext,
): void {
  if (unknownWrites === "as_before" || tool.effect === "read" || idempotencyKey !== undefined) return;
  const own = record.calls.row(seq);
  const earlier = record.calls.rows.find(
    (row) =>
      row.seq !== seq &&
      row.state === "in_doubt" &&
      row.path === tool.path &&
      row.argsHash === own?.argsHash &&
      row.idempotencyKey === undefined,
  );
  // What is on record already is settled by its own question.
  if (earlier === undefined || own === undefined || own.state !== "intent") return;
  throw new CallError(
    "write_in_doubt",
    `tools.${tool.path} was sent with these arguments as call ${earlier.seq}, and nobody knows whether it happened. It was not sent again.`,
    { outcome: "not_sent", hint: "Look whether it happened before anything else, or tell the user." },
  );
}

/** For a write whose key the upstream recognises: what may have been lost on the way is sent once more. */
export async function sendTwice<T>(send: () => Promise<T>, isOver: () => boolean): Promise<T> {
  try {
    return await send();
  } catch (thrown) {
    if (outcomeOf(thrown) !== "unknown" || isOver()) throw thrown;
    // Whatever becomes of this one, the first may have happened.
    return await send().catch((again: unknown) => {
      throw withOutcome(again, "unknown");
    });
  }
}
