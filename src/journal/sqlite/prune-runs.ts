/**
 * Removes ended runs past what is to be kept: too old, too many, too large. What is paused, unfinished or
 * has a call in doubt is never removed.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Retention } from "../../spec/journal.ts";

const removable = `status IN ('completed', 'failed', 'rejected', 'cancelled')
  AND NOT EXISTS (SELECT 1 FROM calls WHERE calls.run_id = runs.run_id AND calls.state = 'in_doubt')`;

/** The number of runs removed. */
export function pruneRuns(
  database: DatabaseSync,
  { maxAgeMs, maxRuns, maxBytes }: Retention,
  now: number,
): number {
  let removed = 0;
  const remove = (condition: string, ...parameters: number[]): void => {
    const { changes } = database
      .prepare(`DELETE FROM runs WHERE ${removable} AND ${condition}`)
      .run(...parameters);
    removed += Number(changes);
  };
  if (maxAgeMs !== undefined) remove("updated_at < ?", now - maxAgeMs);
  if (maxRuns !== undefined)
    remove("run_id NOT IN (SELECT run_id FROM runs ORDER BY started_at DESC, run_id DESC LIMIT ?)", maxRuns);
  if (maxBytes !== undefined) {
    remove(
      `run_id IN (SELECT run_id FROM (SELECT run_id, sum(bytes) OVER (ORDER BY started_at DESC, run_id DESC) AS total FROM
        (SELECT runs.run_id, started_at, length(code) + coalesce(length(outcome), 0) + coalesce((SELECT sum(length(args) + coalesce(length(calls.outcome), 0))
          FROM calls WHERE calls.run_id = runs.run_id), 0) AS bytes FROM runs)) WHERE total > ?)`,
      maxBytes,
    );
  }
  return removed;
}
