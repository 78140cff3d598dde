/**
 * One session of a run, from the model's text to the run document: prepare, check, start the guest, answer
 * its calls, settle or pause. A first session and a resumed one differ only in what is recorded already.
 */
import { CodemodeError, toCodemodeError } from "../errors.ts";
import type { Execution, ExecuteRequest } from "../spec/codemode.ts";
import type { ApprovalRow, CallRow, RunOrigin } from "../spec/journal.ts";
import type { Limits } from "../spec/limits.ts";
import type { Catalog } from "../spec/tool.ts";
import type { RunStatus } from "../spec/run.ts";
import { defaultStateLimits, type Workspace } from "../spec/workspace.ts";
import { checkSnippet } from "./check-snippet.ts";
import { cancelled } from "./cancelled.ts";
import { commitFailed } from "./commit-state.ts";
import { documentToAnswer } from "./document-to-text.ts";
import type { ExecuteContext } from "./execute-context.ts";
import { HeldLease, type SendingRight, type TakenLease } from "./lease/hold-lease.ts";
import type { PreparedSnippet } from "./prepare.ts";
import { toProgram, type ProgramParts } from "./program-modules.ts";
import { runGuest } from "./run-guest.ts";
import { RunRecord } from "./run-record.ts";
import { RunState } from "./run-state.ts";
import { LoadedSnippets } from "./saved/loaded-snippets.ts";
import { toWaiting } from "./questions/to-waiting.ts";
import { wantedSources } from "./sources/wanted-sources.ts";
import { identifyNamed, identifySource } from "./sources/identify-sources.ts";
import { UsedSources } from "./sources/used-sources.ts";
import { toGuestError } from "./to-guest-error.ts";

export interface SessionInput {
  readonly origin: RunOrigin;
  readonly taken: TakenLease;
  readonly request: Omit<ExecuteRequest, "code" | "principal" | "limits">;
  /** What earlier sessions left; absent on the first. */
  readonly recorded?: { readonly calls: readonly CallRow[]; readonly approvals: readonly ApprovalRow[] };
  /** Ends the session and leaves the run as it stands, instead of cancelling it. */
  readonly leave?: AbortSignal | undefined;
}

/** Rejects with `store_*` and the run's id when it cannot be recorded; everything else is data. */
export async function runSession(input: SessionInput, context: ExecuteContext): Promise<Execution> {
  const { origin, taken, request, recorded } = input;
  const limits = JSON.parse(origin.limits) as Limits;
  const lost = new AbortController();
  await using held = new HeldLease(context.journal, taken, {
    leaseMs: context.leaseMs,
    onLost: () => {
      context.warn("another host has taken the run over; its session here is ended", { runId: origin.runId });
      lost.abort();
    },
  });
  const { principal } = origin;
  const sources = new UsedSources(origin, (name, signal) =>
    identifySource(name, { principal, signal }, context),
  );
  const record = new RunRecord({
    origin,
    journal: context.journal,
    lease: taken.lease,
    limits,
    sources,
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
    rules: origin.rules,
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
    const program = toProgram(origin.code, {
      limits,
      library,
      saved: saved.snippets,
      rules: origin.rules,
    });
    const { prepared } = program;
    const catalog = await context.catalog(request.signal, wantedSources(origin.code));
    if (recorded === undefined && saved.snippets.length > 0) {
      const { signal = lost.signal } = request;
      const texts = saved.snippets.map(({ code }) => code);
      sources.name(await identifyNamed(texts, { principal, signal }, { ...context, catalog }));
      await record.calls.commit({ durable: false });
    }
    const session: Session = {
      ...input,
      workspace,
      prepared,
      program,
      saved,
      record,
      state,
      catalog,
      limits,
      lost: lost.signal,
      right: held,
    };
    if (recorded !== undefined) refuseMissingTools(recorded.calls, catalog, context);
    const checked = recorded === undefined ? checkFirst(session, context) : Promise.resolve([]);
    // Whatever else ends the run first, the check's own verdict is no error of the host.
    checked.catch(() => undefined);
    await runGuest(session, context, checked);
    notes.push(...(await checked));
  } catch (error) {
    const thrown = toCodemodeError(error);
    // The store cannot be written: the run is left as it stands in it, and goes on from there when it is resumed.
    if (thrown.code.startsWith("store_") || thrown.code === "lease_lost") throw ofRun(thrown, origin);
    if (input.leave?.aborted === true) throw ofRun(left(), origin);
    // A source that is down comes back, and so may a tool that is another one now: what was recorded waits for it.
    if (recorded !== undefined && waitsFor.has(thrown.code)) throw ofRun(thrown, origin);
    const fault = toGuestError(request.signal?.aborted === true ? cancelled() : thrown);
    await record.fail(await commitFailed(state, record, fault));
  }
  const document = await record.toDocument();
  if (document.status === "paused") context.waits(toWaiting(document, origin.principal));
  if (saved !== undefined) await countUses(saved, document.status, { context, workspace });
  const { resultTokens: tokens } = limits;
  const { answerWith } = context;
  const { structured } = request;
  return documentToAnswer(document, { code: origin.code, notes, tokens, structured, answerWith });
}

/** What another host, or this one at another time, may do better: it ends no run. */
const waitsFor: ReadonlySet<CodemodeError["code"]> = new Set(["source_unavailable", "run_unresumable"]);

export interface Session extends SessionInput {
  readonly workspace: Workspace;
  readonly prepared: PreparedSnippet;
  readonly program: ProgramParts;
  readonly saved: LoadedSnippets;
  readonly record: RunRecord;
  readonly state: RunState;
  readonly catalog: Catalog;
  readonly limits: Limits;
  /** Aborts when another host has taken the run over. */
  readonly lost: AbortSignal;
  /** Whether a call may leave. */
  readonly right: SendingRight;
}

function left(): CodemodeError {
  return new CodemodeError("host_closing", "The host is closing and has left the run as it stands.", {
    hint: "Start the server again, which continues it, or resume the run; do not send the code again.",
  });
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
      troubles: catalog.troubles,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      client: [origin.principal, ...(request.client ?? [])],
    });
  } finally {
    record.timings.checkMs = performance.now() - began;
  }
}

/**
 * What was answered is answered from the record, whatever has become of the tool; a tool that has changed is compared
 * where it would be called. A call that may have been sent needs its tool, to be asked about or sent again.
 */
function refuseMissingTools(
  calls: readonly CallRow[],
  catalog: Catalog,
  { whyMissing }: Pick<ExecuteContext, "whyMissing">,
): void {
  for (const { path, definition, state, delivered } of calls) {
    if (definition === undefined || catalog.tools.has(path)) continue;
    const [source = ""] = path.split(".");
    const known = catalog.sources.some(({ name }) => name === source);
    const reason = known ? undefined : whyMissing(source);
    if (reason !== undefined)
      throw new CodemodeError(
        "source_unavailable",
        `The run needs tools.${path}, and the source "${source}" is not available: ${reason}`,
        { hint: "Resume the run once the source works again; nothing was sent and nothing is lost." },
      );
    if (delivered !== undefined || (state !== "started" && state !== "in_doubt")) continue;
    throw new CodemodeError(
      "run_unresumable",
      `The tool tools.${path} has gone since the run called it, and nobody knows what became of that call.`,
      {
        hint: "The run waits as it is, for the tool as it was. Or start a new run and cancel this one; the record lists what it has done.",
      },
    );
  }
}
