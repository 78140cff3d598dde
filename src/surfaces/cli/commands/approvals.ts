/**
 * `codemode approvals`: what paused runs ask a person.
 */
import type { PendingRun } from "../../../spec/codemode.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { showGrants } from "../show-grants.ts";
import { showSummary } from "../show-run.ts";
import { toPlainText } from "../terminal.ts";
import { withCodemode } from "../with-codemode.ts";
import { escapeHidden } from "../../../show-hidden.ts";

export default defineCliCommand({
  description: "List what paused runs ask a person",
  examples: ["codemode approvals", "codemode approvals --json"],
  args: { ...configArg, ...jsonArg, ...logArg },
  run: async ({ config, json, log }, context) => {
    const { terminal } = context;
    return withCodemode(context, { config, log, journal: "store" }, async ({ codemode }) => {
      const waiting = (await codemode.pending()).filter(
        ({ questions, fault }) => questions.length > 0 || fault !== undefined,
      );
      const grants = await codemode.grants();
      if (json === true)
        terminal.out(`${escapeHidden(JSON.stringify({ runs: waiting.map(toDocument), grants }))}\n`);
      else {
        if (waiting.length === 0) terminal.out("Nothing waits for an answer.\n");
        for (const run of waiting)
          terminal.out(`${showSummary(run, terminal)}${toPlainText(run.fault?.message ?? run.text)}\n\n`);
        if (grants.length > 0) {
          terminal.out("Approvals that hold already (codemode grants revoke <name> takes one back):\n");
          showGrants(grants, terminal);
        }
      }
      return exitCodes.completed;
    });
  },
});

function toDocument({ questions, text: _text, ...run }: PendingRun): object {
  return {
    ...run,
    pending: questions.map(({ seq, kind, path, args, effect, question, refused, expiresAt }) => ({
      seq,
      kind,
      path,
      args,
      effect,
      ...(question === undefined ? {} : { question }),
      ...(refused === undefined ? {} : { refused }),
      expiresAt,
    })),
  };
}
