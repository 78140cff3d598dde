/**
 * `codemode show`: one kept run as it stands.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { runArg } from "../run-arguments.ts";
import { showCalls, showRun } from "../show-run.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Show a run: its calls, its writes, its outcome",
  examples: ["codemode show run_mwpvix5s771a4bfc"],
  args: { ...runArg, ...configArg, ...jsonArg, ...logArg },
  run: async ({ run, config, json, log }, context) => {
    const { terminal } = context;
    return withCodemode(context, { config, log, journal: "store" }, async ({ codemode }) => {
      const document = await codemode.show({ runId: run });
      if (json === true) terminal.out(`${JSON.stringify(document)}\n`);
      else {
        showCalls(document, terminal);
        showRun(document, terminal);
      }
      return exitCodes.completed;
    });
  },
});
