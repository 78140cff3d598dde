/**
 * Ends a run from outside, whoever holds it: takes its lease, so that its holder can write nothing more and
 * hence send nothing more, and records the end. The holder gives its sandbox up as soon as it is told.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { CodemodeError } from "../errors.ts";
import type { Execution } from "../spec/codemode.ts";
import type { CallRow, Journal, Lease, RunRow } from "../spec/journal.ts";
import type { RunDocument } from "../spec/run.ts";
import type { ExecuteContext } from "./execute-context.ts";
import { newOwner } from "./lease/hold-lease.ts";
import { parseOutcome } from "./rows-to-document.ts";

/** Where runs are, and how long a host may go without saying that it lives. */
export type Store = Pick<ExecuteContext, "journal" | "leaseMs">;

export interface RunEnd {
  readonly status: "cancelled" | "rejected";
  readonly error: NonNullable<RunDocument["error"]>;
}

/** False when the run has ended already; nothing is changed then. */
export async function endRun(runId: string, end: RunEnd, { journal, leaseMs }: Store): Promise<boolean> {
  for (;;) {
    const lease = await journal.seize(runId, newOwner(), leaseMs);
    if (lease === undefined) return false;
    try {
      await commitEnd(lease, end, journal);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof CodemodeError) || thrown.code !== "lease_lost") throw thrown;
      // Somebody else ends it at the same time: they are let through.
      await sleep(20 + Math.random() * 80);
    }
  }
}

async function commitEnd(lease: Lease, { status, error }: RunEnd, journal: Journal): Promise<void> {
  const sent = (await journal.calls(lease.runId)).filter(isUnknown);
  const settledAt = Date.now();
  await journal.commit(lease, {
    status,
    outcome: JSON.stringify({ ...parseOutcome(undefined), error }),
    calls: sent.map((call) => ({ ...call, state: "in_doubt", failure: "unknown", settledAt })),
    durable: true,
  });
  // What its holder was about to send may leave until its lease has run out: nobody settles it before.
  if (sent.length === 0) await journal.release(lease);
}

/** A write that was under way: its holder can no longer say what became of it. */
function isUnknown({ state, effect }: CallRow): boolean {
  return state === "started" && effect !== "read";
}

/** Ends a run for good. Throws `run_not_found`; a run that has ended stays as it is. */
export async function cancelRun(
  { runId, principal = "local" }: { readonly runId: string; readonly principal?: string },
  store: Store,
): Promise<void> {
  if ((await store.journal.run(principal, runId)) === undefined)
    throw new CodemodeError("run_not_found", `There is no run "${runId.slice(0, 100)}".`, {
      hint: "List the runs there are.",
    });
  const error = { code: "run_cancelled", message: "The run was cancelled." };
  await endRun(runId, { status: "cancelled", error }, store);
}

/** A session that lost its run to somebody who ended it answers with that end. */
export async function orEnded(
  session: Promise<Execution>,
  ended: () => Promise<Execution | undefined>,
): Promise<Execution> {
  try {
    return await session;
  } catch (thrown) {
    if (!(thrown instanceof CodemodeError) || thrown.code !== "lease_lost") throw thrown;
    const execution = await ended();
    if (execution === undefined) throw thrown;
    return execution;
  }
}

export function isEnded({ status }: Pick<RunRow, "status">): boolean {
  return status === "completed" || status === "failed" || status === "rejected" || status === "cancelled";
}
