/**
 * Continues a run that was paused or whose host died, by replaying its record; or waits for the host that
 * has it. Never gives an answer that a person owes.
 */
import { CodemodeError } from "../errors.ts";
import type { Execution, ResumeRequest, ShowRequest } from "../spec/codemode.ts";
import type { RunRow } from "../spec/journal.ts";
import type { RunDocument } from "../spec/run.ts";
import { documentToAnswer } from "./document-to-text.ts";
import { isEnded, orEnded } from "./end-run.ts";
import type { ExecuteContext } from "./execute-context.ts";
import { newOwner, takeLease } from "./lease/hold-lease.ts";
import { refuseNewerRules } from "./replay-rules.ts";
import { resultTokens } from "./render/result-tokens.ts";
import { rowsToDocument } from "./rows-to-document.ts";
import { rowsToTimeline } from "./rows-to-timeline.ts";
import { toWholeCall } from "./questions/to-whole-call.ts";
import { toRunContext } from "./rollback/rollback-context.ts";
import { runSession } from "./run-session.ts";
import { acceptSources, refuseForeign } from "./sources/refuse-foreign.ts";

/**
 * Throws `run_not_found` for another principal's run too, and `run_unresumable` on another engine. When `leave` aborts,
 * the run is left as it stands and not cancelled.
 */
export async function resumeRun(
  request: ResumeRequest,
  context: ExecuteContext,
  leave?: AbortSignal,
): Promise<Execution> {
  const { journal } = context;
  for (;;) {
    const run = await findRun(request, context);
    const pending = (await journal.approvals(run.runId)).some(
      (each) => each.state === "pending" && each.expiresAt > Date.now(),
    );
    const accepted = request.acceptSources ?? [];
    const rests = isEnded(run) || (run.status === "paused" && pending);
    if (rests && accepted.length === 0) return toExecution(run, context, request);
    refuseNewerRules(run);
    await context.admission.admit([run.principal, ...(request.client ?? [])], leave ?? request.signal);
    const taken = await takeLease(() => journal.claim(run.runId, newOwner(), context.leaseMs));
    if (taken === undefined) {
      await changeOf(run.runId, context, leave ?? request.signal);
      continue;
    }
    let origin: RunRow;
    try {
      // As it stands now that nobody else can write to it.
      const held = await findRun(request, context);
      origin = await acceptSources(held, accepted, { context, lease: taken.lease, signal: request.signal });
      if (!rests) await refuseUnresumable(origin, context, request.signal);
    } catch (thrown) {
      await journal.release(taken.lease);
      throw thrown;
    }
    if (rests) {
      await journal.release(taken.lease);
      return toExecution(origin, context, request);
    }
    const recorded = { calls: await journal.calls(run.runId), approvals: await journal.approvals(run.runId) };
    const scoped = await toRunContext(run.runId, context);
    return orEnded(runSession({ origin, taken, request, recorded, leave }, scoped), () =>
      endedExecution(run, context),
    );
  }
}

/**
 * Throws where the run cannot go on as it was begun, before anything of it is touched: `run_foreign` with other sources,
 * `run_unresumable` on another engine or under newer rules, `source_unavailable`.
 */
export async function refuseUnresumable(
  run: RunRow,
  context: ExecuteContext,
  signal?: AbortSignal,
): Promise<void> {
  refuseNewerRules(run);
  await refuseForeign(run, context, signal);
  const { build } = await context.engine.ready();
  if (build === run.engine) return;
  throw new CodemodeError(
    "run_unresumable",
    `The run was begun on ${run.engine} and would be resumed on ${build}.`,
    {
      hint: `It stays as it is: go on with the version of codemode that began it, or end it with \`codemode cancel ${run.runId}\` and start a new run.`,
    },
  );
}

/** The document of a run as it stands, without waiting. Throws `run_not_found`. */
export async function showRun(
  { timeline = false, seq, ...request }: ShowRequest,
  context: ExecuteContext,
): Promise<RunDocument> {
  const run = await findRun(request, context);
  const { document } = await toExecution(run, context);
  const { journal } = context;
  if (seq !== undefined) return { ...document, call: toWholeCall(await journal.calls(run.runId), seq) };
  if (!timeline) return document;
  const [calls, approvals] = [await journal.calls(run.runId), await journal.approvals(run.runId)];
  return { ...document, timeline: rowsToTimeline(run, calls, approvals) };
}

export async function findRun(
  { runId, principal = "local" }: Pick<ResumeRequest, "runId" | "principal">,
  { journal }: ExecuteContext,
): Promise<RunRow> {
  const run = await journal.run(principal, runId);
  if (run !== undefined) return run;
  throw new CodemodeError("run_not_found", `There is no run "${runId.slice(0, 100)}".`, {
    hint: "List the runs there are.",
  });
}

/** The run as somebody else has ended it; nothing while it goes on. */
export async function endedExecution(
  { principal, runId }: Pick<RunRow, "principal" | "runId">,
  context: ExecuteContext,
): Promise<Execution | undefined> {
  const run = await context.journal.run(principal, runId);
  return run === undefined || !isEnded(run) ? undefined : toExecution(run, context);
}

async function toExecution(
  run: RunRow,
  { journal, answerWith }: ExecuteContext,
  { structured }: Pick<ResumeRequest, "structured"> = {},
): Promise<Execution> {
  const document = rowsToDocument(run, await journal.calls(run.runId), await journal.approvals(run.runId));
  return documentToAnswer(document, {
    code: run.code,
    tokens: resultTokens(run.limits),
    structured,
    answerWith,
  });
}

/** Until somebody writes to the run, or its holder may have died. */
async function changeOf(
  runId: string,
  { journal }: ExecuteContext,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, 1_000);
  const abort = (): void =>
    reject(new CodemodeError("run_cancelled", "Waiting for the run was given up; the run goes on."));
  using watch = journal.watch(runId, resolve);
  void watch;
  signal?.addEventListener("abort", abort, { once: true });
  try {
    signal?.throwIfAborted();
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
