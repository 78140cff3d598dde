/**
 * `codemode grants`: approvals that cover more than their own call, and taking them back.
 */
import { CodemodeError } from "../../../errors.ts";
import type { StandingGrant } from "../../../spec/questions.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { showGrants } from "../show-grants.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "List approvals that hold for a run or a while, or revoke them",
  examples: [
    "codemode grants",
    "codemode grants revoke run_mwpvix5s771a4bfc/3",
    "codemode grants revoke --all --json",
  ],
  args: {
    action: { type: "positional", required: false, description: "list (default) or revoke" },
    grant: { type: "positional", required: false, description: "revoke: its name, as list shows it" },
    all: { type: "boolean", description: "revoke: every one that stands" },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ action = "list", grant, all = false, config, json, log }, context) => {
    const { terminal } = context;
    if (action !== "list" && action !== "revoke")
      throw new CodemodeError("usage", `${JSON.stringify(action)} is nothing that can be done with grants.`, {
        hint: "codemode grants, or codemode grants revoke <run>/<call>",
      });
    const one = action === "revoke" && !all ? toName(grant) : undefined;
    const options = { config, run: one?.runId, log, journal: "store", sources: "none" } as const;
    return withCodemode(context, options, async ({ codemode }) => {
      const standing = await codemode.grants();
      if (action === "list") {
        if (json === true) terminal.out(`${JSON.stringify({ grants: standing })}\n`);
        else if (standing.length === 0) terminal.out("No approval holds for more than its own call.\n");
        else showGrants(standing, terminal);
        return exitCodes.completed;
      }
      const revoked: Pick<StandingGrant, "runId" | "seq">[] = one === undefined ? [...standing] : [one];
      for (const { runId, seq } of revoked) await codemode.revoke({ runId, seq });
      if (json === true) terminal.out(`${JSON.stringify({ revoked })}\n`);
      else if (revoked.length === 0) terminal.out("Nothing stands that could be revoked.\n");
      else for (const { runId, seq } of revoked) terminal.out(`${runId}/${seq} revoked\n`);
      return exitCodes.completed;
    });
  },
});

function toName(given = ""): { readonly runId: string; readonly seq: number } {
  const [, runId, seq] = /^([^/]{1,200})\/(\d{1,9})$/.exec(given) ?? [];
  if (runId !== undefined) return { runId, seq: Number(seq) };
  throw new CodemodeError("usage", "Name the approval to revoke as <run>/<call>, or give --all.", {
    hint: "codemode grants lists them by these names.",
  });
}
