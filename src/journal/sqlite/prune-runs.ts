/**
 * Removes ended runs past what is to be kept: too old, too many, too large. What is paused, unfinished or
 * has a call in doubt is not removed, the latter unless it is as old as the retention says.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Retention } from "../../spec/journal.ts";

const hasEnded = "status IN ('completed', 'failed', 'rejected', 'cancelled')";
const isCertain =
  "NOT EXISTS (SELECT 1 FROM calls WHERE calls.run_id = runs.run_id AND calls.state = 'in_doubt')";

/** Removed at most at once, so that nobody waits long for the store. */
export const pruneChunk = 500;

/** The number of runs removed; there may be more when it is `pruneChunk`. */
export function pruneRuns(
  database: DatabaseSync,
  { maxAgeMs, maxRuns, maxBytes, maxDoubtMs = Infinity }: Retention,
  now: number,
): number {
  let removed = 0;
  const oldest = Number.isFinite(maxDoubtMs) ? Math.floor(now - maxDoubtMs) : -1;
  const removable = `${hasEnded} AND (${isCertain} OR updated_at < ${oldest})`;
  const remove = (condition: string, ...parameters: (string | number)[]): void => {
    const { changes } = database
      .prepare(
        `DELETE FROM runs WHERE run_id IN (SELECT run_id FROM runs WHERE ${removable} AND ${condition} LIMIT ?)`,
      )
      .run(...parameters, pruneChunk - removed);
    removed += Number(changes);
  };
  /** The newest run that is too much, and all that are older. */
  const removeFrom = (newestTooMuch: string, most: number): void => {
    const cut = database.prepare(newestTooMuch).get(most) as { at: number; id: string } | undefined;
    if (cut !== undefined) remove("(started_at, run_id) <= (?, ?)", cut.at, cut.id);
  };
  if (maxAgeMs !== undefined) remove("updated_at < ?", now - maxAgeMs);
  if (maxRuns !== undefined)
    removeFrom(
      "SELECT started_at AS at, run_id AS id FROM runs ORDER BY started_at DESC, run_id DESC LIMIT 1 OFFSET ?",
      maxRuns,
    );
  if (maxBytes !== undefined)
    removeFrom(
      `SELECT at, id FROM (SELECT started_at AS at, run_id AS id, sum(bytes) OVER
         (ORDER BY started_at DESC, run_id DESC ROWS UNBOUNDED PRECEDING) AS total FROM runs) WHERE total > ? LIMIT 1`,
      maxBytes,
    );
  return removed;
}
