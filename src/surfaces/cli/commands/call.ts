/**
 * `codemode call`: one tool, as a run of its own, through the same door as every other call.
 */
import { CodemodeError } from "../../../errors.ts";
import type { Value } from "../../../spec/value.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { finishRun } from "../finish-run.ts";
import { readInput } from "../read-input.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Call one tool",
  examples: [
    `codemode call memory.search_nodes --args '{"query":"x"}'`,
    "codemode call files.write_file --args @args.json",
  ],
  args: {
    path: { type: "positional", required: true, description: "The tool's path, as search shows it" },
    args: { type: "string", valueHint: "json|@file|-", description: "Its arguments. Default: {}" },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ path, args, config, json, log }, context) => {
    const value = await readArguments(args ?? "{}", context.workingFolder);
    const tool = path.replace(/^tools\./, "");
    return withCodemode(context, { config, log, journal: "store" }, ({ codemode }) =>
      finishRun((request) => codemode.call(tool, value, request), {
        context,
        codemode,
        json,
        status: `calling ${tool}`,
      }),
    );
  },
});

async function readArguments(given: string, workingFolder: string): Promise<Value> {
  const fromFile = given === "-" || given.startsWith("@");
  const text = fromFile ? await readInput(given.replace(/^@/, ""), workingFolder) : given;
  try {
    const value: Value = JSON.parse(text);
    return value;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodemodeError("usage", `--args is not valid JSON: ${reason}.`, {
      cause,
      hint: `Write --args '{"name": "value"}', @file or -.`,
    });
  }
}
