/**
 * `codemode reject`: a person's answer to what a paused run asks, after which the run is continued.
 */
import { answerRuns } from "../answer-runs.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { answerAllArgs, toCallNumber } from "../run-arguments.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Refuse what a paused run asks, and continue it",
  examples: [
    "codemode reject run_mwpvix5s771a4bfc",
    "codemode reject run_mwpvix5s771a4bfc --stop",
    "codemode reject run_mwpvix5s771a4bfc --call 3 --send-again",
  ],
  args: {
    ...answerAllArgs,
    stop: { type: "boolean", description: "End the run instead of throwing in the snippet" },
    "send-again": {
      type: "boolean",
      description: "Of a call in doubt: it did not happen, so send it again. Default: it is left undone",
    },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ run, all, call, comment, stop, config, json, log, "send-again": again }, context) => {
    const answer = {
      approve: false,
      ...toCallNumber(call),
      ...(stop === true ? { stop } : {}),
      ...(again === true ? { resend: true } : {}),
      ...(comment === undefined ? {} : { comment }),
    };
    return withCodemode(context, { config, run, log, journal: "store" }, ({ codemode }) =>
      answerRuns({ answer, run, all, json }, { context, codemode }),
    );
  },
});
