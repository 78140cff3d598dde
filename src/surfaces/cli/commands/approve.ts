/**
 * `codemode approve`: a person's answer to what a paused run asks, after which the run is continued.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { finishRun } from "../finish-run.ts";
import { answerArgs, toCallNumber } from "../run-arguments.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Agree to what a paused run asks, and continue it",
  examples: ["codemode approve run_mwpvix5s771a4bfc", "codemode approve run_mwpvix5s771a4bfc --call 3"],
  args: { ...answerArgs, ...configArg, ...jsonArg, ...logArg },
  run: async ({ run, call, comment, config, json, log }, context) => {
    const answer = {
      runId: run,
      approve: true,
      ...toCallNumber(call),
      ...(comment === undefined ? {} : { comment }),
    };
    return withCodemode(context, { config, log, journal: "store" }, async ({ codemode }) => {
      await codemode.answer(answer);
      return finishRun((request) => codemode.resume({ ...request, runId: run }), { context, codemode, json });
    });
  },
});
