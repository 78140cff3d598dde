/**
 * What a paused run asks a person, ready to be put to them: the questions with what binds an answer to each,
 * and one text rendered by the host. Answers nothing.
 */
import { CodemodeError } from "../errors.ts";
import type { OpenQuestion, OpenQuestions } from "../spec/codemode.ts";
import type { Journal } from "../spec/journal.ts";
import { questionsToText } from "./questions-to-text.ts";
import { toBinding } from "./questions/question-binding.ts";
import { rowsToDocument } from "./rows-to-document.ts";

/** No questions for a run that is not paused. Throws `run_not_found`. */
export async function openQuestions(
  { runId, principal = "local" }: { readonly runId: string; readonly principal?: string },
  journal: Journal,
): Promise<OpenQuestions> {
  const run = await journal.run(principal, runId);
  if (run === undefined)
    throw new CodemodeError("run_not_found", `There is no run "${runId.slice(0, 100)}".`, {
      hint: "List the runs there are.",
    });
  const calls = await journal.calls(runId);
  const approvals = await journal.approvals(runId);
  const open = approvals.filter((each) => each.state === "pending" && each.expiresAt > Date.now());
  const document = rowsToDocument(run, calls, open);
  const questions = (document.pending ?? []).map((pending): OpenQuestion => {
    const row = open.find(({ seq, kind }) => seq === pending.seq && kind === pending.kind);
    const call = calls.find(({ seq }) => seq === pending.seq);
    return {
      ...pending,
      effect: call?.effect ?? "write",
      binding: row === undefined ? "" : toBinding(row, call),
      expiresAt: row?.expiresAt ?? 0,
    };
  });
  return {
    runId,
    questions,
    text: questions.length === 0 ? "" : questionsToText(run.code, document, questions),
  };
}
