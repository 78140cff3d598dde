/**
 * `codemode run`: one snippet from a file or standard input.
 */
import { detachRun, isDetached, runDetached } from "../detach-run.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { finishRun } from "../finish-run.ts";
import { readInput } from "../read-input.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Run a snippet",
  examples: [
    "codemode run report.ts",
    "codemode run report.ts --dry-run",
    "codemode run report.ts --detach",
    "echo 'return await tools.memory.read_graph({})' | codemode run - --json",
  ],
  args: {
    file: { type: "positional", required: true, description: "A TypeScript file, or - for standard input" },
    "dry-run": {
      type: "boolean",
      description: "Make no writes: list those that it would make, up to the first whose result it needs",
    },
    detach: {
      type: "boolean",
      description: "Print the run's id and end; the run goes on by itself, and resume waits for it",
    },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ file, config, json, log, detach, "dry-run": dryRun = false }, context) => {
    const code = await readInput(file, context.workingFolder);
    if (detach === true) return detachRun({ code, dryRun, config, json }, context);
    const detached = isDetached(context);
    return withCodemode(context, { config, log, journal: "store" }, ({ codemode }) =>
      finishRun(
        (request) =>
          detached
            ? runDetached(code, { request, codemode })
            : codemode.execute({ ...request, code, dryRun }),
        {
          context,
          codemode,
          json,
          status: "starting sources",
        },
      ),
    );
  },
});
