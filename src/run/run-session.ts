/**
 * One session of a run, from the model's text to the run document: prepare, check, start the guest, answer
 * its calls, settle or pause. A first session and a resumed one differ only in what is recorded already.
 */
import { CodemodeError, toCodemodeError } from "../errors.ts";
import type { Execution, ExecuteRequest } from "../spec/codemode.ts";
import type { EngineSession, GuestError, GuestOutcome } from "../spec/engine.ts";
import type { ApprovalRow, CallRow, Lease, RunOrigin } from "../spec/journal.ts";
import type { Limits } from "../spec/limits.ts";
import type { Catalog } from "../spec/tool.ts";
import type { RunStatus } from "../spec/run.ts";
import { defaultStateLimits, type Workspace } from "../spec/workspace.ts";
import { checkSnippet } from "./check-snippet.ts";
import { commitCompleted, commitFailed } from "./commit-state.ts";
import { documentToText } from "./document-to-text.ts";
import { divergence } from "./diverged.ts";
import type { ExecuteContext } from "./execute-context.ts";
import { createFeatureBuiltins } from "./feature-builtins.ts";
import { GuestCalls } from "./guest-calls.ts";
import { holdLease } from "./hold-lease.ts";
import type { PreparedSnippet } from "./prepare.ts";
import { toProgram, type ProgramParts } from "./program-modules.ts";
import { createAskBuiltin } from "./person/ask-builtin.ts";
import { createPersonBuiltins } from "./person/person-builtins.ts";
import { RunRecord } from "./run-record.ts";
import { RunState } from "./run-state.ts";
import { LoadedSnippets } from "./saved/loaded-snippets.ts";
import { createStateBuiltins } from "./state-builtins.ts";
import { toGuestError } from "./to-guest-error.ts";

export interface SessionInput {
  readonly origin: RunOrigin;
  readonly lease: Lease;
  readonly request: Omit<ExecuteRequest, "code" | "principal" | "limits">;
  /** What earlier sessions left; absent on the first. */
  readonly recorded?: { readonly calls: readonly CallRow[]; readonly approvals: readonly ApprovalRow[] };
}

/** Rejects with `store_*` and the run's id when it cannot be recorded; everything else is data. */
export async function runSession(input: SessionInput, context: ExecuteContext): Promise<Execution> {
  const { origin, lease, request, recorded } = input;
  const limits = JSON.parse(origin.limits) as Limits;
  const lost = new AbortController();
  await using holding = holdLease(context.journal, lease, () => lost.abort());
  const record = new RunRecord({
    origin,
    journal: context.journal,
    lease,
    limits,
    ...(recorded === undefined ? {} : { recorded }),
    ...(request.onEvent === undefined ? {} : { onEvent: request.onEvent }),
  });
  const workspace = { principal: origin.principal, name: "default" };
  const state = new RunState({
    store: context.workspaces.state,
    workspace,
    runId: origin.runId,
    limits: defaultStateLimits,
    recorded: recorded?.calls ?? [],
  });
  record.setStatus("queued");
  const notes: string[] = [];
  let saved: LoadedSnippets | undefined;
  try {
    saved = await LoadedSnippets.load({
      store: context.workspaces.snippets,
      workspace,
      code: origin.code,
      recorded: recorded?.calls ?? [],
      limits,
    });
    const { library } = context;
    const program = toProgram(origin.code, { limits, library, saved: saved.snippets });
    const { prepared } = program;
    const catalog = await context.catalog(request.signal);
    const session: Session = {
      ...input,
      prepared,
      program,
      saved,
      record,
      state,
      catalog,
      limits,
      lost: lost.signal,
    };
    if (recorded !== undefined) refuseChangedTools(recorded.calls, catalog);
    const checked = recorded === undefined ? checkFirst(session, context) : Promise.resolve([]);
    await runGuest(session, context, checked);
    notes.push(...(await checked));
  } catch (error) {
    const thrown = toCodemodeError(error);
    // The store cannot be written: the run is left as it stands in it, and goes on from there when it is resumed.
    if (thrown.code.startsWith("store_") || thrown.code === "lease_lost") throw ofRun(thrown, origin);
    const fault = toGuestError(request.signal?.aborted === true ? cancelled() : thrown);
    await record.fail(await commitFailed(state, record, fault));
  }
  void holding;
  const document = record.toDocument();
  if (saved !== undefined) await countUses(saved, document.status, { context, workspace });
  return { document, text: documentToText(document, { code: origin.code, notes }) };
}

