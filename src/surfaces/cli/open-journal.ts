/**
 * Opens the store of runs that a configuration names.
 */
import { join } from "node:path";
import { CodemodeError } from "../../errors.ts";
import { createSqliteJournal } from "../../journal/sqlite/create-sqlite-journal.ts";
import type { Journal } from "../../spec/journal.ts";
import type { LoadedConfig } from "./config/load-config.ts";

/** Throws `config_invalid` for a store of a kind that there is not. */
export function openJournal({ config, values, folders }: LoadedConfig): Journal {
  if (config.store === undefined) return createSqliteJournal({ path: join(folders.state, "state.db") });
  const store = values.text(config.store, ["store"]);
  if (store === ":memory:") return createSqliteJournal({ path: store });
  const kind = /^([a-z][a-z0-9+.-]+):\/\//i.exec(store)?.[1];
  if (kind !== undefined) {
    throw new CodemodeError(
      "config_invalid",
      `store names a store of the kind "${kind}", which there is not.`,
      {
        hint: "Give the path of a file.",
        data: { field: "store" },
      },
    );
  }
  return createSqliteJournal({ path: values.path(config.store, ["store"]) });
}
