/**
 * What runs ask a person: questions, page by page, and approvals that cover more than one of them.
 */
import type { ArgumentPredicate } from "./policy.ts";
import type { RunWrite } from "./run.ts";
import type { Effect } from "./tool.ts";
import type { Json, Value } from "./value.ts";

export interface GrantsRequest {
  readonly principal?: string;
  /** Of approvals for a run, only this one's. Default: of every run that goes on. */
  readonly runId?: string;
  /** Only those that would let this call through without a question: of the run given, or of a new one. */
  readonly covering?: { readonly path: string; readonly args: Value };
}

export interface RevokeRequest {
  readonly principal?: string;
  /** Where it was given. */
  readonly runId: string;
  readonly seq: number;
}

/** An approval that covers later calls of the same tool. Named by the run and the call at which it was given. */
export interface StandingGrant {
  readonly runId: string;
  readonly seq: number;
  readonly path: string;
  readonly effect?: Effect;
  /** The rest of that run, or every run of the principal until `until`. */
  readonly for: "run" | "while";
  /** Epoch milliseconds. */
  readonly until?: number;
  /** What later arguments must fit. */
  readonly match?: { readonly [pointer: string]: ArgumentPredicate };
  /** Epoch milliseconds. */
  readonly givenAt: number;
}

/** A run that has begun to wait for a person. */
export interface WaitingRun {
  readonly runId: string;
  readonly principal: string;
  /** What it asks, by tool and kind, the most first. */
  readonly asks: readonly {
    readonly path: string;
    readonly kind: OpenQuestion["kind"];
    readonly count: number;
  }[];
}

/** One thing that a paused run asks a person. */
export interface OpenQuestion extends Pick<RunWrite, "exact" | "inexact"> {
  readonly seq: number;
  readonly kind: "approval" | "in_doubt" | "input";
  readonly path: string;
  /** Cut, the beginning of their JSON as text. */
  readonly args: Json;
  /** Present where the arguments are cut: the characters that their JSON has. */
  readonly cut?: { readonly chars: number } | undefined;
  readonly effect: Effect;
  /** Why it is asked. */
  readonly reason?: string | undefined;
  /** Why an approval that was given for it did not count. */
  readonly refused?: { readonly code: string; readonly message: string } | undefined;
  /** The program's own question, for `input`. */
  readonly question?: { readonly message: string; readonly schema: Json } | undefined;
  /** Differs for every run, call, arguments and asking: what an answer is bound to. SHA-256 (hex). */
  readonly binding: string;
  /** Epoch milliseconds after which it counts as rejected. */
  readonly expiresAt: number;
}

export interface QuestionsRequest {
  readonly runId: string;
  readonly principal?: string;
  /** Those asked after this call: the page that follows. */
  readonly after?: number;
  /** One alone, with its arguments whole. */
  readonly seq?: number;
}

/** One page of what a run asks: as much as one text for a person holds. */
export interface OpenQuestions {
  readonly runId: string;
  readonly questions: readonly OpenQuestion[];
  /** For a person: each of these calls with its arguments, what was done so far, and the program. */
  readonly text: string;
  /** How many questions are open in all. */
  readonly total: number;
  /** All that is open, as counts, where this page does not hold it. */
  readonly counts?: WaitingRun["asks"];
}

export interface PendingRequest {
  readonly principal?: string;
  /** Runs begun before this one. */
  readonly before?: string;
  /** Default 50. */
  readonly limit?: number;
}
