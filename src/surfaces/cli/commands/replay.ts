/**
 * `codemode replay`: runs a kept run again against its record alone. No source is started and nothing is sent.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { runArg } from "../run-arguments.ts";
import { showCalls, showRun } from "../show-run.ts";
import { toPlainText } from "../terminal.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Run a kept run again against its record only, offline",
  examples: ["codemode replay run_mwpvix5s771a4bfc", "codemode replay run_mwpvix5s771a4bfc --json"],
  args: { ...runArg, ...configArg, ...jsonArg, ...logArg },
  run: async ({ run, config, json, log }, context) => {
    const { terminal, signal } = context;
    const options = { config, run, log, journal: "store", sources: "none" } as const;
    return withCodemode(context, options, async ({ codemode }) => {
      const { document } = await codemode.replay({ runId: run, signal });
      if (json === true) terminal.out(`${JSON.stringify(document)}\n`);
      else {
        for (const { level, text } of document.logs) terminal.err(`${level}: ${toPlainText(text)}\n`);
        showCalls(document, terminal);
        showRun(document, terminal);
      }
      return exitCodes.completed;
    });
  },
});
