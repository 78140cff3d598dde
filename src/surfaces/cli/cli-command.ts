/**
 * What a command of the program is: its words for the help, its arguments, and what it does with them.
 */
import type { ArgsDef, EnumArgDef, ParsedArgs } from "citty";
import type { HostPlace } from "./config/user-folders.ts";
import type { Log, LogLevelName } from "./create-log.ts";
import { logLevels } from "./create-log.ts";
import type { ExitCode } from "./exit-codes.ts";
import { parseCommandLine } from "./parse-command-line.ts";
import type { Terminal } from "./terminal.ts";

/** What every command may use of the world around it. */
export interface CliContext {
  readonly terminal: Terminal;
  readonly host: HostPlace;
  readonly workingFolder: string;
  /** Aborts when the person or the system asks the program to end. */
  readonly signal: AbortSignal;
  /** Held while a run is under way, which is ended in order however long that takes. */
  readonly unhurried: () => Disposable;
  createLog(level: LogLevelName): Log;
  /** All there are, in the order of the help. */
  readonly commands: {
    readonly names: readonly string[];
    load(name: string): Promise<CliCommand | undefined>;
  };
}

export interface CliCommand {
  readonly description: string;
  readonly examples: readonly string[];
  readonly args: ArgsDef;
  /** Throws `CodemodeError`s; `usage` for arguments that make no sense. */
  run(rawArgs: readonly string[], context: CliContext): Promise<ExitCode>;
  /** The help of what the arguments name, where there is one of its own. */
  help?(rawArgs: readonly string[], context: CliContext): Promise<string | undefined>;
}

interface CommandDefinition<T extends ArgsDef> {
  readonly description: string;
  readonly examples: readonly string[];
  readonly args: T;
  readonly run: (args: ParsedArgs<T>, context: CliContext) => Promise<ExitCode>;
}

export function defineCliCommand<const T extends ArgsDef>({
  run,
  ...definition
}: CommandDefinition<T>): CliCommand {
  return {
    ...definition,
    run: (rawArgs, context) => run(parseCommandLine(rawArgs, definition.args), context),
  };
}

export const configArg = {
  config: {
    type: "string",
    valueHint: "file",
    description: "The configuration to use. Default: ./codemode.json, then the user's own",
  },
} as const;

export const jsonArg = {
  json: { type: "boolean", description: "Print one JSON document on standard output and nothing else" },
} as const;

const levels: string[] = [...logLevels];

export const logArg: { readonly log: EnumArgDef } = {
  log: { type: "enum", options: levels, description: "How much to log on standard error" },
};

/** The level asked for, or the fallback. */
export function toLogLevel(given: string | undefined, fallback: LogLevelName): LogLevelName {
  return logLevels.find((level) => level === given) ?? fallback;
}
