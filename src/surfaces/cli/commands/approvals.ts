/**
 * `codemode approvals`: what paused runs ask a person.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { showPending, showSummary } from "../show-run.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "List what paused runs ask a person",
  examples: ["codemode approvals", "codemode approvals --json"],
  args: { ...configArg, ...jsonArg, ...logArg },
  run: async ({ config, json, log }, context) => {
    const { terminal } = context;
    return withCodemode(context, { config, log, journal: "store" }, async ({ codemode }) => {
      const paused = await codemode.runs({ status: ["paused"] });
      const runs = await Promise.all(
        paused.map(async (run) => ({ ...run, pending: (await codemode.show(run)).pending ?? [] })),
      );
      if (json === true) terminal.out(`${JSON.stringify({ runs })}\n`);
      else if (runs.length === 0) terminal.out("Nothing waits for an answer.\n");
      else
        for (const run of runs) terminal.out(showSummary(run, terminal) + showPending(run.pending, terminal));
      return exitCodes.completed;
    });
  },
});
