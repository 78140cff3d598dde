/**
 * What a paused run asks a person, page by page and ready to be put to them: the questions with what binds an answer to
 * each, and one text rendered by the host. A page holds what one text holds, so that whoever answers it has seen it.
 * Answers nothing.
 */
import { CodemodeError } from "../errors.ts";
import type { OpenQuestion, OpenQuestions, QuestionsRequest } from "../spec/questions.ts";
import type { ApprovalRow, CallRow, Journal } from "../spec/journal.ts";
import { questionsToText, questionToText } from "./questions-to-text.ts";
import { countAsks } from "./render/count-asks.ts";
import { endedDoubts } from "./questions/settle-ended.ts";
import { toBinding } from "./questions/question-binding.ts";
import { rowsToDocument, toPending } from "./rows-to-document.ts";

/** Questions of one page, and characters that they may take together; one is shown whatever it takes. */
const mostQuestions = 20;
const mostCharacters = 24_000;

/** Of an ended run its writes in doubt; no questions for one that goes on. Throws `run_not_found`. */
export async function openQuestions(
  { runId, principal = "local", after = 0, seq }: QuestionsRequest,
  journal: Journal,
): Promise<OpenQuestions> {
  const run = await journal.run(principal, runId);
  if (run === undefined)
    throw new CodemodeError("run_not_found", `There is no run "${runId.slice(0, 100)}".`, {
      hint: "List the runs there are.",
    });
  const calls = await journal.calls(runId);
  const approvals = await journal.approvals(runId);
  const now = Date.now();
  const open =
    run.status === "paused"
      ? approvals.filter((each) => each.state === "pending" && each.expiresAt > now)
      : endedDoubts(run, calls);
  const asked = open.filter((each) => (seq === undefined ? each.seq > after : each.seq === seq));
  const questions = toPage(asked, calls, seq !== undefined);
  const counts = questions.length < open.length ? countAsks(open) : undefined;
  const document = rowsToDocument(run, calls, []);
  return {
    runId,
    questions,
    text: questions.length === 0 ? "" : questionsToText({ code: run.code, document, questions, counts }),
    total: open.length,
    ...(counts === undefined ? {} : { counts }),
  };
}

function toPage(
  asked: readonly ApprovalRow[],
  calls: readonly CallRow[],
  whole: boolean,
): readonly OpenQuestion[] {
  const bySeq = new Map(calls.map((call) => [call.seq, call]));
  const page: OpenQuestion[] = [];
  let characters = 0;
  for (const row of asked.slice(0, mostQuestions)) {
    const call = bySeq.get(row.seq);
    const question = {
      ...toPending(row, bySeq, whole),
      effect: call?.effect ?? "write",
      binding: toBinding(row, call),
      expiresAt: row.expiresAt,
    };
    characters += questionToText(question, row.runId).length;
    if (page.length > 0 && characters > mostCharacters) break;
    page.push(question);
  }
  return page;
}
