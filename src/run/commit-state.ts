/**
 * Commits what a run did to its workspace's state, exactly once, before the run's end is recorded: a host that dies
 * in between replays to the same end and finds the commit made.
 */
import { toCodemodeError } from "../errors.ts";
import type { GuestError } from "../spec/engine.ts";
import type { RunRecord } from "./run-record.ts";
import type { RunState } from "./run-state.ts";
import { toGuestError } from "./to-guest-error.ts";

/** Why a completed run fails after all; nothing of its state was then kept. */
export async function commitCompleted(state: RunState, record: RunRecord): Promise<GuestError | undefined> {
  return commit(state, record, true);
}

/** Commits what was to be kept even so. The error to record: the run's own, with what went wrong here beside it. */
export async function commitFailed(
  state: RunState,
  record: RunRecord,
  error: GuestError,
): Promise<GuestError> {
  const fault = await commit(state, record, false);
  if (fault === undefined) return error;
  const lost = `The state that was to be kept even so could not be: ${fault.message}`;
  return { ...error, hint: error.hint === undefined ? lost : `${error.hint} ${lost}` };
}

async function commit(
  state: RunState,
  record: RunRecord,
  completed: boolean,
): Promise<GuestError | undefined> {
  const changes = state.changesAfter(completed);
  if (changes.length === 0) return undefined;
  try {
    // What the run was answered is on disk first, or a replay could read otherwise and end elsewhere. It is also
    // what a host that has lost the run fails at.
    await record.calls.commit({ durable: true });
    await state.commit(changes);
    return undefined;
  } catch (error) {
    return toGuestError(toCodemodeError(error));
  }
}