interface Session extends SessionInput {
  readonly prepared: PreparedSnippet;
  readonly program: ProgramParts;
  readonly saved: LoadedSnippets;
  readonly record: RunRecord;
  readonly state: RunState;
  readonly catalog: Catalog;
  readonly limits: Limits;
  /** Aborts when another host has taken the run over. */
  readonly lost: AbortSignal;
}

/** The same error for whoever must know which run to resume. */
function ofRun({ code, message, hint }: CodemodeError, { runId }: RunOrigin): CodemodeError {
  return new CodemodeError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    data: { runId },
  });
}

/** Statistics: a store that cannot be written costs the run nothing. */
async function countUses(
  saved: LoadedSnippets,
  status: RunStatus,
  { context, workspace }: { readonly context: ExecuteContext; readonly workspace: Workspace },
): Promise<void> {
  if (saved.used.length === 0 || status === "paused") return;
  const use = { names: saved.used, ok: status === "completed" };
  await context.workspaces.snippets.used(workspace, use).catch(() => undefined);
}

/** Throws `snippet_type`; returns what the check only warns of. */
async function checkFirst(
  { prepared, program, origin, request, record, catalog }: Session,
  context: ExecuteContext,
): Promise<readonly string[]> {
  const began = performance.now();
  const named = catalog.sources.filter((source) => prepared.mentions(source.name));
  try {
    return await checkSnippet(prepared, origin.code, {
      mode: context.check,
      checker: context.checker,
      declarations:
        context.check === "off" ? [] : [...named.map(context.declarations), ...program.declarations],
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
  } finally {
    record.timings.checkMs = performance.now() - began;
  }
}

/** A resumed run goes on only if the tools it has called are still what they were. */
function refuseChangedTools(calls: readonly CallRow[], catalog: Catalog): void {
  for (const { path, definition } of calls) {
    if (definition === undefined || catalog.tools.get(path)?.hash === definition) continue;
    throw new CodemodeError(
      "run_unresumable",
      `The tool tools.${path} has changed or gone since the run called it.`,
      {
        hint: "Start a new run; the record lists what this one has done.",
      },
    );
  }
}

/** Loads the program while it is checked; it begins only once it has passed. */
async function runGuest(input: Session, context: ExecuteContext, checked: Promise<unknown>): Promise<void> {
  const { origin, request, record, state, saved, prepared, limits, recorded, lost } = input;
  const { modules } = input.program;
  const { signal, traceparent } = request;
  const ended = new AbortController();
  const dispatching = {
    ...context,
    catalog: input.catalog,
    record,
    limits,
    principal: origin.principal,
    signal: ended.signal,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  const calls = new GuestCalls(
    dispatching,
    new Map([
      ...context.builtins,
      ...createStateBuiltins(state),
      ...saved.builtins(input.catalog),
      ...createPersonBuiltins(record, context.approvalMs),
      ...createFeatureBuiltins(dispatching),
      ...createAskBuiltin({ ask: context.ask ?? request.ask, record, signal: ended.signal }),
    ]),
    recorded?.calls ?? [],
  );
  signal?.throwIfAborted();
  const refused = new AbortController();
  const starting = context.engine.start(
    {
      code: prepared.javascript,
      ...(Object.keys(modules).length === 0 ? {} : { modules }),
      limits,
      seed: origin.seed,
      now: origin.startedAt,
      principal: origin.principal,
    },
    { call: (call) => calls.issued(call), log: (line) => record.log(line) },
    {
      after: checked,
      signal: signal === undefined ? refused.signal : AbortSignal.any([signal, refused.signal]),
    },
  );
  const session = await untilChecked(starting, checked, refused);
  using watching = cancelOn(session, signal, lost);
  void watching;
  try {
    record.setStatus("running");
    calls.attach(session);
    const outcome = await Promise.race([session.outcome, calls.suspended.then(() => undefined)]);
    if (outcome === undefined) session.cancel();
    await calls.end(() => ended.abort());
    if (calls.fault !== undefined) throw calls.fault;
    const { queueMs, runMs } = session.usage();
    Object.assign(record.timings, { queueMs, runMs });
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

function cancelled(): CodemodeError {
  return new CodemodeError("run_cancelled", "The run was cancelled.");
}

function endedEarly(): CodemodeError {
  return divergence("The replay ended before it had made every call of the record.");
}
