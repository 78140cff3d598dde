/**
 * The calls of a run that were let through, by effect and time: what a policy's budgets count.
 */
import type { CallRow } from "../spec/journal.ts";
import type { Effect } from "../spec/tool.ts";

export class MadeCalls {
  readonly byEffect = { read: 0, write: 0, destructive: 0 };
  /** Oldest first. */
  readonly times: { readonly effect: Effect; readonly at: number }[] = [];

  count(effect: Effect, at: number): void {
    this.byEffect[effect] += 1;
    this.times.push({ effect, at });
  }
}

/** Whether the call was let through. */
export function isSent({ state }: CallRow): boolean {
  return state !== "intent" && state !== "denied";
}
