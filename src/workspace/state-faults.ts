/**
 * What can be wrong with a commit of state, in words that every store shares.
 */
import { CodemodeError } from "../errors.ts";
import type { StateLimits } from "../spec/workspace.ts";

/** Another run has changed the key since this one read it. */
export function stateConflict(key: string): CodemodeError {
  return new CodemodeError(
    "state_conflict",
    `The state's key ${JSON.stringify(key.slice(0, 100))} has been changed by another run since this one read it; none of this run's changes to the state were kept.`,
    { hint: "Run the program again: it will read the value as it is now.", data: { key } },
  );
}

/** Throws `state_limit` when a workspace of this size is larger than it may be. */
export function refuseLargeState(
  { keys, bytes }: { readonly keys: number; readonly bytes: number },
  limits: StateLimits,
): void {
  const hint = "Delete keys that are no longer needed: codemode.state.list() names them with their sizes.";
  if (keys > limits.keys)
    throw new CodemodeError(
      "state_limit",
      `The state would have ${keys} keys; a workspace may have ${limits.keys}.`,
      { hint },
    );
  if (bytes > limits.totalBytes)
    throw new CodemodeError(
      "state_limit",
      `The state would have ${bytes} bytes; a workspace may have ${limits.totalBytes}.`,
      { hint },
    );
}
