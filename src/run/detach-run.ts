/**
 * Begins a run that nobody waits for: answers once it is on record, and lets it go on. When its host closes it is left
 * as it stands, with what was under way recorded, for whoever resumes it.
 */
import { CodemodeError } from "../errors.ts";
import type { Execution, ExecuteRequest } from "../spec/codemode.ts";
import { orEnded } from "./end-run.ts";
import type { ExecuteContext } from "./execute-context.ts";
import { beginRun } from "./execute-snippet.ts";
import { endedExecution, showRun } from "./resume-run.ts";
import { runSession } from "./run-session.ts";

export interface Detachment {
  /** Aborts when the host closes. */
  readonly leave: AbortSignal;
  /** Is given what goes on, so that closing can wait for it. */
  readonly keep: (work: Promise<unknown>) => void;
}

/** Throws `usage` for a dry run, of which nothing is recorded, and like `execute`. */
export async function detachRun(
  request: ExecuteRequest,
  context: ExecuteContext,
  { leave, keep }: Detachment,
): Promise<Execution> {
  if (request.dryRun === true)
    throw new CodemodeError("usage", "A dry run is not recorded, so it cannot be detached.", {
      hint: "Leave out one of `dryRun` and `detach`.",
    });
  const { origin, taken } = await beginRun(request, context);
  await context.journal.commit(taken.lease, { status: "running", durable: true });
  const document = await showRun(origin, context);
  const { signal: _signal, ...unattended } = request;
  const session = runSession({ origin, taken, request: unattended, leave }, context);
  keep(orEnded(session, () => endedExecution(origin, context)).catch(() => undefined));
  return { document, text: goesOn(origin.runId) };
}

function goesOn(runId: string): string {
  return `The run ${runId} goes on by itself. Wait for its end with execute({ resume: "${runId}" }) when you need it; do not send the code again.`;
}
