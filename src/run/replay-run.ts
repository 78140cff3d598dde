/**
 * Runs a kept run again against its record alone, for debugging: every call is answered by what was recorded,
 * nothing is sent, no source is needed, and nothing is written. Works on runs that have ended as well.
 */
import { CodemodeError } from "../errors.ts";
import type { Execution, ResumeRequest } from "../spec/codemode.ts";
import type { EngineSession, GuestCall, GuestOutcome, LogLine } from "../spec/engine.ts";
import type { CallRow, RunRow } from "../spec/journal.ts";
import type { Limits } from "../spec/limits.ts";
import type { RunDocument } from "../spec/run.ts";
import type { Json, Value } from "../spec/value.ts";
import { diverged, divergence, isSameCall } from "./diverged.ts";
import { documentToAnswer } from "./document-to-text.ts";
import type { ExecuteContext } from "./execute-context.ts";
import { isHashed, toDelivery } from "./replay-deliveries.ts";
import { toProgram } from "./program-modules.ts";
import { refuseNewerRules } from "./replay-rules.ts";
import { ReplayOrder } from "./replay-order.ts";
import { findRun } from "./resume-run.ts";
import { resultTokens } from "./render/result-tokens.ts";
import { rowsToDocument, type RunOutcome } from "./rows-to-document.ts";
import { LoadedSnippets } from "./saved/loaded-snippets.ts";
import { InexactAnswers } from "./inexact-answers.ts";
import { valueToView } from "./value-to-view.ts";

/**
 * Throws `run_not_found`, `run_unresumable` on another engine and where an answer is not kept, and `run_diverged`, naming the call and the
 * difference, when the replay does something else than the record.
 */
export async function replayRun(
  request: Pick<ResumeRequest, "runId" | "principal" | "signal">,
  context: ExecuteContext,
): Promise<Execution> {
  const { journal, engine } = context;
  const run = await findRun(request, context);
  refuseNewerRules(run);
  const { build } = await engine.ready();
  if (build !== run.engine)
    throw new CodemodeError("run_unresumable", `The run was made on ${run.engine}; this is ${build}.`, {
      hint: "Replay it with the engine that began it.",
    });
  const calls = await journal.calls(run.runId);
  refuseUnkept(calls);
  const logs: LogLine[] = [];
  const guest = new RecordedGuest(calls, JSON.parse(run.limits) as Limits);
  await using session = await startGuest({ run, calls, guest, logs }, request, context);
  const outcome = await guest.play(session);
  const document = rowsToDocument(
    toRow(run, outcome, { logs, session, calls }),
    calls,
    await journal.approvals(run.runId),
  );
  refuseOtherEnd(run, outcome, document);
  return documentToAnswer(document, { code: run.code, tokens: resultTokens(run.limits) });
}

function refuseUnkept(calls: readonly CallRow[]): void {
  const unkept = calls.filter(isHashed);
  const [first] = unkept;
  if (first === undefined) return;
  throw new CodemodeError(
    "run_unresumable",
    `The run cannot be replayed from its record alone: of ${unkept.length === 1 ? "one read" : `${unkept.length} reads`}, first call ${first.seq}, tools.${first.path}, only the hash of the answer is kept.`,
    {
      hint: 'Its source has "replay": "reexecute"; `codemode show` tells what the run did.',
    },
  );
}

interface Replay {
  readonly run: RunRow;
  readonly calls: readonly CallRow[];
  readonly guest: RecordedGuest;
  readonly logs: LogLine[];
}

async function startGuest(
  { run, calls, guest, logs }: Replay,
  { signal }: Pick<ResumeRequest, "signal">,
  { engine, library, workspaces }: ExecuteContext,
): Promise<EngineSession> {
  const limits = JSON.parse(run.limits) as Limits;
  const workspace = { principal: run.principal, name: "default" };
  const { code, seed, startedAt, principal } = run;
  const saved = await LoadedSnippets.load({
    store: workspaces.snippets,
    workspace,
    code,
    recorded: calls,
    limits,
  });
  const { prepared, modules } = toProgram(code, {
    limits,
    library,
    saved: saved.snippets,
    rules: run.rules,
  });
  return engine.start(
    {
      code: prepared.javascript,
      ...(Object.keys(modules).length === 0 ? {} : { modules }),
      limits,
      seed,
      now: startedAt,
      principal,
    },
    { call: (call) => guest.issued(call), log: (line) => void logs.push(line) },
    signal === undefined ? {} : { signal },
  );
}

