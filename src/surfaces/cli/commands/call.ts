/**
 * `codemode call`: one tool, as a run of its own, through the same door as every other call.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { finishRun } from "../finish-run.ts";
import { readJson } from "../read-json.ts";
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
    const value = await readJson("--args", args ?? "{}", context.workingFolder);
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
