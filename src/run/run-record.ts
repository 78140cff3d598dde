/**
 * The record of one run while it goes on: what the journal is told, what listeners hear, what policies
 * count. Writes are on disk before they are sent and before their outcome is released; reads follow lazily,
 * in order, so that no commit of a write is without what was delivered before it.
 */
import type { GuestCall, GuestError, LogLine } from "../spec/engine.ts";
import type { RunEvent, RunEventBody } from "../spec/events.ts";
import type { ApprovalRow, Batch, CallRow, Journal, Lease, RunOrigin } from "../spec/journal.ts";
import type { RunDocument, RunStatus } from "../spec/run.ts";
import type { Tool } from "../spec/tool.ts";
import type { Json, Value } from "../spec/value.ts";
import type { Answer } from "./answer.ts";
import { rowsToDocument, type RunOutcome } from "./rows-to-document.ts";
import { answerToText, hashText, valueToText } from "./value-text.ts";
import { valueToJson } from "./value-to-json.ts";

export interface RunRecordOptions {
  readonly origin: RunOrigin;
  readonly journal: Journal;
  readonly lease: Lease;
  /** What an earlier session of the same run has left. */
  readonly recorded?: { readonly calls: readonly CallRow[]; readonly approvals: readonly ApprovalRow[] };
  readonly limits: { readonly resultBytes: number; readonly depth: number };
  readonly onEvent?: (event: RunEvent) => void;
}

/** What the policy decided on a call, with what the upstream is given to recognise a repetition. */
export interface Intent {
  readonly decision: "allow" | "ask";
  readonly reason: string;
  readonly idempotencyKey?: string;
}

/** Errors and answers may nest a little deeper than the values in them. */
const wrapping = 4;

export class RunRecord {
  readonly timings: { queueMs: number; checkMs: number; runMs: number } = {
    queueMs: 0,
    checkMs: 0,
    runMs: 0,
  };
  readonly #options: RunRecordOptions;
  readonly #began = performance.now();
  readonly #recorded: ReadonlyMap<number, CallRow>;
  readonly #rows = new Map<number, CallRow>();
  /** By call and kind: a call may be asked about before it is sent and again when it is in doubt. */
  readonly #approvals: Map<string, ApprovalRow>;
  readonly #logs: LogLine[] = [];
  readonly #made = { read: 0, write: 0, destructive: 0 };
  #deliveries: number;
  #issued = 0;
  #events = 0;
  #status: RunStatus = "queued";
  #result: Json | undefined;
  #error: RunDocument["error"];

