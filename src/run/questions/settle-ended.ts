/**
 * Writes in doubt of runs that have ended: nobody waits for them any more, and a person may still say what became of
 * each, so that the record is true and can be removed some day. Nothing is sent.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { CodemodeError } from "../../errors.ts";
import type { ApprovalAnswer } from "../../spec/codemode.ts";
import type { ApprovalRow, CallRow, Lease, RunRow } from "../../spec/journal.ts";
import { noExpiry } from "../ask-permission.ts";
import { isEnded, type Store } from "../end-run.ts";
import { newOwner } from "../lease/hold-lease.ts";
import { valueToText } from "../value-text.ts";
import { checkShown, toBinding } from "./question-binding.ts";

/** The questions that an ended run leaves; none of one that goes on. */
export function endedDoubts(run: RunRow, calls: readonly CallRow[]): readonly ApprovalRow[] {
  if (!isEnded(run)) return [];
  return calls
    .filter(({ state, effect }) => state === "in_doubt" && effect !== "read")
    .map(({ seq, path, argsHash, settledAt, issuedAt }) => {
      const askedAt = settledAt ?? issuedAt;
      const expiresAt = askedAt + noExpiry;
      return {
        runId: run.runId,
        seq,
        kind: "in_doubt",
        path,
        argsHash,
        state: "pending",
        askedAt,
        expiresAt,
      };
    });
}

/** The number of writes that were settled; none where none is in doubt. Throws `usage` for what only a run that goes on can do. */
export async function settleEnded(
  { seq, binding, approve, value, comment, resend, stop, scope }: ApprovalAnswer,
  run: RunRow,
  store: Store,
): Promise<number> {
  const calls = new Map((await store.journal.calls(run.runId)).map((call) => [call.seq, call]));
  const open = endedDoubts(run, [...calls.values()]).filter(
    (each) =>
      (seq === undefined || each.seq === seq) &&
      (binding === undefined || toBinding(each, calls.get(each.seq)) === binding),
  );
  if (open.length === 0) return 0;
  if (resend === true || stop === true || scope !== undefined)
    throw new CodemodeError(
      "usage",
      `The run ${run.runId} has ended: nothing of it is sent again, ended or agreed to any more.`,
      { hint: "Approve it when the write has happened, and reject it when it has not." },
    );
  for (const each of open) checkShown(each, calls.get(each.seq));
  const words = value === undefined ? comment : valueToText(value, { bytes: Infinity, depth: 200 }, "value");
  const answeredAt = Date.now();
  const said = {
    state: approve ? "approved" : "dropped",
    ...(words === undefined ? {} : { comment: words }),
  } as const;
  const lease = await holdEnded(run.runId, store);
  const asked = await store.journal.approvals(run.runId);
  const known = asked.filter(({ kind, state }) => kind === "in_doubt" && state === "pending");
  for (const row of known)
    if (open.some((each) => each.seq === row.seq)) await store.journal.answer({ ...row, ...said });
  await store.journal.commit(lease, {
    calls: open.flatMap((each): CallRow[] => {
      const call = calls.get(each.seq);
      return call === undefined ? [] : [{ ...call, state: approve ? "done" : "error" }];
    }),
    approvals: open
      .filter((each) => !asked.some((row) => row.kind === "in_doubt" && row.seq === each.seq))
      .map((each) => ({ ...each, ...said, answeredAt })),
    durable: true,
  });
  await store.journal.release(lease);
  return open.length;
}

/** Who held the run when it was ended may be about to send what it had noted down, until its lease has run out. */
async function holdEnded(runId: string, { journal, leaseMs }: Store): Promise<Lease> {
  for (let waited = 0; waited < leaseMs * 2; waited += 250) {
    const lease = await journal.claim(runId, newOwner(), leaseMs);
    if (lease !== undefined) return lease;
    await sleep(250);
  }
  throw new CodemodeError("lease_lost", `Another host holds the run ${runId}.`, {
    hint: "Try again in a minute; nothing was noted down.",
  });
}
