/**
 * `codemode show`: one kept run as it stands, and what happened in it when.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { runArg } from "../run-arguments.ts";
import { showRun } from "../show-run.ts";
import { showTimeline } from "../show-timeline.ts";
import { withCodemode } from "../with-codemode.ts";
import { escapeHidden } from "../../../show-hidden.ts";

export default defineCliCommand({
  description: "Show a run: what happened in it and when, its outcome",
  examples: ["codemode show run_mwpvix5s771a4bfc"],
  args: { ...runArg, ...configArg, ...jsonArg, ...logArg },
  run: async ({ run, config, json, log }, context) => {
    const { terminal } = context;
    return withCodemode(context, { config, log, journal: "store" }, async ({ codemode }) => {
      const document = await codemode.show({ runId: run, timeline: true });
      if (json === true) terminal.out(`${escapeHidden(JSON.stringify(document))}\n`);
      else {
        showTimeline(document.timeline ?? [], terminal);
        showRun(document, terminal);
      }
      return exitCodes.completed;
    });
  },
});
