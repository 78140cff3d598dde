/**
 * What a run that begins to wait asks, as counts: one line for whoever watches a server.
 */
import type { WaitingRun } from "../../spec/questions.ts";
import type { RunDocument } from "../../spec/run.ts";
import { countAsks } from "../render/count-asks.ts";

export function toWaiting(
  { runId, pending = [], pendingCounts }: RunDocument,
  principal: string,
): WaitingRun {
  return { runId, principal, asks: pendingCounts ?? countAsks(pending) };
}
