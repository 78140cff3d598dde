/**
 * The help of the program and of each command.
 */
import { stripVTControlCharacters } from "node:util";
import { renderUsage } from "citty";
import type { CliCommand } from "./cli-command.ts";
import { commandNames, loadCommand } from "./commands.ts";
import { programVersion } from "./program-version.ts";
import type { Terminal } from "./terminal.ts";

const beginnings = [
  ["codemode init", "write codemode.json from the servers of your other clients"],
  ["codemode doctor", "see what works on this machine and what does not"],
  ["codemode serve", "serve all tools to MCP clients as search and execute"],
] as const;

export async function programHelp(terminal: Terminal): Promise<string> {
  const title = (text: string): string => terminal.styleOut("bold", text);
  const commands = await Promise.all(
    commandNames.map(
      async (name) =>
        `  ${terminal.styleOut("cyan", name.padEnd(9))} ${(await loadCommand(name))?.description ?? ""}`,
    ),
  );
  return [
    `codemode ${programVersion}: any fleet of tools as one typed TypeScript API, run in a sandbox.`,
    "",
    title("Usage"),
    "  codemode <command> [--config <file>] [--json]",
    "",
    title("Commands"),
    ...commands,
    "",
    title("To begin"),
    ...beginnings.map(([command, what]) => `  ${terminal.styleOut("cyan", command.padEnd(16))} ${what}`),
    "",
    "`codemode <command> --help` says more. Exit codes: 0 completed, 1 failed, 2 usage or configuration, 3 paused.",
    "",
  ].join("\n");
}

export async function commandHelp(name: string, command: CliCommand, terminal: Terminal): Promise<string> {
  const meta = { name: `codemode ${name}`, description: command.description };
  const usage = await renderUsage({ meta, args: command.args });
  // The library colours by rules of its own; ours are those of the terminal.
  const plain = stripVTControlCharacters(usage).split("\n").slice(2).join("\n");
  const examples = command.examples.map((example) => `  ${terminal.styleOut("cyan", example)}`);
  return [
    `${command.description}.`,
    "",
    plain,
    terminal.styleOut("bold", "EXAMPLES"),
    "",
    ...examples,
    "",
  ].join("\n");
}
