/**
 * One loaded worker: a run of the engine that lasts until it is disposed or breaks a limit. The worker asks for its
 * next call and answers it by calls of its own; those, its bindings and its requests are all that it can say, and each
 * is checked here.
 */
import { CodemodeError, toCodemodeError } from "../errors.ts";
import { GuestTimers } from "../run/guest-timers.ts";
import { toGuestError } from "../run/to-guest-error.ts";
import type { Engine, EngineSession, GuestCall, LogLine } from "../spec/engine.ts";
import type { Value } from "../spec/value.ts";
import { CallLedger, wallError, type CallLimits, type CallRequest } from "./call-ledger.ts";
import { Deliveries, refuseForeign } from "./deliveries.ts";
import { recordToRequest, responseToRecord } from "./http-records.ts";
import { prepareWorker, type PreparedWorker } from "./prepare-worker.ts";
import { SubRequests } from "./sub-requests.ts";
import type { OutboundFunction, WorkerCode } from "./worker-code.ts";
import { toEndError, toWorkerError } from "./worker-failure.ts";
import { toRunLimits, type WorkerLimits } from "./worker-limits.ts";

export interface WorkerSessionOptions {
  readonly engine: Engine;
  readonly principal: string;
  readonly code: WorkerCode;
  readonly limits: WorkerLimits;
}

/** Milliseconds in which a worker that was told to end does so; its process may then serve again. */
const farewellMs = 200;

export class WorkerSession implements AsyncDisposable {
  readonly limits: WorkerLimits;
  readonly #worker: PreparedWorker;
  readonly #options: WorkerSessionOptions;
  readonly #outbound: OutboundFunction | undefined;
  readonly #ledger: CallLedger;
  readonly #subRequests: SubRequests;
  readonly #timers: GuestTimers;
  readonly #ended = Promise.withResolvers<CodemodeError>();
  readonly #starting = new AbortController();
  readonly #begun: Promise<void>;
  readonly #deliveries: Deliveries;
  readonly #early: GuestCall[] = [];
  #session: EngineSession | undefined;
  #loading: NodeJS.Timeout | undefined;
  #next: number | undefined;
  #failure: CodemodeError | undefined;
  #disposing = false;

