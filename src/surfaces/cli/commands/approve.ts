/**
 * `codemode approve`: a person's answer to what a paused run asks, after which the run is continued.
 */
import { answerRuns } from "../answer-runs.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { answerAllArgs, scopeArgs, toCallNumber, toScope } from "../run-arguments.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Agree to what a paused run asks, or that a call in doubt has happened, and continue it",
  examples: [
    "codemode approve run_mwpvix5s771a4bfc",
    "codemode approve run_mwpvix5s771a4bfc --call 3",
    "codemode approve run_mwpvix5s771a4bfc --for run",
    "codemode approve --all",
  ],
  args: { ...answerAllArgs, ...scopeArgs, ...configArg, ...jsonArg, ...logArg },
  run: async ({ run, all, call, comment, for: covered, match, config, json, log }, context) => {
    const answer = {
      approve: true,
      ...toCallNumber(call),
      ...toScope(covered, match),
      ...(comment === undefined ? {} : { comment }),
    };
    return withCodemode(context, { config, run, log, journal: "store" }, ({ codemode }) =>
      answerRuns({ answer, run, all, json }, { context, codemode }),
    );
  },
});
