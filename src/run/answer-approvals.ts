/**
 * Gives a person's answers to what a run has asked. Each answer is bound to the call and its exact
 * arguments, and counts once, whoever else answers at the same time.
 */
import { CodemodeError } from "../errors.ts";
import type { ApprovalAnswer } from "../spec/codemode.ts";
import type { ApprovalRow, RunRow } from "../spec/journal.ts";
import { endRun, isEnded, type RunEnd, type Store } from "./end-run.ts";
import { checkInputs } from "./person/check-inputs.ts";
import { refuseNewerRules } from "./replay-rules.ts";
import { checkShown, toBinding } from "./questions/question-binding.ts";
import { callToDefinition, toGrant } from "./to-grant.ts";
import { valueToText } from "./value-text.ts";

/** It came as JSON, by a surface that bounds what it reads. */
const anySize = { bytes: Infinity, depth: 200 };

/** The number of answers that counted. Throws `run_not_found`, and `approval_not_pending` when none was open. */
export async function answerApprovals(
  { runId, principal = "local", seq, binding, scope, stop = false, ...said }: ApprovalAnswer,
  store: Store,
): Promise<number> {
  const { journal } = store;
  const { comment, resend = false } = said;
  refuseMisuse({ scope, stop, ...said });
  const grant = scope === undefined ? undefined : toGrant(scope, Date.now());
  const run = await journal.run(principal, runId);
  if (run === undefined)
    throw new CodemodeError("run_not_found", `There is no run "${runId.slice(0, 100)}".`, {
      hint: "List the runs there are.",
    });
  // An answer that this host could not act upon is not taken.
  refuseNewerRules(run);
  const calls = new Map((await journal.calls(runId)).map((call) => [call.seq, call]));
  const asked = await journal.approvals(runId);
  const open = asked.filter(
    (each) =>
      each.state === "pending" &&
      (seq === undefined || each.seq === seq) &&
      (binding === undefined || toBinding(each, calls.get(each.seq)) === binding) &&
      (!resend || each.kind === "in_doubt"),
  );
  if (open.length === 0 || isEnded(run)) throw notPending(run, asked, seq);
  for (const each of open) checkShown(each, calls.get(each.seq));
  await checkInputs(open, said, journal);
  const counted = await Promise.all(
    open.map((each) =>
      journal.answer({
        ...each,
        ...toAnswered(each, said),
        ...(grant === undefined || each.kind !== "approval"
          ? {}
          : { ...grant, ...callToDefinition(calls.get(each.seq)) }),
      }),
    ),
  );
  const count = counted.filter(Boolean).length;
  if (count === 0) throw notPending(run, await journal.approvals(runId), seq);
  if (stop) await endRun(runId, { status: "rejected", error: rejection(comment) }, store);
  return count;
}

/** Parts of an answer that do not go together. Throws `usage`. */
export function refuseMisuse({
  approve,
  scope,
  stop = false,
  resend = false,
}: Pick<ApprovalAnswer, "approve" | "stop" | "resend"> & { readonly scope?: unknown }): void {
  if (scope !== undefined && !approve) throw misused("scope", "approval");
  if (stop && approve) throw misused("stop", "rejection");
  if (resend && (approve || stop)) throw misused("resend", "rejection");
}

/** What a person says of a call in doubt is either its result, which is a value, or words for the model. */
function toAnswered(
  { kind }: ApprovalRow,
  { approve, comment, value, resend }: Pick<ApprovalAnswer, "approve" | "comment" | "value" | "resend">,
): Pick<ApprovalRow, "state" | "comment"> {
  const result = value === undefined ? undefined : valueToText(value, anySize, "value");
  const text = kind === "in_doubt" && approve ? result : (result ?? comment);
  const words = text === undefined ? {} : { comment: text };
  if (approve) return { state: "approved", ...words };
  return { state: kind === "in_doubt" && resend !== true ? "dropped" : "rejected", ...words };
}

function rejection(comment: string | undefined): RunEnd["error"] {
  const why = comment === undefined ? "." : `: ${comment}`;
  return {
    code: "approval_rejected",
    message: `A person rejected the call and ended the run${why}`,
    hint: "Tell the user what is left undone; do not try it another way.",
  };
}

function misused(what: "scope" | "stop" | "resend", fits: "approval" | "rejection"): CodemodeError {
  return new CodemodeError(
    "usage",
    `\`${what}\` goes with ${fits === "approval" ? "an" : "a"} ${fits} only.`,
  );
}

/** Says what became of the question, and the one step that is left to do. */
function notPending(
  { runId, status }: RunRow,
  asked: readonly ApprovalRow[],
  seq: number | undefined,
): CodemodeError {
  const what = seq === undefined ? `The run ${runId}` : `Call ${seq} of the run ${runId}`;
  const about = asked.filter((each) => seq === undefined || each.seq === seq);
  const ended = isEnded({ status });
  const why = ended
    ? `the run has ended, ${status}`
    : about.length === 0
      ? "nothing of it was asked"
      : about.every(({ state }) => state === "pending" || state === "expired")
        ? "it has expired"
        : "it was answered already";
  const others = asked.some(({ state, expiresAt }) => state === "pending" && expiresAt > Date.now());
  return new CodemodeError("approval_not_pending", `${what} has no open question: ${why}.`, {
    hint: ended
      ? `\`codemode show ${runId}\` tells what was done.`
      : others
        ? `The run waits for the answer to another call: \`codemode approvals\` lists it.`
        : `Go on with it by \`codemode resume ${runId}\`; a server does so by itself.`,
  });
}
