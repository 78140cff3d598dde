/**
 * What a run that begins to wait asks, as counts: one line for whoever watches a server.
 */
import type { WaitingRun } from "../../spec/codemode.ts";
import type { RunDocument } from "../../spec/run.ts";

export function toWaiting({ runId, pending = [] }: RunDocument, principal: string): WaitingRun {
  const asks = new Map<string, WaitingRun["asks"][number]>();
  for (const { path, kind } of pending) {
    const known = asks.get(`${kind} ${path}`);
    asks.set(`${kind} ${path}`, { path, kind, count: (known?.count ?? 0) + 1 });
  }
  return { runId, principal, asks: [...asks.values()].sort((a, b) => b.count - a.count) };
}
