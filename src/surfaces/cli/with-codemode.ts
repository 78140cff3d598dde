/**
 * Runs a command's body with a `Codemode` of the configuration in force, and closes it whatever happens.
 */
import type { Codemode } from "../../spec/codemode.ts";
import { toPinOptions } from "./ask-pin.ts";
import type { CliContext } from "./cli-command.ts";
import { toLogLevel } from "./cli-command.ts";
import { composeCodemode } from "./compose-codemode.ts";
import { loadConfig } from "./config/load-config.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import type { Log, LogLevelName } from "./create-log.ts";
import { openJournal } from "./open-journal.ts";
import { openWorkspaces } from "./open-workspaces.ts";

export interface SessionOptions {
  readonly config: string | undefined;
  readonly dial?: "background" | "lazy";
  /** `store` keeps runs where the configuration says; `memory` (default) is for commands that keep none. */
  readonly journal?: "store" | "memory";
  /** `none` leaves every source alone. Default: those of the configuration. */
  readonly sources?: "configured" | "none";
  readonly log?: string | undefined;
  readonly logLevel?: LogLevelName;
}

export interface Session {
  readonly codemode: Codemode;
  readonly loaded: LoadedConfig;
  readonly log: Log;
}

export async function withCodemode<T>(
  context: CliContext,
  options: SessionOptions,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const log = context.createLog(toLogLevel(options.log, options.logLevel ?? "warn"));
  const loaded = await loadContextConfig(context, options.config);
  for (const warning of loaded.warnings) log.warn(warning);
  const pin = toPinOptions(loaded, context.terminal);
  await using codemode = await composeCodemode(loaded, {
    ...(pin === undefined ? {} : { pin }),
    warn: (message, details) => log.warn(details, message),
    dial: options.dial ?? "lazy",
    ...(options.sources === undefined ? {} : { sources: options.sources }),
    ...(options.journal === "store"
      ? { journal: openJournal(loaded), workspaces: openWorkspaces(loaded) }
      : {}),
  });
  return await body({ codemode, loaded, log });
}

export function loadContextConfig(
  { terminal, workingFolder, host }: CliContext,
  flag: string | undefined,
): Promise<LoadedConfig> {
  return loadConfig({ flag, workingFolder, host, ask: terminal.ask });
}
