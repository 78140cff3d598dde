/**
 * Gives one answer to what a run asks, or to what all paused runs ask, and sees the runs through to their end.
 */
import { CodemodeError } from "../../errors.ts";
import type { ApprovalAnswer, Codemode } from "../../spec/codemode.ts";
import type { CliContext } from "./cli-command.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ExitCode } from "./exit-codes.ts";
import { finishRun } from "./finish-run.ts";
import { toPlainText } from "./terminal.ts";

export interface AnswerRequest {
  readonly answer: Omit<ApprovalAnswer, "runId">;
  readonly run: string | undefined;
  readonly all: boolean | undefined;
  readonly json: boolean | undefined;
}

/** The worst of the runs' exit codes. Throws `usage` unless a run or `--all` is given. */
export async function answerRuns(
  { answer, run, all = false, json }: AnswerRequest,
  { context, codemode }: { readonly context: CliContext; readonly codemode: Codemode },
): Promise<ExitCode> {
  if ((run === undefined) !== all)
    throw new CodemodeError("usage", "Name one run, or give --all for every run that waits.", {
      hint: "codemode approvals lists them.",
    });
  const runIds = run === undefined ? await waitingRuns(codemode) : [run];
  if (runIds.length === 0 && json !== true) context.terminal.err("Nothing waits for an answer.\n");
  const codes: ExitCode[] = [];
  for (const runId of runIds) {
    const left = await answerOrLeave({ ...answer, runId }, codemode, all);
    if (left !== undefined) {
      context.terminal.err(`${left.code}: ${toPlainText(left.message)}\n${toPlainText(left.hint ?? "")}\n`);
      codes.push(exitCodes.paused);
      continue;
    }
    codes.push(
      await finishRun((request) => codemode.resume({ ...request, runId }), { context, codemode, json }),
    );
  }
  return (
    codes.find((code) => code === exitCodes.failed) ?? codes.find((code) => code !== 0) ?? exitCodes.completed
  );
}

async function waitingRuns(codemode: Codemode): Promise<readonly string[]> {
  const waiting: string[] = [];
  let before: string | undefined;
  for (;;) {
    const page = await codemode.pending(before === undefined ? {} : { before });
    if (page.length === 0) return waiting;
    waiting.push(
      ...page.filter(({ total, status }) => total > 0 && status === "paused").map(({ runId }) => runId),
    );
    before = page.at(-1)?.runId;
  }
}

/** Of all that wait, the runs that belong to another configuration are left to it; the others do not wait for that. */
async function answerOrLeave(
  answer: ApprovalAnswer,
  codemode: Codemode,
  all: boolean,
): Promise<CodemodeError | undefined> {
  try {
    await codemode.answer(answer);
    return undefined;
  } catch (thrown) {
    if (all && thrown instanceof CodemodeError && thrown.code === "run_foreign") return thrown;
    throw thrown;
  }
}
