/**
 * The AI SDK's approvals as answers to what a run asks. A paused run gives the model a handle, `<run>.<digest of what
 * is asked>`; the model's call of `execute({ resume: handle })` is what the SDK asks a person about, and only a yes
 * that stands in the messages counts, for exactly the calls that the handle was made of.
 */
import { createHash } from "node:crypto";
import { CodemodeError } from "../../errors.ts";
import type { Codemode, OpenQuestion } from "../../index.ts";

/** On whose behalf it is asked and answered: nobody reaches another's run. */
export interface Asking {
  readonly codemode: Codemode;
  readonly principal: string;
}

export interface ResumeHandle {
  readonly runId: string;
  /** Absent when the model gave the run alone. */
  readonly digest?: string;
}

export function readHandle(resume: string): ResumeHandle {
  const [, runId, digest] = /^(.+)\.([0-9a-f]{16})$/.exec(resume.trim()) ?? [];
  return runId === undefined || digest === undefined ? { runId: resume.trim() } : { runId, digest };
}

/** The calls of a paused run that a yes would send; none for a run that is unknown or asks nothing. */
export async function openApprovals(
  { codemode, principal }: Asking,
  runId: string,
): Promise<readonly OpenQuestion[]> {
  try {
    const all: OpenQuestion[] = [];
    for (;;) {
      const after = all.at(-1)?.seq ?? 0;
      const { questions } = await codemode.questions({ runId, principal, after });
      if (questions.length === 0) return all.filter(({ kind }) => kind === "approval");
      all.push(...questions);
    }
  } catch (thrown) {
    if (thrown instanceof CodemodeError && thrown.code === "run_not_found") return [];
    throw thrown;
  }
}

export function toHandle(runId: string, questions: readonly OpenQuestion[]): string {
  if (questions.length === 0) return runId;
  const hash = createHash("sha256");
  for (const { binding } of questions) hash.update(`${binding}\n`);
  return `${runId}.${hash.digest("hex").slice(0, 16)}`;
}

/** Whether the handle is of what the run asks now. */
export async function asksNow(asking: Asking, { runId, digest }: ResumeHandle): Promise<boolean> {
  if (digest === undefined) return false;
  const questions = await openApprovals(asking, runId);
  return questions.length > 0 && toHandle(runId, questions) === `${runId}.${digest}`;
}

/** What was decided on one call of `execute`, by the SDK's own messages. */
export interface SdkAnswer {
  readonly toolCallId: string;
  /** What the call was to resume. */
  readonly resume: string;
  readonly approved: boolean;
  readonly reason?: string;
}

/** Every decided call that would have resumed a run, oldest first. Messages are whatever the application keeps. */
export function readAnswers(messages: readonly unknown[]): readonly SdkAnswer[] {
  const parts = messages.flatMap((message) => {
    const content: unknown = isRecord(message) ? message["content"] : undefined;
    return Array.isArray(content) ? content.filter(isRecord) : [];
  });
  const calls = new Map<unknown, string>();
  const asked = new Map<unknown, unknown>();
  for (const { type, toolCallId, approvalId, input } of parts) {
    if (type === "tool-approval-request") asked.set(approvalId, toolCallId);
    if (type === "tool-call" && isRecord(input) && typeof input["resume"] === "string")
      calls.set(toolCallId, input["resume"]);
  }
  return parts.flatMap(({ type, approvalId, approved, reason }): SdkAnswer[] => {
    const toolCallId = asked.get(approvalId);
    const resume = calls.get(toolCallId);
    if (type !== "tool-approval-response" || typeof toolCallId !== "string" || resume === undefined)
      return [];
    return [
      {
        toolCallId,
        resume,
        approved: approved === true,
        ...(typeof reason === "string" ? { reason } : {}),
      },
    ];
  });
}

/** Sends nothing yet: what was agreed to is answered, and the run may be resumed. */
export async function approveRun(asking: Asking, { runId }: ResumeHandle): Promise<void> {
  const { codemode, principal } = asking;
  for (const { seq, binding } of await openApprovals(asking, runId))
    await codemode.answer({ runId, principal, seq, binding, approve: true });
}

/** Ends the runs that a person has said no to; what was answered elsewhere meanwhile stays answered. */
export async function endDeclined(asking: Asking, messages: readonly unknown[]): Promise<void> {
  const { codemode, principal } = asking;
  for (const { approved, resume, reason } of readAnswers(messages)) {
    if (approved) continue;
    const handle = readHandle(resume);
    if (!(await asksNow(asking, handle))) continue;
    await codemode
      .answer({
        runId: handle.runId,
        principal,
        approve: false,
        stop: true,
        ...(reason === undefined ? {} : { comment: reason.slice(0, 1_000) }),
      })
      .catch(ignoreAnswered);
  }
}

function ignoreAnswered(thrown: unknown): void {
  if (!(thrown instanceof CodemodeError) || thrown.code !== "approval_not_pending") throw thrown;
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null;
}