  constructor(options: RunRecordOptions) {
    this.#options = options;
    const { calls = [], approvals = [] } = options.recorded ?? {};
    this.#recorded = new Map(calls.map((call) => [call.seq, call]));
    for (const call of calls) this.#rows.set(call.seq, call);
    this.#approvals = new Map(
      approvals.map((approval) => [approvalKey(approval.seq, approval.kind), approval]),
    );
    this.#deliveries = calls.filter((call) => call.delivered !== undefined).length;
  }

  get runId(): string {
    return this.#options.origin.runId;
  }

  /** Calls let through so far, by effect; what a policy's budgets count. */
  get made(): { readonly read: number; readonly write: number; readonly destructive: number } {
    return this.#made;
  }

  /** Calls issued so far, this session's and earlier ones'. */
  get issued(): number {
    return this.#issued;
  }

  /** Whether any of these calls may be a write: all but those known to be reads. */
  mayWrite(calls: Iterable<number>): boolean {
    return [...calls].some((seq) => this.#rows.get(seq)?.effect !== "read");
  }

  setStatus(status: RunStatus): void {
    this.#status = status;
    this.emit({ type: "status", status });
  }

  log(line: LogLine): void {
    this.#logs.push(line);
    this.emit({ type: "log", ...line });
  }

  /** What an earlier session recorded of this call. */
  recorded(seq: number): CallRow | undefined {
    return this.#recorded.get(seq);
  }

  approval(seq: number, kind: ApprovalRow["kind"]): ApprovalRow | undefined {
    return this.#approvals.get(approvalKey(seq, kind));
  }

  /** The guest issued a call. Answers false when an earlier session recorded another one at this place. */
  issue({ seq, kind, path, args }: GuestCall): boolean {
    this.#issued = Math.max(this.#issued, seq);
    const text = valueToText(
      [...args],
      { bytes: Infinity, depth: this.#options.limits.depth + wrapping },
      "args",
    );
    const argsHash = hashText(text);
    const joined = path.join(".");
    const known = this.#recorded.get(seq);
    if (known !== undefined)
      return known.kind === kind && known.path === joined && known.argsHash === argsHash;
    this.#rows.set(seq, {
      seq,
      kind,
      path: joined,
      argsHash,
      args: text,
      state: "intent",
      issuedAt: Date.now(),
      labels: [],
    });
    return true;
  }

  /** The call is about to be sent. Resolves when that is on disk, for a write; at once for a read. */
  async intend(seq: number, tool: Tool, { decision, reason, idempotencyKey }: Intent): Promise<void> {
    this.#made[tool.effect] += 1;
    const row = this.#change(seq, {
      effect: tool.effect,
      definition: tool.hash,
      decision,
      reason,
      state: "started",
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
    this.emit({ type: "call", call: seq, path: tool.path, effect: tool.effect });
    if (row !== undefined && tool.effect !== "read") await this.#commit({ calls: [row], durable: true });
  }

  /** A person must answer first. Resolves when the question is on disk. */
  async ask(
    seq: number,
    tool: Tool,
    question: { readonly kind: ApprovalRow["kind"]; readonly reason: string; readonly ttlMs: number },
  ): Promise<void> {
    const state = question.kind === "in_doubt" ? "in_doubt" : "intent";
    const row = this.#change(seq, {
      effect: tool.effect,
      definition: tool.hash,
      decision: "ask",
      reason: question.reason,
      state,
    });
    if (row === undefined) return;
    const askedAt = Date.now();
    const approval: ApprovalRow = {
      runId: this.runId,
      seq,
      kind: question.kind,
      path: row.path,
      argsHash: row.argsHash,
      state: "pending",
      askedAt,
      expiresAt: askedAt + question.ttlMs,
    };
    this.#approvals.set(approvalKey(seq, question.kind), approval);
    await this.#commit({ calls: [row], approvals: [approval], durable: true });
  }

  deny(seq: number, tool: Tool, reason: string): void {
    this.#change(seq, {
      effect: tool.effect,
      definition: tool.hash,
      decision: "deny",
      reason,
      state: "denied",
    });
  }

  /** The call has its outcome; it is journaled with its delivery. */
  settle(seq: number, state: "done" | "error" | "in_doubt"): void {
    const row = this.#change(seq, { state, settledAt: Date.now() });
    if (row?.effect === undefined) return;
    const ms = Date.now() - row.issuedAt;
    this.emit({ type: "outcome", call: seq, path: row.path, ok: state === "done", ms });
  }

  /**
   * Gives the answer its place in the order of deliveries. Resolves when it may be released: for a write once
   * it is on disk. Throws `value_unsupported` or `value_too_large` for a value that cannot be journaled.
   */
  async deliver(seq: number, answer: Answer, now: number): Promise<void> {
    const { resultBytes, depth } = this.#options.limits;
    const outcome = answerToText(answer, { bytes: resultBytes, depth: depth + wrapping });
    this.#deliveries += 1;
    const known = this.#change(seq, { delivered: this.#deliveries, now });
    if (known === undefined) return;
    // Only the journal keeps the outcome: many large ones would fill the host's memory.
    const row = { ...known, outcome };
    const isWrite = row.effect !== undefined && row.effect !== "read";
    const committed = this.#commit({ calls: [row], durable: isWrite });
    if (isWrite) await committed;
    else committed.catch(() => undefined);
  }

  complete(value: Value): Promise<void> {
    this.#result = value === undefined ? undefined : valueToJson(value);
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

  toDocument(): RunDocument {
    const row = {
      ...this.#options.origin,
      status: this.#status,
      outcome: JSON.stringify(this.#outcome()),
      updatedAt: Date.now(),
    };
    return rowsToDocument(row, bySeq(this.#rows.values()), bySeq(this.#approvals.values()));
  }

  /** On disk before anybody is told, when anything in it may never be done twice. */
  async #end(status: RunStatus): Promise<void> {
    this.setStatus(status);
    const calls = [...this.#rows.values()].filter(
      (row) => row.state === "denied" || (row.state === "in_doubt" && row.delivered === undefined),
    );
    const durable =
      status === "paused" ||
      [...this.#rows.values()].some((row) => row.effect !== undefined && row.effect !== "read");
    await this.#commit({ status, outcome: JSON.stringify(this.#outcome()), calls, durable });
  }

  #outcome(): RunOutcome {
    const { queueMs, checkMs, runMs } = this.timings;
    return {
      ...(this.#result === undefined ? {} : { result: this.#result }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
      logs: this.#logs,
      timings: {
        queueMs: round(queueMs),
        checkMs: round(checkMs),
        runMs: round(runMs),
        totalMs: round(performance.now() - this.#began),
      },
    };
  }

  #change(seq: number, change: Partial<CallRow>): CallRow | undefined {
    const row = this.#rows.get(seq);
    if (row === undefined) return undefined;
    const changed = { ...row, ...change };
    this.#rows.set(seq, changed);
    return changed;
  }

  #commit(batch: Batch): Promise<void> {
    return this.#options.journal.commit(this.#options.lease, batch);
  }
}

function approvalKey(seq: number, kind: ApprovalRow["kind"]): string {
  return `${seq} ${kind}`;
}

function bySeq<T extends { readonly seq: number }>(rows: Iterable<T>): T[] {
  return [...rows].sort((a, b) => a.seq - b.seq);
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
