/**
 * What the journal is told of a call before it is sent: why it may be, or what a person is asked first.
 */
import type { ApprovalRow } from "../spec/journal.ts";

/** What the policy decided on a call, with what the upstream is given to recognise a repetition. */
export interface Intent {
  readonly decision: "allow" | "ask";
  readonly reason: string;
  readonly idempotencyKey?: string;
  /** The policy lets it through by itself, and only the hash of what it answers is kept: it can be made again. */
  readonly repeatable?: true;
}

export interface Question {
  readonly kind: ApprovalRow["kind"];
  readonly reason: string;
  readonly ttlMs: number;
  /** Why an approval that was given for the same call did not count. */
  readonly refused?: string;
}
