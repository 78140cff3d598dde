/**
 * What a run asks, as counts by tool and kind, the most first: all that is said of questions which are too many to list.
 */
import type { WaitingRun } from "../../spec/questions.ts";
import type { ApprovalRow } from "../../spec/journal.ts";

export function countAsks(pending: readonly Pick<ApprovalRow, "path" | "kind">[]): WaitingRun["asks"] {
  const asks = new Map<string, WaitingRun["asks"][number]>();
  for (const { path, kind } of pending) {
    const known = asks.get(`${kind} ${path}`);
    asks.set(`${kind} ${path}`, { path, kind, count: (known?.count ?? 0) + 1 });
  }
  return [...asks.values()].sort((a, b) => b.count - a.count);
}
