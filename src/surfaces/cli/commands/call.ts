/**
 * `codemode call`: one tool, as a run of its own, through the same door as every other call.
 */
import type { ParsedArgs } from "citty";
import { configArg, jsonArg, logArg, type CliCommand, type CliContext } from "../cli-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { finishRun } from "../finish-run.ts";
import { parseCommandLine } from "../parse-command-line.ts";
import { readJson } from "../read-json.ts";
import { splitCallWords } from "../split-call-words.ts";
import { toolHelp, wordsToArguments } from "../tool-commands.ts";
import { withCodemode } from "../with-codemode.ts";

const args = {
  path: { type: "positional", required: true, description: "The tool's path, as search shows it" },
  args: { type: "string", valueHint: "json|@file|-", description: "Its arguments. Default: {}" },
  ...configArg,
  ...jsonArg,
  ...logArg,
} as const;

const command: CliCommand = {
  description: "Call one tool, with flags of its own (codemode call <path> --help)",
  examples: [
    "codemode call memory.search_nodes --query x",
    `codemode call memory.search_nodes --args '{"query":"x"}'`,
    "codemode call files.write_file --args @args.json",
  ],
  args,
  run: async (rawArgs, context) => {
    const words = splitCallWords(rawArgs);
    return call(parseCommandLine(words.own, args), words.tool, context);
  },
  help: async (rawArgs, context) => {
    const { own } = splitCallWords(rawArgs.filter((arg) => arg !== "--help" && arg !== "-h"));
    if (own.every((arg) => arg.startsWith("-"))) return undefined;
    const { path, config, log } = parseCommandLine(own, args);
    return withCodemode(context, { config, log }, async ({ codemode }) =>
      toolHelp(
        await codemode.catalog({ signal: context.signal, wanted: sourceOf(toPath(path)) }),
        toPath(path),
      ),
    );
  },
};

export default command;

async function call(
  { path, args: given, config, json, log }: ParsedArgs<typeof args>,
  words: readonly string[],
  context: CliContext,
): Promise<ExitCode> {
  const base = await readJson("--args", given ?? "{}", context.workingFolder);
  const tool = toPath(path);
  return withCodemode(context, { config, log, journal: "store" }, async ({ codemode }) => {
    const { signal } = context;
    const value =
      words.length === 0
        ? base
        : wordsToArguments(words, {
            catalog: await codemode.catalog({ signal, wanted: sourceOf(tool) }),
            path: tool,
            base,
          });
    return finishRun((request) => codemode.call(tool, value, request), {
      context,
      codemode,
      json,
      status: `calling ${tool}`,
    });
  });
}

/** Nobody else is waited for. */
function sourceOf(path: string): (source: string) => boolean {
  return (source) => source === path.split(".", 1)[0];
}

function toPath(path: string): string {
  return path.replace(/^tools\./, "");
}
