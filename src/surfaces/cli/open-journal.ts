/**
 * Opens the store of runs that a configuration names.
 */
import { join } from "node:path";
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import { createSqliteJournal } from "../../journal/sqlite/create-sqlite-journal.ts";
import type { Journal } from "../../spec/journal.ts";
import type { Config } from "./config/config-schema.ts";
import type { ConfigValues } from "./config/config-values.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import type { SecretReference } from "./config/openapi-entry-schema.ts";
import { createSecretReader } from "./create-secret-reader.ts";
import { defaultStoreName } from "./stores/find-run-config.ts";
import { rememberStore } from "./stores/store-index.ts";

/**
 * Throws `config_invalid` for a store of a kind that there is not, and for a sensitive source without a key.
 * The key itself is read when the store is first used.
 */
export function openJournal(loaded: LoadedConfig): Journal {
  const { config } = loaded;
  const file = storeFile(loaded);
  const key = storeKey(loaded);
  if (file !== ":memory:" && key.key === undefined) refuseSensitive(config.sources);
  const { state } = loaded.folders;
  if (file !== ":memory:" && file !== join(state, defaultStoreName)) rememberStore(state, file);
  return createSqliteJournal({ path: file, ...key });
}

/** How the key is read, where there is one. */
export function storeKey({ config, values }: LoadedConfig): { readonly key?: () => Promise<string> } {
  const key = typeof config.store === "string" ? undefined : config.store?.key;
  return key === undefined ? {} : { key: () => readKey(key, values) };
}

/** The file that runs are kept in, or `:memory:`. Throws `config_invalid`. */
export function storeFile({ config, values, folders }: LoadedConfig): string {
  const path = typeof config.store === "string" ? config.store : config.store?.path;
  const field = typeof config.store === "string" ? ["store"] : ["store", "path"];
  return path === undefined ? join(folders.state, defaultStoreName) : toFile(path, { field, values });
}

function toFile(
  path: string,
  { field, values }: { readonly field: readonly string[]; readonly values: ConfigValues },
): string {
  const store = values.text(path, field);
  if (store === ":memory:") return store;
  const kind = /^([a-z][a-z0-9+.-]+):\/\//i.exec(store)?.[1];
  if (kind === undefined) return values.path(path, field);
  throw new CodemodeError(
    "config_invalid",
    `store names a store of the kind "${kind}", which there is not.`,
    {
      hint: "Give the path of a file.",
      data: { field: field.join(".") },
    },
  );
}

function refuseSensitive(sources: Config["sources"] = {}): void {
  const found = Object.entries(sources).find(([, { sensitive }]) => sensitive === true);
  if (found === undefined) return;
  throw new CodemodeError(
    "config_invalid",
    `sources.${found[0]} is sensitive, and store has no key to encrypt it with.`,
    {
      hint: 'Add "store": { "key": "${CODEMODE_STORE_KEY}" }, or a command that reads it from your keyring.',
      data: { field: `sources.${found[0]}.sensitive` },
    },
  );
}

async function readKey(key: SecretReference, values: ConfigValues): Promise<string> {
  try {
    return await createSecretReader(values)(key, ["store", "key"]);
  } catch (cause) {
    const { message, hint } = toCodemodeError(cause);
    throw new CodemodeError("store_key_missing", `The store's key cannot be read: ${message}`, {
      cause,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
