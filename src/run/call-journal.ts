/**
 * The calls of one run as the journal is told of them. Writes are on disk before they are sent and before
 * their outcome is released; reads follow lazily, in order, so that no commit of a write is without what was
 * delivered before it.
 */
import type { CallOutcome } from "../call-error.ts";
import type { GuestCall } from "../spec/engine.ts";
import type { RunEventBody } from "../spec/events.ts";
import type { ApprovalRow, Batch, CallRow, Journal, Lease } from "../spec/journal.ts";
import type { Tool } from "../spec/tool.ts";
import type { Answer } from "./answer.ts";
import { bySeq } from "./by-seq.ts";
import { isSent, MadeCalls } from "./made-calls.ts";
import { UnsavedCalls } from "./unsaved-calls.ts";
import { nameCall, wrapping } from "./diverged.ts";
import type { Intent, Question } from "./intent.ts";
import { HeldArguments } from "./memory/held-arguments.ts";
import type { UsedSources } from "./sources/used-sources.ts";
import { answerToText, hashText } from "./value-text.ts";

export interface CallJournalOptions {
  readonly journal: Journal;
  readonly lease: Lease;
  readonly recorded: { readonly calls: readonly CallRow[]; readonly approvals: readonly ApprovalRow[] };
  readonly limits: { readonly resultBytes: number; readonly depth: number };
  readonly emit: (event: RunEventBody) => void;
  /** The sources that the run has used; what is new of them goes with the next commit. */
  readonly sources?: UsedSources;
}

/** How long a read waits for others to be given to the journal with it. */
const gatherMs = 5;
/** Characters of outcomes that are kept in memory meanwhile. */
const mostUnsavedChars = 256 * 1024;

export class CallJournal {
  readonly #options: CallJournalOptions;
  readonly #recorded: ReadonlyMap<number, CallRow>;
  readonly #rows = new Map<number, CallRow>();
  /** By call and kind: a call may be asked about before it is sent and again when it is in doubt. */
  readonly #approvals: Map<string, ApprovalRow>;
  readonly #made = new MadeCalls();
  readonly #unsaved = new UnsavedCalls();
  /** Calls of whose answer only the hash is kept. */
  readonly #repeatable = new Set<number>();
  readonly arguments = new HeldArguments();
  #lazy: Promise<void> | undefined;
  #isBehind = false;
  /** The journal has the run as running. */
  #isAnnounced = false;
  /** Until what was read lately is given to the journal. */
  #soon: NodeJS.Timeout | undefined;
  #deliveries: number;
  #issued = 0;

  constructor(options: CallJournalOptions) {
    this.#options = options;
    const { calls, approvals } = options.recorded;
    this.#recorded = new Map(calls.map((call) => [call.seq, call]));
    for (const call of calls) this.#rows.set(call.seq, call);
    this.#approvals = new Map(approvals.map((each) => [approvalKey(each.seq, each.kind), each]));
    this.#deliveries = calls.filter((call) => call.delivered !== undefined).length;
    for (const call of calls)
      if (call.effect !== undefined && isSent(call)) this.#made.count(call.effect, call.issuedAt);
  }

  /** Calls let through so far, by effect; what a policy's budgets count. */
  get made(): Pick<MadeCalls, "byEffect" | "times"> {
    return this.#made;
  }

  /** The highest number the guest of this session has issued. */
  get issued(): number {
    return this.#issued;
  }

