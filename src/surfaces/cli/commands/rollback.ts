/**
 * `codemode rollback`: undoes what an ended run has written, the last write first.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { finishRun } from "../finish-run.ts";
import { acceptArgs, runArg, toAccepted } from "../run-arguments.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Undo the writes of an ended run, the last one first",
  examples: ["codemode rollback run_mwpvix5s771a4bfc"],
  args: { ...runArg, ...acceptArgs, ...configArg, ...jsonArg, ...logArg },
  run: async ({ run, config, json, log, "accept-source": accepted }, context) => {
    const asked = { runId: run, ...toAccepted(accepted) };
    return withCodemode(context, { config, run, log, journal: "store" }, ({ codemode }) =>
      finishRun((request) => codemode.rollback({ ...request, ...asked }), { context, codemode, json }),
    );
  },
});
