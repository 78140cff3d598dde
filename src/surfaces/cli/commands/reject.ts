/**
 * `codemode reject`: a person's answer to what a paused run asks, after which the run is continued.
 */
import { answerRuns } from "../answer-runs.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { answerAllArgs, toCallNumber } from "../run-arguments.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Refuse what a paused run asks, and continue it",
  examples: ["codemode reject run_mwpvix5s771a4bfc", "codemode reject run_mwpvix5s771a4bfc --stop"],
  args: {
    ...answerAllArgs,
    stop: { type: "boolean", description: "End the run instead of throwing in the snippet" },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ run, all, call, comment, stop, config, json, log }, context) => {
    const answer = {
      approve: false,
      ...toCallNumber(call),
      ...(stop === true ? { stop } : {}),
      ...(comment === undefined ? {} : { comment }),
    };
    return withCodemode(context, { config, log, journal: "store" }, ({ codemode }) =>
      answerRuns({ answer, run, all, json }, { context, codemode }),
    );
  },
});
