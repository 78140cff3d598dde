/**
 * `codemode show`: one kept run as it stands, and what happened in it when.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { runArg, toCallNumber } from "../run-arguments.ts";
import { showCall } from "../show-call.ts";
import { showRun } from "../show-run.ts";
import { showTimeline } from "../show-timeline.ts";
import { withCodemode } from "../with-codemode.ts";
import { escapeHidden } from "../../../show-hidden.ts";

export default defineCliCommand({
  description: "Show a run: what happened in it and when, its outcome",
  examples: ["codemode show run_mwpvix5s771a4bfc", "codemode show run_mwpvix5s771a4bfc --call 3"],
  args: {
    ...runArg,
    call: {
      type: "string",
      valueHint: "seq",
      description: "One call of it, with its arguments and outcome whole",
    },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ run, call, config, json, log }, context) => {
    const { terminal } = context;
    const one = toCallNumber(call);
    return withCodemode(context, { config, run, log, journal: "store" }, async ({ codemode }) => {
      if (one.seq !== undefined) {
        const { call: shown } = await codemode.show({ runId: run, ...one });
        if (json === true) terminal.out(`${escapeHidden(JSON.stringify(shown))}\n`);
        else if (shown !== undefined) showCall(shown, terminal);
        return exitCodes.completed;
      }
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
