/**
 * `codemode rollback`: undoes what an ended run has written, the last write first.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { finishRun } from "../finish-run.ts";
import { runArg } from "../run-arguments.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Undo the writes of an ended run, the last one first",
  examples: ["codemode rollback run_mwpvix5s771a4bfc"],
  args: { ...runArg, ...configArg, ...jsonArg, ...logArg },
  run: async ({ run, config, json, log }, context) =>
    withCodemode(context, { config, log, journal: "store" }, ({ codemode }) =>
      finishRun((request) => codemode.rollback({ ...request, runId: run }), { context, codemode, json }),
    ),
});
