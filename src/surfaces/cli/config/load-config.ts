/**
 * Finds, reads and checks the configuration in force, with the consent it needs. What it refers to is read
 * later, by whoever needs it, through `values`.
 */
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CodemodeError } from "../../../errors.ts";
import { createConfigValues } from "./config-values.ts";
import type { ConfigText } from "./config-text.ts";
import type { ConfigValues } from "./config-values.ts";
import type { Config } from "./config-schema.ts";
import { findRunConfig } from "../stores/find-run-config.ts";
import { requireConsent } from "./consent.ts";
import { findConfig } from "./find-config.ts";
import type { ConfigOrigin } from "./find-config.ts";
import { parseConfig } from "./parse-config.ts";
import { userFolders } from "./user-folders.ts";
import type { HostPlace, UserFolders } from "./user-folders.ts";
import type { WrongEntry } from "./wrong-entries.ts";

export interface LoadOptions {
  /** What `--config` says. */
  readonly flag?: string | undefined;
  readonly workingFolder: string;
  readonly host: HostPlace;
  /** The run that the command is about: it was begun with a configuration, which is meant unless another is named. */
  readonly run?: string | undefined;
  /** Asks the person at the terminal a yes-or-no question; absent where there is no terminal. */
  readonly ask?: ((question: string) => Promise<boolean>) | undefined;
}

export interface LoadedConfig {
  readonly file: string;
  readonly origin: ConfigOrigin;
  /** As it was read. */
  readonly source: string;
  readonly config: Config;
  readonly values: ConfigValues;
  /** The file as it was read, for the place of a field. */
  readonly text: ConfigText;
  readonly warnings: readonly string[];
  /** Entries that cannot be used: their sources have failed. */
  readonly wrong: readonly WrongEntry[];
  readonly folders: UserFolders;
}

const maxConfigBytes = 4 * 2 ** 20;

/** Throws `config_not_found`, `config_unreadable`, `config_invalid` or `config_consent_required`. */
export async function loadConfig({
  flag,
  workingFolder,
  host,
  run,
  ask,
}: LoadOptions): Promise<LoadedConfig> {
  const folders = userFolders(host);
  const recorded = flag === undefined && run !== undefined ? findRunConfig(folders.state, run) : undefined;
  const { file, origin } = findConfig({ flag, workingFolder, userConfigFolder: folders.config, recorded });
  const source = await readSource(file);
  const { config, text, warnings, wrong } = parseConfig(source, file);
  const request = { file, source, config, stateFolder: folders.state, env: host.env };
  if (origin === "folder" || origin === "run") await requireConsent({ ...request, ask, origin });
  const values = createConfigValues({ text, folder: dirname(file), home: host.home, env: host.env });
  return { file, origin, source, config, values, text, warnings, wrong, folders };
}

async function readSource(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodemodeError("config_unreadable", `${file} cannot be read: ${reason}.`, {
      cause,
      data: { file },
    });
  }
  if (bytes.length > maxConfigBytes) {
    throw new CodemodeError("config_unreadable", `${file} is larger than ${maxConfigBytes / 2 ** 20} MiB.`, {
      data: { file },
    });
  }
  return bytes.toString("utf8");
}
