/**
 * Collects what happens in one run, tells it as events, and gives the run document. In memory; what must
 * survive the process is the journal's matter.
 */
import type { GuestError, LogLine } from "../spec/engine.ts";
import type { RunEvent, RunEventBody } from "../spec/events.ts";
import type { RunCall, RunDocument, RunStatus, RunWrite } from "../spec/run.ts";
import type { Tool } from "../spec/tool.ts";
import type { Json, Value } from "../spec/value.ts";
import { valueToJson } from "./value-to-json.ts";

type Timings = RunDocument["timings"];

export class RunRecord {
  readonly runId: string;
  readonly #onEvent: ((event: RunEvent) => void) | undefined;
  readonly #began = performance.now();
  readonly #logs: LogLine[] = [];
  readonly #calls = new Map<number, RunCall>();
  readonly #writes = new Map<number, RunWrite>();
  readonly #made = { read: 0, write: 0, destructive: 0 };
  readonly timings: { queueMs: number; checkMs: number; runMs: number } = {
    queueMs: 0,
    checkMs: 0,
    runMs: 0,
  };
  #events = 0;
  #status: RunStatus = "queued";
  #result: Json | undefined;
  #error: GuestError | undefined;

  constructor(runId: string, onEvent?: (event: RunEvent) => void) {
    this.runId = runId;
    this.#onEvent = onEvent;
  }

  get status(): RunStatus {
    return this.#status;
  }

  /** Calls let through so far, by effect; what a policy's budgets count. */
  get made(): { readonly read: number; readonly write: number; readonly destructive: number } {
    return this.#made;
  }

  setStatus(status: RunStatus): void {
    this.#status = status;
    this.emit({ type: "status", status });
  }

  complete(value: Value): void {
    this.#result = value === undefined ? undefined : valueToJson(value);
    this.setStatus("completed");
  }

  fail(error: GuestError): void {
    this.#error = error;
    this.setStatus(error.code === "run_cancelled" ? "cancelled" : "failed");
  }

  log(line: LogLine): void {
    this.#logs.push(line);
    this.emit({ type: "log", ...line });
  }

  /** The intent, before anything is sent. */
  intend(seq: number, tool: Tool, args: Value): void {
    this.#made[tool.effect] += 1;
    this.#calls.set(seq, { seq, path: tool.path, effect: tool.effect, ms: 0, ok: false });
    if (tool.effect !== "read")
      this.#writes.set(seq, { seq, path: tool.path, args: valueToJson(args), state: "started" });
    this.emit({ type: "call", call: seq, path: tool.path, effect: tool.effect });
  }

  /** The outcome; `in_doubt` for a write of which nobody knows whether it happened. */
  settle(seq: number, state: "done" | "error" | "in_doubt", ms: number): void {
    const call = this.#calls.get(seq);
    if (call === undefined) return;
    const ok = state === "done";
    this.#calls.set(seq, { ...call, ms: round(ms), ok });
    const write = this.#writes.get(seq);
    if (write !== undefined) this.#writes.set(seq, { ...write, state });
    this.emit({ type: "outcome", call: seq, path: call.path, ok, ms: round(ms) });
  }

  emit(body: RunEventBody): void {
    this.#events += 1;
    this.#onEvent?.({ ...body, runId: this.runId, seq: this.#events, at: Date.now() });
  }

  toDocument(): RunDocument {
    const error = this.#error;
    return {
      runId: this.runId,
      status: this.#status,
      ...(this.#result === undefined ? {} : { result: this.#result }),
      ...(error === undefined ? {} : { error: toErrorDocument(error) }),
      logs: this.#logs,
      calls: inOrder(this.#calls),
      writes: inOrder(this.#writes),
      timings: this.#timings(),
    };
  }

  #timings(): Timings {
    const { queueMs, checkMs, runMs } = this.timings;
    return {
      queueMs: round(queueMs),
      checkMs: round(checkMs),
      runMs: round(runMs),
      totalMs: round(performance.now() - this.#began),
    };
  }
}

function toErrorDocument({
  code,
  message,
  hint,
  line,
  column,
}: GuestError): NonNullable<RunDocument["error"]> {
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}

function inOrder<T>(bySeq: ReadonlyMap<number, T>): T[] {
  return [...bySeq.entries()].sort(([a], [b]) => a - b).map(([, entry]) => entry);
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
