/**
 * Finds the configuration that a run was begun with by the run's id: in the default store, then in those that were used
 * with other configurations. What is found says where to look, and is no consent to it.
 */
import { join } from "node:path";
import { readRunConfig } from "../../../journal/sqlite/read-run-config.ts";
import { listStores } from "./store-index.ts";

export const defaultStoreName = "state.db";

/** Nothing where no store has the run, or it was begun without a configuration. */
export function findRunConfig(stateFolder: string, runId: string): string | undefined {
  for (const store of [join(stateFolder, defaultStoreName), ...listStores(stateFolder)]) {
    const found = readRunConfig(store, { principal: "local", runId });
    if (found !== undefined) return found.config;
  }
  return undefined;
}
