/**
 * `codemode run`: one snippet from a file or standard input.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { finishRun } from "../finish-run.ts";
import { readInput } from "../read-input.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Run a snippet",
  examples: [
    "codemode run report.ts",
    "codemode run report.ts --dry-run",
    "echo 'return await tools.memory.read_graph({})' | codemode run - --json",
  ],
  args: {
    file: { type: "positional", required: true, description: "A TypeScript file, or - for standard input" },
    "dry-run": {
      type: "boolean",
      description: "Make no writes: list those that it would make, up to the first whose result it needs",
    },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ file, config, json, log, "dry-run": dryRun = false }, context) => {
    const code = await readInput(file, context.workingFolder);
    return withCodemode(context, { config, log, journal: "store" }, ({ codemode }) =>
      finishRun((request) => codemode.execute({ ...request, code, dryRun }), {
        context,
        codemode,
        json,
        status: "starting sources",
      }),
    );
  },
});
