/**
 * `codemode resume`: continues a run that was answered or whose host died, or waits for it.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { finishRun } from "../finish-run.ts";
import { acceptArgs, runArg, toAccepted } from "../run-arguments.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Continue a run, or wait for one that goes on elsewhere",
  examples: [
    "codemode resume run_mwpvix5s771a4bfc",
    "codemode resume run_mwpvix5s771a4bfc --accept-source crm",
  ],
  args: { ...runArg, ...acceptArgs, ...configArg, ...jsonArg, ...logArg },
  run: async ({ run, config, json, log, "accept-source": accepted }, context) => {
    const asked = { runId: run, ...toAccepted(accepted) };
    return withCodemode(context, { config, run, log, journal: "store" }, ({ codemode }) =>
      finishRun((request) => codemode.resume({ ...request, ...asked }), { context, codemode, json }),
    );
  },
});
