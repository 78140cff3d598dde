/**
 * The part of a session in which the guest runs: its program is loaded, begun, served and settled. What is run,
 * and what becomes of the run's record afterwards, is the session's.
 */
import { CodemodeError } from "../errors.ts";
import type { EngineSession, GuestCall, GuestError, GuestOutcome } from "../spec/engine.ts";
import type { Value } from "../spec/value.ts";
import { cancelled } from "./cancelled.ts";
import { commitCompleted, commitFailed } from "./commit-state.ts";
import { divergence } from "./diverged.ts";
import type { ExecuteContext } from "./execute-context.ts";
import { createFeatureBuiltins } from "./feature-builtins.ts";
import { resolveFiles } from "./files/file-arguments.ts";
import { createFileBuiltins } from "./files/file-builtins.ts";
import { RunArtifacts } from "./files/run-artifacts.ts";
import { GuestCalls, type GuestCallsContext } from "./guest-calls.ts";
import { createAskBuiltin } from "./person/ask-builtin.ts";
import { createPersonBuiltins } from "./person/person-builtins.ts";
import type { PreparedSnippet } from "./prepare.ts";
import { createRelay } from "./relay/create-relay.ts";
import { isInForce, replayRules } from "./replay-rules.ts";
import type { RunRecord } from "./run-record.ts";
import type { Session } from "./run-session.ts";
import type { RunState } from "./run-state.ts";
import { createStateBuiltins } from "./state-builtins.ts";
import { toGuestError } from "./to-guest-error.ts";

/** Loads the program while it is checked; it begins only once it has passed. */
export async function runGuest(
  input: Session,
  context: ExecuteContext,
  checked: Promise<unknown>,
): Promise<void> {
  const { origin, request, record, state, saved, prepared, limits, recorded, lost, leave } = input;
  const { modules } = input.program;
  const { signal, traceparent } = request;
  const ended = new AbortController();
  // What is under way upstream of a run that is another host's now is this host's to give up.
  lost.addEventListener("abort", () => ended.abort(), { once: true });
  const artifacts = new RunArtifacts({
    store: context.workspaces.files,
    workspace: input.workspace,
    runId: origin.runId,
    limits: context.fileLimits,
    tokens: limits.resultTokens,
  });
  const ask = context.ask ?? request.ask;
  const dispatching: GuestCallsContext = {
    ...context,
    resolveFiles: (args: Value) =>
      resolveFiles(args, { files: context.workspaces.files, workspace: input.workspace }),
    keepBytes: (call: GuestCall, value: Value) => {
      request.onAnswer?.({ seq: call.seq, path: call.path.join("."), value });
      artifacts.answered(call, value);
    },
    catalog: input.catalog,
    record,
    limits,
    principal: origin.principal,
    signal: ended.signal,
    right: input.right,
    unknownWrites: isInForce(replayRules.unknownWrites, origin.rules) ? context.inDoubt : "as_before",
    ...(traceparent === undefined ? {} : { traceparent }),
    relay: createRelay({ ask, askPerson: request.askPerson, record, principal: origin.principal }),
  };
  const calls = new GuestCalls(
    dispatching,
    new Map([
      ...context.builtins,
      ...createStateBuiltins(state),
      ...createFileBuiltins(context, { workspace: input.workspace, record, limits }),
      ...saved.builtins(input.catalog),
      ...createPersonBuiltins(record, context.approvalMs),
      ...createFeatureBuiltins(dispatching),
      ...createAskBuiltin({ ask, record, signal: ended.signal }),
    ]),
    recorded?.calls ?? [],
  );
  signal?.throwIfAborted();
  leave?.throwIfAborted();
  const refused = new AbortController();
  const starting = context.engine.start(
    {
      code: prepared.javascript,
      ...(Object.keys(modules).length === 0 ? {} : { modules }),
      limits,
      seed: origin.seed,
      now: origin.startedAt,
      principal: origin.principal,
      client: request.client,
    },
    { call: (call) => calls.issued(call), log: (line) => record.log(line) },
    {
      after: checked,
      signal: AbortSignal.any([signal, leave, refused.signal].filter((each) => each !== undefined)),
    },
  );
  const session = await untilChecked(starting, checked, refused);
  using watching = cancelOn(session, signal, lost);
  using leaving = cancelOn(session, leave, lost);
  void [watching, leaving];
  try {
    record.setStatus("running");
    using announcing = record.announceSoon();
    void announcing;
    calls.attach(session);
    const outcome = await Promise.race([session.outcome, calls.suspended.then(() => undefined)]);
    if (outcome === undefined) session.cancel();
    await calls.end(() => ended.abort(), leave?.aborted === true);
    if (calls.fault !== undefined) throw calls.fault;
    if (outcome?.status === "failed") leave?.throwIfAborted();
    if (outcome !== undefined) record.unseen = calls.unseen;
    const { queueMs, runMs } = session.usage();
    Object.assign(record.timings, { queueMs, runMs });
    record.artifacts = await artifacts.end(
      record.logs,
      outcome?.status === "completed" ? outcome.value : undefined,
    );
    await settle(outcome, record, { prepared, state, diverged: calls.diverged });
  } finally {
    ended.abort();
    await session[Symbol.asyncDispose]();
  }
}

/** What the check refuses is told as that, whatever became of the sandbox meanwhile. */
async function untilChecked(
  starting: Promise<EngineSession>,
  checked: Promise<unknown>,
  refused: AbortController,
): Promise<EngineSession> {
  starting.catch(() => undefined);
  try {
    await checked;
  } catch (thrown) {
    refused.abort();
    starting.then(
      (session) => session[Symbol.asyncDispose](),
      () => undefined,
    );
    throw thrown;
  }
  return starting;
}

/** No outcome: the guest waits for a person, and its process is given up. */
async function settle(
  outcome: GuestOutcome | undefined,
  record: RunRecord,
  { prepared, state, diverged }: { prepared: PreparedSnippet; state: RunState; diverged: boolean },
): Promise<void> {
  if (outcome === undefined) return record.pause();
  if (outcome.status === "completed" && !diverged) {
    const fault = await commitCompleted(state, record);
    return fault === undefined ? record.complete(outcome.value) : record.fail(fault);
  }
  const error =
    outcome.status === "completed" ? toGuestError(endedEarly()) : toOriginalError(outcome.error, prepared);
  return record.fail(await commitFailed(state, record, error));
}

function toOriginalError(error: GuestError, prepared: PreparedSnippet): GuestError {
  if (error.line === undefined) return error;
  const { line, column } = prepared.toOriginal({ line: error.line, column: error.column ?? 1 });
  return { ...error, line, ...(error.column === undefined ? {} : { column }) };
}

function cancelOn(session: EngineSession, signal: AbortSignal | undefined, lost: AbortSignal): Disposable {
  const cancel = (): void => session.cancel(toGuestError(cancelled()));
  const takenOver = (): void =>
    session.cancel(toGuestError(new CodemodeError("lease_lost", "Another host has taken over the run.")));
  signal?.addEventListener("abort", cancel, { once: true });
  lost.addEventListener("abort", takenOver, { once: true });
  if (signal?.aborted === true) cancel();
  return { [Symbol.dispose]: () => signal?.removeEventListener("abort", cancel) };
}

function endedEarly(): CodemodeError {
  return divergence("The replay ended before it had made every call of the record.");
}
