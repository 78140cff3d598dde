/**
 * `codemode cancel`: ends a run for good, also one that another program is running.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { runArg } from "../run-arguments.ts";
import { showRun } from "../show-run.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "End a run for good, wherever it is held",
  examples: ["codemode cancel run_mwpvix5s771a4bfc"],
  args: { ...runArg, ...configArg, ...jsonArg, ...logArg },
  run: async ({ run, config, json, log }, context) => {
    const { terminal } = context;
    return withCodemode(context, { config, run, log, journal: "store" }, async ({ codemode }) => {
      const document = await codemode.cancel({ runId: run });
      if (json === true) terminal.out(`${JSON.stringify(document)}\n`);
      else showRun(document, terminal);
      return document.status === "cancelled" ? exitCodes.completed : exitCodes.failed;
    });
  },
});
