/**
 * Runs a command's body with a `Codemode` of the configuration in force, and closes it whatever happens.
 */
import type { Codemode } from "../../spec/codemode.ts";
import { toPinOptions } from "./ask-pin.ts";
import type { CliContext } from "./cli-command.ts";
import { toLogLevel } from "./cli-command.ts";
import { composeCodemode } from "./compose-codemode.ts";
import { rememberNamed } from "./config/consent.ts";
import { loadConfig } from "./config/load-config.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import type { Log, LogLevelName } from "./create-log.ts";
import { followPolicy } from "./follow-policy.ts";
import { openJournal } from "./open-journal.ts";
import { openWorkspaces } from "./open-workspaces.ts";

export interface SessionOptions {
  readonly config: string | undefined;
  /** The run that the command is about, whose own configuration is meant unless `config` names one. */
  readonly run?: string | undefined;
  readonly dial?: "background" | "lazy";
  /** `store` keeps runs where the configuration says; `memory` (default) is for commands that keep none. */
  readonly journal?: "store" | "memory";
  /** `none` leaves every source alone. Default: those of the configuration. */
  readonly sources?: "configured" | "none";
  /** For servers: the policy follows the configuration's file, where that becomes stricter. */
  readonly follow?: boolean;
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
  const loaded = await loadContextConfig(context, options.config, options.run);
  if (loaded.origin === "flag" && options.journal === "store") await rememberNamedConfig(loaded, context);
  for (const warning of loaded.warnings) log.warn(warning);
  const pin = toPinOptions(loaded, context.terminal);
  using followed = options.follow === true ? followPolicy(loaded, log) : undefined;
  await using codemode = await composeCodemode(loaded, {
    ...(followed === undefined ? {} : { stricter: followed.policy }),
    ...(pin === undefined ? {} : { pin }),
    warn: (message, details) => log.warn(details, message),
    dial: options.dial ?? "lazy",
    ...(options.sources === undefined ? {} : { sources: options.sources }),
    ...(options.journal === "store"
      ? { journal: openJournal(loaded), workspaces: openWorkspaces(loaded) }
      : {}),
  });
  return await body({ codemode: unhurriedRuns(codemode, context), loaded, log });
}

/** The same, with every run that is under way told to the program: it is not cut short by an interruption. */
function unhurriedRuns(codemode: Codemode, { unhurried }: Pick<CliContext, "unhurried">): Codemode {
  const held = async <T>(run: Promise<T>): Promise<T> => {
    using _run = unhurried();
    return await run;
  };
  return {
    ...codemode,
    execute: (request) => held(codemode.execute(request)),
    resume: (request) => held(codemode.resume(request)),
    call: (path, args, request) => held(codemode.call(path, args, request)),
    rollback: (request) => held(codemode.rollback(request)),
    replay: (request) => held(codemode.replay(request)),
  };
}

export function loadContextConfig(
  { terminal, workingFolder, host }: CliContext,
  flag: string | undefined,
  run?: string,
): Promise<LoadedConfig> {
  return loadConfig({ flag, workingFolder, host, run, ask: terminal.ask });
}

/** A state folder that cannot be written costs that it is asked about again. */
async function rememberNamedConfig(
  { file, source, config, folders }: LoadedConfig,
  { host }: CliContext,
): Promise<void> {
  const request = { file, source, config, stateFolder: folders.state, env: host.env };
  await rememberNamed(request).catch(() => undefined);
}
