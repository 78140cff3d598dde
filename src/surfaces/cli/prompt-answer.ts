/**
 * Puts what a run asks to the person at the terminal and gives their answer. The text is the host's; a
 * question that takes more than yes or no is left for the commands that can answer it.
 */
import { toCodemodeError } from "../../errors.ts";
import type { ApprovalAnswer, Codemode } from "../../spec/codemode.ts";
import { parseDuration } from "./duration.ts";
import { promptDoubt } from "./prompt-doubt.ts";
import { toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

const choices =
  "[y] approve  [r] approve for the rest of the run  [w] approve for a while  [n] reject  [s] reject and end the run  [l] later";

/** False when it was left for later, or nobody is there to ask. */
export async function promptAnswer(
  runId: string,
  { codemode, terminal }: { readonly codemode: Codemode; readonly terminal: Terminal },
): Promise<boolean> {
  const { read } = terminal;
  if (read === undefined) return false;
  const { questions, text } = await codemode.questions({ runId });
  if (questions.length === 0 || questions.some(({ kind }) => kind === "input")) return false;
  terminal.err(`\n${toPlainText(text)}\n`);
  for (const doubt of questions.filter(({ kind }) => kind === "in_doubt")) {
    const settled = await promptDoubt(doubt, { terminal, read });
    if (settled === undefined) return false;
    await codemode.answer({ runId, binding: doubt.binding, ...settled });
    if (settled.stop === true) return true;
  }
  const approvals = questions.filter(({ kind }) => kind === "approval");
  if (approvals.length === 0) return true;
  terminal.err(`\n${choices}\n`);
  const word = (await read("Answer [l]: ")).trim().toLowerCase();
  const answer = word === "w" ? await toWhile(read, terminal) : answers.get(word);
  if (answer === undefined) return false;
  const comment = answer.approve ? "" : (await read("Why, for the model (may be empty): ")).trim();
  // What was shown is what is answered: a call that was asked for since is asked about again.
  for (const { seq, binding } of answer.stop === true ? approvals.slice(0, 1) : approvals)
    await codemode.answer({ runId, seq, binding, ...answer, ...(comment === "" ? {} : { comment }) });
  return true;
}

/** Nothing when what was typed is no length of time: then it is left for later. */
async function toWhile(
  read: NonNullable<Terminal["read"]>,
  terminal: Terminal,
): Promise<Omit<ApprovalAnswer, "runId"> | undefined> {
  const text = (await read("For how long, such as 30m, 8h or 7d [1h]: ")).trim();
  try {
    return { approve: true, scope: { for: parseDuration(text === "" ? "1h" : text, "The time") } };
  } catch (thrown) {
    terminal.err(`${toCodemodeError(thrown).message}\n`);
    return undefined;
  }
}

const answers: ReadonlyMap<string, Omit<ApprovalAnswer, "runId">> = new Map([
  ["y", { approve: true }],
  ["yes", { approve: true }],
  ["r", { approve: true, scope: { for: "run" } }],
  ["n", { approve: false }],
  ["no", { approve: false }],
  ["s", { approve: false, stop: true }],
]);
