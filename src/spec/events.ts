/**
 * What happens in a run, as an append-only list with sequence numbers, so that a screen can follow and
 * catch up.
 */
import type { LogLevel } from "./engine.ts";
import type { RunStatus } from "./run.ts";
import type { Effect } from "./tool.ts";

export type RunEventBody =
  | { readonly type: "status"; readonly status: RunStatus }
  | { readonly type: "call"; readonly call: number; readonly path: string; readonly effect: Effect }
  | {
      readonly type: "outcome";
      readonly call: number;
      readonly path: string;
      readonly ok: boolean;
      readonly ms: number;
    }
  | {
      readonly type: "progress";
      readonly call: number;
      readonly path: string;
      readonly done: number;
      readonly total?: number;
      readonly message?: string;
    }
  | { readonly type: "log"; readonly level: LogLevel; readonly text: string };

export type RunEvent = RunEventBody & {
  readonly runId: string;
  /** Counts from 1 within the run. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
};