  /** In issue order; outcomes and large arguments are the journal's. */
  get rows(): readonly CallRow[] {
    return bySeq(this.#rows.values());
  }

  get approvals(): readonly ApprovalRow[] {
    return bySeq(this.#approvals.values());
  }

  /** The call as it was issued in this session. */
  row(seq: number): CallRow | undefined {
    return this.#rows.get(seq);
  }

  /** What an earlier session recorded of this call. */
  recorded(seq: number): CallRow | undefined {
    return this.#recorded.get(seq);
  }

  approval(seq: number, kind: ApprovalRow["kind"]): ApprovalRow | undefined {
    return this.#approvals.get(approvalKey(seq, kind));
  }

  /** Whether any of these calls may be a write: all but those known to be reads. */
  mayWrite(calls: Iterable<number>): boolean {
    return [...calls].some((seq) => this.#rows.get(seq)?.effect !== "read");
  }

  /** The guest issued a call; one that an earlier session recorded keeps its row. */
  issue(call: GuestCall): void {
    const { seq, kind } = call;
    this.#issued = Math.max(this.#issued, seq);
    if (this.#recorded.has(seq)) return;
    const named = nameCall(call, this.#options.limits.depth);
    this.arguments.issued(seq, named.args);
    this.#rows.set(seq, { seq, kind, ...named, state: "intent", issuedAt: Date.now(), labels: [] });
  }

  /** The call is about to be sent. Resolves when that is on disk, for a write; at once for a read. */
  async intend(seq: number, tool: Tool, intent: Intent): Promise<void> {
    const { decision, reason, idempotencyKey, repeatable } = intent;
    if (repeatable === true) this.#repeatable.add(seq);
    const earlier = this.#recorded.get(seq);
    if (earlier === undefined || !isSent(earlier)) this.#made.count(tool.effect, Date.now());
    const key = idempotencyKey === undefined ? {} : { idempotencyKey };
    // Told by this from one that was sent before a person said "send it again", whatever the clock does.
    const sentAt = Math.max(Date.now(), (this.approval(seq, "in_doubt")?.answeredAt ?? 0) + 1);
    const row = this.#change(seq, { ...ofTool(tool), decision, reason, state: "started", sentAt, ...key });
    this.#options.emit({ type: "call", call: seq, path: tool.path, effect: tool.effect });
    if (row === undefined || tool.effect === "read") return;
    try {
      await this.commit({ calls: [row], durable: true });
    } catch (error) {
      // What could not be noted down is not sent.
      this.settle(seq, "not_sent");
      throw error;
    }
  }

  /** What a builtin is about to change outlives the run. Resolves when the call is on disk, with all that was delivered before. */
  async noteDown(seq: number): Promise<void> {
    const row = this.#rows.get(seq);
    if (row !== undefined) await this.commit({ calls: [row], durable: true });
  }

  /** A person must answer first, what a tool or the snippet itself asks. Resolves when the question is on disk. */
  async ask(seq: number, tool: Tool | undefined, question: Question): Promise<void> {
    const { kind, reason, ttlMs, refused } = question;
    if (kind !== "in_doubt") this.arguments.asked(seq);
    const state = kind === "in_doubt" ? "in_doubt" : "intent";
    const row = this.#change(seq, { ...(tool && ofTool(tool)), decision: "ask", reason, state });
    if (row === undefined) return;
    const { path, argsHash } = row;
    // Asked after it was sent and answered after it was asked, whatever the clock does.
    const answeredAt = this.approval(seq, kind)?.answeredAt ?? 0;
    const askedAt = Math.max(Date.now(), (row.sentAt ?? 0) + 1, answeredAt + 1);
    const { runId } = this.#options.lease;
    const approval: ApprovalRow = {
      runId,
      seq,
      kind,
      path,
      argsHash,
      state: "pending",
      askedAt,
      expiresAt: askedAt + ttlMs,
      ...(refused === undefined ? {} : { refused }),
    };
    await this.commit({ calls: [row], approvals: [approval], durable: true });
    this.#approvals.set(approvalKey(seq, kind), approval);
  }

  deny(seq: number, tool: Tool, reason: string): void {
    this.#change(seq, { ...ofTool(tool), decision: "deny", reason, state: "denied" });
  }

  /** The call ends without having been let through; `tool` where there is one of its path. */
  refuse(seq: number, failure: CallOutcome, tool: Tool | undefined): void {
    const row = this.#rows.get(seq);
    if (row === undefined || row.failure !== undefined) return;
    this.#change(seq, { failure, ...(tool === undefined ? {} : { effect: tool.effect }) });
  }

  /** The call has its outcome; it is journaled with its delivery. */
  settle(seq: number, outcome: "done" | CallOutcome): void {
    const state = outcome === "done" ? "done" : outcome === "unknown" ? "in_doubt" : "error";
    const failure = outcome === "done" ? {} : { failure: outcome };
    const row = this.#change(seq, { state, settledAt: Date.now(), ...failure });
    if (row?.effect === undefined) return;
    this.#options.emit({
      type: "outcome",
      call: seq,
      path: row.path,
      ok: state === "done",
      ms: Date.now() - row.issuedAt,
    });
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
    // A model would answer otherwise when it is asked again.
    const isAsked = known.kind === "builtin" && known.path === "ask";
    const isWrite = isAsked || (known.effect !== undefined && known.effect !== "read");
    // Only the journal keeps the outcome: many large ones would fill the host's memory.
    const isKept = !answer.ok || !this.#repeatable.has(seq);
    const row = { ...known, ...(isKept ? { outcome } : { outcomeHash: hashText(outcome) }) };
    if (isWrite) await this.commit({ calls: [row], durable: true });
    else this.#commitLazily(row);
  }

  /** One commit at a time, of what some milliseconds bring together; a durable one takes along what waits. */
  #commitLazily(row: CallRow): void {
    this.#unsaved.hold(row);
    this.#isBehind = true;
    this.#catchUpSoon();
  }

  #catchUpSoon(): void {
    if (this.#lazy !== undefined || !this.#isBehind) return;
    if (this.#unsaved.chars > mostUnsavedChars) this.#catchUp();
    else this.#soon ??= setTimeout(() => this.#catchUp(), gatherMs);
  }

  #catchUp(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    if (!this.#isBehind || this.#unsaved.rows.size === 0) return;
    this.#isBehind = false;
    this.#lazy = this.commit({ durable: false })
      .catch(() => undefined)
      .then(() => {
        this.#lazy = undefined;
        this.#catchUpSoon();
      });
  }

  /**
   * With all that the journal was given before and may not have: so that no commit is without what it depends
   * on, also when an earlier one failed or is still under way.
   */
  async commit(batch: Batch): Promise<void> {
    const calls = new Map(this.#unsaved.rows);
    for (const row of batch.calls ?? []) {
      calls.set(row.seq, row);
      // An intent that cannot be kept is an error at once; only what was delivered is depended on.
      if (row.delivered !== undefined) this.#unsaved.hold(row);
    }
    // Whoever lists runs sees one that has sent something as going on, and recovery finds it as that.
    const status = batch.status === undefined && !this.#isAnnounced ? { status: "running" as const } : {};
    const used = this.#options.sources?.unsaved;
    const whole = { ...batch, ...status, ...used?.batch, calls: [...calls.values()] };
    await this.#options.journal.commit(this.#options.lease, whole);
    used?.saved();
    this.#isAnnounced = true;
    this.#unsaved.saved(calls.values());
    for (const { seq } of calls.values()) {
      const held = this.#rows.get(seq);
      if (held !== undefined) this.#rows.set(seq, this.arguments.leftToStore(held));
    }
  }

  wholeRows(): Promise<readonly CallRow[]> {
    const { journal, lease } = this.#options;
    const asked = this.approvals.flatMap(({ state, seq }) => (state === "pending" ? [seq] : []));
    return this.arguments.whole(this.rows, new Set(asked), (seqs) =>
      journal.callArguments(lease.runId, seqs),
    );
  }

  /** Tells the journal that the run goes on, unless something has told it already. */
  async announce(): Promise<void> {
    if (!this.#isAnnounced) await this.commit({ durable: false });
  }

  #change(seq: number, change: Partial<CallRow>): CallRow | undefined {
    const row = this.#rows.get(seq);
    if (row === undefined) return undefined;
    const { failure, ...rest } = row;
    // What is sent again, or done after all, has no longer failed.
    const isOver = change.state === "started" || change.state === "done";
    const changed = { ...rest, ...(failure === undefined || isOver ? {} : { failure }), ...change };
    this.#rows.set(seq, changed);
    return changed;
  }
}

function ofTool(tool: Tool): Pick<CallRow, "effect" | "definition"> {
  return { effect: tool.effect, definition: tool.hash };
}

function approvalKey(seq: number, kind: ApprovalRow["kind"]): string {
  return `${seq} ${kind}`;
}
