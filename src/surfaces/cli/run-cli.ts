/**
 * The program: finds the command, runs it, and turns whatever happens into words on standard error, a
 * document where one was asked for, and an exit code.
 */
import { homedir } from "node:os";
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import type { CliCommand, CliContext } from "./cli-command.ts";
import { commandNames, loadCommand } from "./commands.ts";
import { createLog } from "./create-log.ts";
import { errorToExitCode, exitCodes } from "./exit-codes.ts";
import type { ExitCode } from "./exit-codes.ts";
import { createLifetime } from "./lifetime.ts";
import { programVersion } from "./program-version.ts";
import { commandHelp, programHelp } from "./show-help.ts";
import { createTerminal, toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

/** Ends the process. */
export async function runCli(rawArgs: readonly string[]): Promise<never> {
  const terminal = createTerminal();
  using lifetime = createLifetime(terminal);
  const context: CliContext = {
    terminal,
    host: { env: process.env, platform: process.platform, home: homedir() },
    workingFolder: process.cwd(),
    signal: lifetime.signal,
    unhurried: lifetime.unhurried,
    createLog: (level) => createLog(terminal, level),
    commands: { names: commandNames, load: loadCommand },
  };
  const code = await runCommand(rawArgs, context).catch((thrown: unknown) => {
    // What an interruption makes of everything that was under way is no error to be explained.
    if (lifetime.interrupted !== undefined) return lifetime.interrupted;
    return showError(toCodemodeError(thrown), { rawArgs, terminal });
  });
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  return process.exit(code === exitCodes.completed ? code : (lifetime.interrupted ?? code));
}

async function runCommand(rawArgs: readonly string[], context: CliContext): Promise<ExitCode> {
  const { terminal } = context;
  const at = rawArgs.findIndex((arg, index) => !arg.startsWith("-") && rawArgs[index - 1] !== "--config");
  const name = rawArgs[at];
  const asksHelp = beforeEnd(rawArgs).some((arg) => arg === "--help" || arg === "-h");
  if (name === undefined) {
    if (rawArgs.includes("--version") || rawArgs.includes("-v")) {
      terminal.out(`${programVersion}\n`);
      return exitCodes.completed;
    }
    if (asksHelp) {
      terminal.out(await programHelp(terminal));
      return exitCodes.completed;
    }
    if (rawArgs.length === 0) {
      terminal.err(await programHelp(terminal));
      return exitCodes.usage;
    }
    throw new CodemodeError("usage", "No command was given.", {
      hint: `Commands: ${commandNames.join(", ")}.`,
    });
  }
  const command = await findCommand(name);
  const rest = [...rawArgs.slice(0, at), ...rawArgs.slice(at + 1)];
  if (asksHelp) {
    terminal.out((await command.help?.(rest, context)) ?? (await commandHelp(name, command, terminal)));
    return exitCodes.completed;
  }
  return command.run(rest, context);
}

async function findCommand(name: string): Promise<CliCommand> {
  const command = await loadCommand(name);
  if (command !== undefined) return command;
  const meant = nearest(name, commandNames, 1)[0];
  throw new CodemodeError("usage", `${JSON.stringify(name)} is no command.`, {
    hint: meant === undefined ? `Commands: ${commandNames.join(", ")}.` : `Did you mean "codemode ${meant}"?`,
  });
}

function showError(
  error: CodemodeError,
  { rawArgs, terminal }: { readonly rawArgs: readonly string[]; readonly terminal: Terminal },
): ExitCode {
  const { code, message, hint, line, column, data } = error;
  if (beforeEnd(rawArgs).includes("--json"))
    terminal.out(`${JSON.stringify({ error: { code, message, hint, line, column, data } })}\n`);
  terminal.err(`${terminal.styleErr("red", code)}: ${toPlainText(message)}\n`);
  if (hint !== undefined) terminal.err(`${toPlainText(hint)}\n`);
  if (code === "internal" && error.cause instanceof Error && error.cause.stack !== undefined) {
    terminal.err(`${terminal.styleErr("gray", error.cause.stack)}\n`);
  }
  return errorToExitCode(code);
}

/** What follows `--` is never a flag. */
function beforeEnd(rawArgs: readonly string[]): readonly string[] {
  const end = rawArgs.indexOf("--");
  return end === -1 ? rawArgs : rawArgs.slice(0, end);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.write("", () => resolve());
  });
}
