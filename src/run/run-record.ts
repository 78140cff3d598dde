/**
 * The record of one run while it goes on: its status, logs, result and calls, told to listeners as events, to
 * the journal as rows, and to whoever asked as the run document.
 */
import type { GuestError, LogLine } from "../spec/engine.ts";
import type { RunEvent, RunEventBody } from "../spec/events.ts";
import type { ApprovalRow, CallRow, Journal, Lease, RunOrigin } from "../spec/journal.ts";
import type { RunArtifact, RunDocument, RunStatus, UnseenFailure } from "../spec/run.ts";
import type { Json, Value } from "../spec/value.ts";
import { CallJournal } from "./call-journal.ts";
import { InexactAnswers } from "./inexact-answers.ts";
import { rowsToDocument, type RunOutcome } from "./rows-to-document.ts";
import type { UsedSources } from "./sources/used-sources.ts";
import { valueToView, type NumberMarks } from "./value-to-view.ts";

export interface RunRecordOptions {
  readonly origin: RunOrigin;
  readonly journal: Journal;
  readonly lease: Lease;
  /** What an earlier session of the same run has left. */
  readonly recorded?: { readonly calls: readonly CallRow[]; readonly approvals: readonly ApprovalRow[] };
  readonly limits: { readonly resultBytes: number; readonly depth: number };
  readonly sources?: UsedSources;
  readonly onEvent?: (event: RunEvent) => void;
}

/** Most runs end before that: then the journal is told of their end alone. */
const announceMs = 200;

export class RunRecord {
  readonly calls: CallJournal;
  /** Numbers of answers that are not what the sources wrote. */
  readonly inexact: InexactAnswers;
  readonly timings: { queueMs: number; checkMs: number; runMs: number } = {
    queueMs: 0,
    checkMs: 0,
    runMs: 0,
  };
  /** Files that the run has left; known before its end is recorded. */
  artifacts: readonly RunArtifact[] = [];
  /** Failures that its program did not see; known before its end is recorded. */
  unseen: readonly UnseenFailure[] = [];
  readonly #options: RunRecordOptions;
  readonly #began = performance.now();
  readonly #logs: LogLine[] = [];
  #events = 0;
  #status: RunStatus = "queued";
  #result: ({ readonly result: Json } & NumberMarks) | undefined;
  #error: RunDocument["error"];

  constructor(options: RunRecordOptions) {
    this.#options = options;
    const { journal, lease, limits, sources, recorded = { calls: [], approvals: [] } } = options;
    const emit = (event: RunEventBody): void => this.emit(event);
    this.inexact = new InexactAnswers(recorded.calls);
    this.calls = new CallJournal({
      journal,
      lease,
      limits,
      recorded,
      emit,
      ...(sources === undefined ? {} : { sources }),
    });
  }

  get runId(): string {
    return this.#options.origin.runId;
  }

  /** Version of the replay rules that the run was begun with. */
  get rules(): number | undefined {
    return this.#options.origin.rules;
  }

  get logs(): readonly LogLine[] {
    return this.#logs;
  }

  /** A call of the source is about to be asked about or sent: the record is to say which source that was. */
  async use(source: string, signal: AbortSignal): Promise<void> {
    await this.#options.sources?.use(source, signal);
  }

  setStatus(status: RunStatus): void {
    this.#status = status;
    this.emit({ type: "status", status });
  }

  /** One that calls nothing is known to be running as well, unless it ends at once. */
  announceSoon(): Disposable {
    const timer = setTimeout(() => void this.calls.announce().catch(() => undefined), announceMs).unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  }

  log(line: LogLine): void {
    this.#logs.push(line);
    this.emit({ type: "log", ...line });
  }

  complete(value: Value): Promise<void> {
    if (value !== undefined) {
      const { json: result, marks } = valueToView(value, this.inexact.numbers);
      this.#result = { result, ...marks };
    }
    return this.#end("completed");
  }

  fail({ code, message, hint, line, column }: GuestError): Promise<void> {
    this.#error = {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    };
    return this.#end(code === "run_cancelled" ? "cancelled" : "failed");
  }

  pause(): Promise<void> {
    return this.#end("paused");
  }

  emit(body: RunEventBody): void {
    this.#events += 1;
    this.#options.onEvent?.({ ...body, runId: this.runId, seq: this.#events, at: Date.now() });
  }

  async toDocument(): Promise<RunDocument> {
    const outcome = JSON.stringify(this.#outcome());
    const row = { ...this.#options.origin, status: this.#status, outcome, updatedAt: Date.now() };
    return rowsToDocument(row, await this.calls.wholeRows(), this.calls.approvals);
  }

  /** On disk before anybody is told, when anything in it may never be done twice. */
  async #end(status: RunStatus): Promise<void> {
    this.setStatus(status);
    const { rows } = this.calls;
    const unkept = rows.filter(
      ({ state, delivered }) => delivered === undefined && (state === "denied" || state === "in_doubt"),
    );
    const durable =
      status === "paused" || rows.some(({ effect }) => effect !== undefined && effect !== "read");
    await this.calls.commit({ status, outcome: JSON.stringify(this.#outcome()), calls: unkept, durable });
  }

  #outcome(): RunOutcome {
    const { queueMs, checkMs, runMs } = this.timings;
    const totalMs = performance.now() - this.#began;
    return {
      ...this.#result,
      ...(this.inexact.answers === undefined ? {} : { inexactAnswers: this.inexact.answers }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
      logs: this.#logs,
      ...(this.unseen.length === 0 ? {} : { unseen: this.unseen }),
      ...(this.artifacts.length === 0 ? {} : { artifacts: this.artifacts }),
      timings: {
        queueMs: round(queueMs),
        checkMs: round(checkMs),
        runMs: round(runMs),
        totalMs: round(totalMs),
      },
    };
  }
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