  /** Throws `worker_invalid` and `snippet_syntax`. */
  constructor(options: WorkerSessionOptions) {
    const { code, limits } = options;
    this.#options = options;
    this.limits = limits;
    this.#worker = prepareWorker(code, limits);
    const outbound = code.globalOutbound ?? undefined;
    this.#outbound = typeof outbound === "object" ? (request) => outbound.fetch(request) : outbound;
    this.#ledger = new CallLedger({
      limits,
      cpuMs: () => this.#session?.usage().cpuMs ?? 0,
      onBreach: (error) => this.#end(error),
    });
    this.#deliveries = new Deliveries({
      limits,
      isAwake: () => this.#ledger.underWay > 0 || this.#loading !== undefined,
      send: (delivery) => this.#session?.deliver(delivery),
    });
    this.#subRequests = new SubRequests({ limits, deliveries: this.#deliveries });
    this.#timers = new GuestTimers(limits.timers, ({ seq }) => this.#deliveries.answer(seq, undefined));
    this.#begun = this.#begin();
  }

  /** Resolves with the reason once the worker is no more. */
  get ended(): Promise<CodemodeError> {
    return this.#ended.promise;
  }

  /** Rejects with what the worker threw, the limit that it broke, or `value_unsupported` and `value_too_large`. */
  async call(request: CallRequest, limits: CallLimits): Promise<unknown> {
    if (this.#disposing) throw disposed();
    if (this.#failure !== undefined) throw this.#failure;
    refuseForeign(request.args, "args", this.limits);
    refuseForeign(request.props, "props", this.limits);
    const answer = this.#ledger.add(request, limits);
    this.#serve();
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposing = true;
    const session = this.#session;
    const idle = this.#failure === undefined && this.#ledger.size === 0;
    if (session !== undefined && idle && this.#next !== undefined) {
      this.#deliveries.send(this.#next, null);
      this.#next = undefined;
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, farewellMs);
      await Promise.race([session.outcome, late.promise]);
      clearTimeout(timer);
    }
    this.#end(disposed());
    await this.#begun;
    await session?.[Symbol.asyncDispose]();
  }

  async #begin(): Promise<void> {
    const { engine, principal, limits } = this.#options;
    const { code: program, modules } = this.#worker;
    const busy = setTimeout(() => this.#end(busyError(limits.wallMs)), limits.wallMs);
    try {
      const session = await engine.start(
        {
          code: program,
          modules,
          limits: toRunLimits(limits),
          seed: crypto.randomUUID(),
          now: Date.now(),
          principal,
        },
        { call: (call) => this.#take(call), log: (line) => this.#log(line) },
        { signal: this.#starting.signal },
      );
      clearTimeout(busy);
      this.#session = session;
      if (this.#failure !== undefined) return await session[Symbol.asyncDispose]();
      void session.outcome.then((outcome) => {
        const { nameModules } = this.#worker;
        const died = { code: "sandbox_died", message: "The worker ended by itself." } as const;
        const failure = outcome.status === "failed" ? outcome.error : died;
        this.#end(this.#disposing ? disposed() : toEndError(failure, nameModules));
      });
      this.#loading = setTimeout(() => this.#end(wallError(limits.wallMs)), limits.wallMs);
      this.#ledger.watch();
      for (const call of this.#early.splice(0)) this.#take(call);
    } catch (thrown) {
      clearTimeout(busy);
      this.#end(toCodemodeError(thrown));
    }
  }

  /** Whoever listens is the host's own; what it throws must not reach the bridge. */
  #log(line: LogLine): void {
    try {
      this.#options.code.onLog?.(line);
    } catch (thrown) {
      this.#end(toCodemodeError(thrown));
    }
  }

  /** One call of the worker, which may be anything that the bridge lets through. */
  #take(call: GuestCall): void {
    if (this.#failure !== undefined) return;
    if (this.#session === undefined) return void this.#early.push(call);
    const { seq, kind, path, args } = call;
    if (kind === "timer") {
      const error = this.#timers.start(call);
      if (error !== undefined) this.#end(new CodemodeError(error.code, error.message));
      return;
    }
    switch (kind === "builtin" && path.length === 1 ? path[0] : undefined) {
      case "next":
        return this.#takeNext(seq);
      case "answer":
        return this.#takeOutcome(seq, args[1], ({ resolve }) => resolve(args[0]));
      case "fail":
        return this.#takeOutcome(seq, args[1], ({ reject }) =>
          reject(toWorkerError(args[0], this.#worker.nameModules)),
        );
      case "bind":
        return this.#takeBinding(seq, args);
      case "fetch":
        return this.#takeFetch(seq, args[0]);
      default:
        return this.#deliveries.refuse(
          seq,
          new CodemodeError("tool_not_found", "A loaded worker has no tools, only env."),
        );
    }
  }

  #takeNext(seq: number): void {
    clearTimeout(this.#loading);
    this.#loading = undefined;
    if (this.#next !== undefined) return this.#violate("it asks for two calls at once");
    this.#next = seq;
    this.#serve();
  }

  #takeOutcome(seq: number, id: unknown, outcome: Parameters<CallLedger["settle"]>[1]): void {
    if (!this.#ledger.settle(id, outcome)) return this.#violate("it answers a call that is not under way");
    this.#deliveries.send(seq, undefined);
    this.#serve();
  }

  #takeBinding(seq: number, [path, ...args]: readonly Value[]): void {
    const bound = this.#worker.bindings.find(path);
    if (bound === undefined)
      return this.#deliveries.refuse(seq, new CodemodeError("tool_not_found", "env has no such function."));
    this.#takeSubRequest(seq, () => bound(...args));
  }

  #takeFetch(seq: number, record: unknown): void {
    const outbound = this.#outbound;
    if (outbound === undefined)
      return this.#deliveries.refuse(
        seq,
        new CodemodeError("unsupported", "The worker has no outbound: fetch is not there."),
      );
    const maxBytes = Math.floor((this.limits.valueBytes * 3) / 4);
    this.#takeSubRequest(seq, async (signal) =>
      responseToRecord(await outbound(recordToRequest(record, signal)), maxBytes),
    );
  }

  #takeSubRequest(seq: number, work: (signal: AbortSignal) => unknown): void {
    const refusal = this.#ledger.countSubRequest();
    if (refusal === undefined) this.#subRequests.take(seq, work);
    else this.#deliveries.refuse(seq, refusal);
  }

  /** Hands out calls as long as the worker asks for them. */
  #serve(): void {
    if (this.#next === undefined || this.#failure !== undefined) return;
    const call = this.#ledger.begin();
    if (call === undefined) return;
    this.#deliveries.flush();
    const seq = this.#next;
    this.#next = undefined;
    const { entry, method, args, props, request } = call.request;
    this.#deliveries.send(seq, { id: call.id, entry, method, args, props, request });
  }

  #violate(what: string): void {
    this.#end(new CodemodeError("bridge_violation", `The worker broke the loader's protocol: ${what}.`));
  }

  #end(error: CodemodeError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    clearTimeout(this.#loading);
    this.#starting.abort();
    this.#timers.stop();
    this.#subRequests[Symbol.dispose]();
    this.#deliveries.close();
    this.#session?.cancel(toGuestError(error));
    this.#ledger.end(error);
    this.#ended.resolve(error);
  }
}

function busyError(waitedMs: number): CodemodeError {
  return new CodemodeError("sandbox_busy", `No sandbox process was free within ${waitedMs} ms.`, {
    hint: "Dispose workers that are done, keep fewer warm, or give the engine more processes.",
  });
}

function disposed(): CodemodeError {
  return new CodemodeError("run_cancelled", "The worker was disposed.", { hint: "Load it again." });
}
