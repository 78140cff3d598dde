/**
 * `codemode runs`: the kept runs, newest first.
 */
import { CodemodeError } from "../../../errors.ts";
import { runStatuses } from "../../../spec/run.ts";
import type { RunStatus } from "../../../spec/run.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { showSummary } from "../show-run.ts";
import { withCodemode } from "../with-codemode.ts";

const statuses: string[] = [...runStatuses];

export default defineCliCommand({
  description: "List the kept runs, newest first",
  examples: ["codemode runs", "codemode runs --status failed --limit 5 --before run_mwpvix5s771a4bfc"],
  args: {
    status: { type: "enum", options: statuses, description: "Only runs of this status" },
    limit: { type: "string", valueHint: "n", description: "How many to list. Default: 50" },
    before: {
      type: "string",
      valueHint: "run",
      description: "Only runs begun before this one: the next page",
    },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ status, limit, before, config, json, log }, context) => {
    const { terminal } = context;
    const wanted = runStatuses.find((each) => each === status);
    const filter = { ...toStatus(wanted), ...toLimit(limit), ...(before === undefined ? {} : { before }) };
    return withCodemode(context, { config, log, journal: "store" }, async ({ codemode }) => {
      const runs = await codemode.runs(filter);
      if (json === true) terminal.out(`${JSON.stringify({ runs })}\n`);
      else for (const run of runs) terminal.out(showSummary(run, terminal));
      return exitCodes.completed;
    });
  },
});

function toStatus(status: RunStatus | undefined): { readonly status?: readonly RunStatus[] } {
  return status === undefined ? {} : { status: [status] };
}

function toLimit(given: string | undefined): { readonly limit?: number } {
  if (given === undefined) return {};
  const limit = Number(given);
  if (Number.isInteger(limit) && limit > 0) return { limit };
  throw new CodemodeError("usage", `--limit must be a whole number above 0, not ${JSON.stringify(given)}.`);
}
