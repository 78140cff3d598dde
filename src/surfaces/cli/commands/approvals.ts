/**
 * `codemode approvals`: what paused runs ask a person.
 */
import { CodemodeError } from "../../../errors.ts";
import type { PendingRun } from "../../../spec/codemode.ts";
import type { OpenQuestion, OpenQuestions } from "../../../spec/questions.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { showGrants } from "../show-grants.ts";
import { showSummary } from "../show-run.ts";
import { toPlainText } from "../terminal.ts";
import { withCodemode } from "../with-codemode.ts";
import { escapeHidden } from "../../../show-hidden.ts";

const defaultRuns = 10;

export default defineCliCommand({
  description: "List what paused runs ask a person, page by page",
  examples: [
    "codemode approvals",
    "codemode approvals --limit 20 --before run_mwpvix5s771a4bfc",
    "codemode approvals run_mwpvix5s771a4bfc --after 20",
    "codemode approvals --json",
  ],
  args: {
    run: { type: "positional", required: false, description: "One run alone" },
    after: { type: "string", valueHint: "seq", description: "Of one run: what is asked after this call" },
    limit: { type: "string", valueHint: "n", description: "Runs of one page, up to 100. Default: 10" },
    before: { type: "string", valueHint: "run", description: "Runs begun before this one: the next page" },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ run, after, limit, before, config, json, log }, context) => {
    const { terminal } = context;
    const most = limit === undefined ? defaultRuns : toNumber(limit, "--limit", 100);
    const from = after === undefined ? {} : { after: toNumber(after, "--after", 1e9) };
    return withCodemode(context, { config, log, journal: "store" }, async ({ codemode }) => {
      if (run !== undefined) {
        const page = await codemode.questions({ runId: run, ...from });
        if (json === true) terminal.out(`${escapeHidden(JSON.stringify(toPage(page)))}\n`);
        else terminal.out(page.questions.length === 0 ? "Nothing more is asked.\n" : `${page.text}\n`);
        return exitCodes.completed;
      }
      const listed = await codemode.pending({ limit: most, ...(before === undefined ? {} : { before }) });
      const waiting = listed.filter(({ total, fault }) => total > 0 || fault !== undefined);
      const next = listed.length < most ? undefined : listed.at(-1)?.runId;
      const grants = await codemode.grants();
      if (json === true) {
        const document = {
          runs: waiting.map(toDocument),
          ...(grants.length === 0 ? {} : { grants }),
          ...(next === undefined ? {} : { next }),
        };
        terminal.out(`${escapeHidden(JSON.stringify(document))}\n`);
        return exitCodes.completed;
      }
      if (waiting.length === 0) terminal.out("Nothing waits for an answer.\n");
      for (const each of waiting)
        terminal.out(`${showSummary(each, terminal)}${toPlainText(each.fault?.message ?? each.text)}\n\n`);
      if (next !== undefined) terminal.out(`There may be more: codemode approvals --before ${next}\n`);
      if (grants.length > 0) {
        terminal.out("Approvals that hold already (codemode grants revoke <name> takes one back):\n");
        showGrants(grants.slice(0, mostGrants), terminal);
        if (grants.length > mostGrants)
          terminal.out(`and ${grants.length - mostGrants} more: codemode grants\n`);
      }
      return exitCodes.completed;
    });
  },
});

const mostGrants = 20;

/** Throws `usage`. */
function toNumber(given: string, flag: string, most: number): number {
  const number = Number(given);
  if (Number.isInteger(number) && number > 0 && number <= most) return number;
  throw new CodemodeError(
    "usage",
    `${flag} must be a whole number from 1 to ${most}, not ${JSON.stringify(given)}.`,
  );
}

function toPage({ runId, questions, total, counts }: OpenQuestions): object {
  return {
    runId,
    total,
    ...(counts === undefined ? {} : { counts }),
    pending: questions.map(toQuestion),
  };
}

function toDocument({ questions, text: _text, ...run }: PendingRun): object {
  return { ...run, pending: questions.map(toQuestion) };
}

function toQuestion({ binding: _binding, ...question }: OpenQuestion): object {
  return question;
}