/** Answers a guest from the record, as far as the record goes. */
class RecordedGuest {
  readonly #rows: ReadonlyMap<number, CallRow>;
  readonly #order: ReplayOrder;
  readonly #depth: number;
  readonly #early: GuestCall[] = [];
  #session: EngineSession | undefined;
  #issued = 0;
  #deliveries = 0;
  #fault: CodemodeError | undefined;

  constructor(calls: readonly CallRow[], { depth }: Limits) {
    this.#rows = new Map(calls.map((call) => [call.seq, call]));
    this.#order = new ReplayOrder(calls);
    this.#depth = depth;
  }

  issued(call: GuestCall): void {
    if (this.#session === undefined) {
      this.#early.push(call);
      return;
    }
    this.#issued = Math.max(this.#issued, call.seq);
    const row = this.#rows.get(call.seq);
    if (row !== undefined && !isSameCall(call, row, this.#depth)) {
      this.#fault ??= diverged(call, row, this.#depth);
      this.#session.cancel();
      return;
    }
    const due = this.#order.issued(call.seq);
    for (const [index, recorded] of due.entries()) {
      this.#session.deliver(toDelivery(recorded), { ahead: true, more: index + 1 < due.length });
      this.#deliveries += 1;
    }
  }

  /** The guest's outcome, or nothing when it waits for what the record does not answer. */
  async play(session: EngineSession): Promise<GuestOutcome | undefined> {
    this.#session = session;
    for (const call of this.#early.splice(0)) this.issued(call);
    const outcome = await Promise.race([session.outcome, this.#untilStill(session)]);
    if (this.#fault !== undefined) throw this.#fault;
    if (outcome !== undefined && !this.#order.finished)
      throw divergence("The replay ended before it had made every call of the record.");
    return outcome;
  }

  async #untilStill(session: EngineSession): Promise<GuestOutcome | undefined> {
    for (;;) {
      const given = this.#deliveries;
      const { issued } = await session.idle();
      if (issued === this.#issued && given === this.#deliveries)
        return Promise.race([session.outcome, Promise.resolve(undefined)]);
    }
  }
}

/** The row as it would be had the run ended like this. */
function toRow(
  run: RunRow,
  outcome: GuestOutcome | undefined,
  { logs, session, calls }: Pick<Replay, "logs" | "calls"> & { readonly session: EngineSession },
): RunRow {
  const { queueMs, runMs } = session.usage();
  const timings = { queueMs, checkMs: 0, runMs, totalMs: queueMs + runMs };
  const kept = run.outcome === undefined ? {} : (JSON.parse(run.outcome) as Partial<RunOutcome>);
  const artifacts = kept.artifacts === undefined ? {} : { artifacts: kept.artifacts };
  if (outcome === undefined) return { ...run, outcome: JSON.stringify({ ...kept, logs, timings }) };
  if (outcome.status === "completed") {
    const result = outcome.value === undefined ? {} : toResult(outcome.value, calls);
    return {
      ...run,
      status: "completed",
      outcome: JSON.stringify({ ...result, logs, ...artifacts, timings }),
    };
  }
  // How the run ended is the record's word; a position in its error is in the model's own code.
  const error = kept.error?.code === outcome.error.code ? kept.error : outcome.error;
  return { ...run, status: "failed", outcome: JSON.stringify({ error, logs, ...artifacts, timings }) };
}

function toResult(value: Value, calls: readonly CallRow[]): Partial<RunOutcome> {
  const { numbers, answers: inexactAnswers } = new InexactAnswers(calls);
  const { json: result, marks } = valueToView(value, numbers);
  return { result, ...marks, ...(inexactAnswers === undefined ? {} : { inexactAnswers }) };
}

function refuseOtherEnd(run: RunRow, outcome: GuestOutcome | undefined, { result }: RunDocument): void {
  if (run.status !== "completed") return;
  if (outcome === undefined)
    throw divergence(
      "The replay waits for something that the record does not answer; the run had completed.",
    );
  if (outcome.status === "failed")
    throw divergence(
      `The run had completed, and its replay failed with ${outcome.error.code}: ${outcome.error.message}`,
    );
  const before = toText((JSON.parse(run.outcome ?? "{}") as Partial<RunOutcome>).result);
  const now = toText(result);
  if (before !== now)
    throw divergence(`The run had returned ${before.slice(0, 300)}, its replay ${now.slice(0, 300)}.`);
}

function toText(result: Json | undefined): string {
  return result === undefined ? "nothing" : JSON.stringify(result);
}
