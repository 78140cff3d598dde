/**
 * Looks into a store, without opening it as a journal, for the configuration that a run was begun with. Reads only, needs
 * no key, and takes a file that is no store for one that does not have the run.
 */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const busyMs = 2_000;

export interface FoundRun {
  /** Absent for runs of before it was recorded, and for those of programs without one. */
  readonly config?: string;
}

/** Nothing where the store does not have the run, for whatever reason. */
export function readRunConfig(file: string, run: { principal: string; runId: string }): FoundRun | undefined {
  if (!existsSync(file)) return undefined;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: busyMs });
    const row = database
      .prepare("SELECT * FROM runs WHERE run_id = ? AND principal = ?")
      .get(run.runId, run.principal);
    if (row === undefined) return undefined;
    return typeof row["config"] === "string" ? { config: row["config"] } : {};
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}
