/**
 * The calls of entrypoints that a worker has: those that wait, those under way, and what each of these may still use.
 * It kills nothing: whoever keeps it is told of a breach.
 */
import { CodemodeError } from "../errors.ts";
import type { WorkerLimits } from "./worker-limits.ts";

export type CallLimits = Pick<WorkerLimits, "cpuMs" | "wallMs" | "subRequests">;

export interface CallRequest {
  readonly entry: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly props: unknown;
  /** The call is `fetch`. */
  readonly request: unknown;
}

interface LedgerCall {
  readonly id: number;
  readonly request: CallRequest;
  readonly limits: CallLimits;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: CodemodeError) => void;
}

interface CallUnderWay extends LedgerCall {
  readonly cpuAtStart: number;
  readonly wall: NodeJS.Timeout;
  subRequests: number;
}

export interface LedgerOptions {
  readonly limits: WorkerLimits;
  /** CPU time of the worker so far, in milliseconds. */
  readonly cpuMs: () => number;
  readonly onBreach: (error: CodemodeError) => void;
}

export class CallLedger {
  readonly #options: LedgerOptions;
  readonly #waiting: LedgerCall[] = [];
  readonly #underWay = new Map<number, CallUnderWay>();
  #ids = 0;
  #idleSince = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** Calls that are not answered yet. */
  get size(): number {
    return this.#waiting.length + this.#underWay.size;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /** Rejects with `call_limit` where too many wait. */
  add(request: CallRequest, limits: CallLimits): Promise<unknown> {
    const { callsInFlight, callsWaiting } = this.#options.limits;
    if (this.size >= callsInFlight + callsWaiting) {
      const message = `${callsInFlight} calls of the worker are under way and ${callsWaiting} more wait.`;
      return Promise.reject(new CodemodeError("call_limit", message, { hint: "Await some of them first." }));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id: ++this.#ids, request, limits, resolve, reject });
    });
  }

  /** The next one that may begin, which begins now. */
  begin(): { readonly id: number; readonly request: CallRequest } | undefined {
    if (this.#underWay.size >= this.#options.limits.callsInFlight) return undefined;
    const call = this.#waiting.shift();
    if (call === undefined) return undefined;
    const { wallMs } = call.limits;
    const wall = setTimeout(() => this.#options.onBreach(wallError(wallMs)), wallMs);
    this.#underWay.set(call.id, { ...call, wall, cpuAtStart: this.#options.cpuMs(), subRequests: 0 });
    this.watch();
    return call;
  }

  /** False where no such call is under way. */
  settle(id: unknown, outcome: (call: Pick<LedgerCall, "resolve" | "reject">) => void): boolean {
    const call = typeof id === "number" ? this.#underWay.get(id) : undefined;
    if (call === undefined) return false;
    clearTimeout(call.wall);
    this.#underWay.delete(call.id);
    if (this.#underWay.size === 0) this.#idleSince = this.#options.cpuMs();
    outcome(call);
    return true;
  }

  /** Counts one for each call under way; why it may not be made, if it may not. */
  countSubRequest(): CodemodeError | undefined {
    for (const call of this.#underWay.values()) {
      call.subRequests += 1;
      if (call.subRequests > call.limits.subRequests) {
        const message = `One call may make ${call.limits.subRequests} calls of bindings and requests.`;
        return new CodemodeError("call_limit", message, {
          hint: "Do less in one call, or raise limits.subRequests.",
        });
      }
    }
    return undefined;
  }

  /** Looks at the CPU time from now on: often while a call is under way, seldom while none is. */
  watch(): void {
    clearTimeout(this.#timer);
    const left = this.#cpuLeft();
    const [least, most] = this.#underWay.size > 0 ? [5, 50] : [50, 250];
    const inMs = Math.min(most, Math.max(least, left / 4));
    this.#timer = setTimeout(() => this.#look(), inMs).unref();
  }

  /** Rejects whatever has no answer. */
  end(error: CodemodeError): void {
    clearTimeout(this.#timer);
    const calls = [...this.#underWay.values(), ...this.#waiting];
    for (const { wall } of this.#underWay.values()) clearTimeout(wall);
    this.#underWay.clear();
    this.#waiting.length = 0;
    for (const { reject } of calls) reject(error);
  }

  #look(): void {
    const used = this.#options.cpuMs();
    for (const { cpuAtStart, limits } of this.#underWay.values())
      if (used - cpuAtStart > limits.cpuMs) return this.#options.onBreach(cpuError(limits.cpuMs));
    const { cpuMs } = this.#options.limits;
    if (this.#underWay.size === 0 && used - this.#idleSince > cpuMs)
      return this.#options.onBreach(cpuError(cpuMs));
    this.watch();
  }

  /** Milliseconds of CPU time until a limit is broken at the earliest. */
  #cpuLeft(): number {
    const used = this.#options.cpuMs();
    if (this.#underWay.size === 0) return this.#options.limits.cpuMs - (used - this.#idleSince);
    return Math.min(
      ...[...this.#underWay.values()].map(({ cpuAtStart, limits }) => limits.cpuMs - (used - cpuAtStart)),
    );
  }
}

export function wallError(limit: number): CodemodeError {
  return new CodemodeError(
    "wall_limit",
    `A call of the worker took longer than ${limit} ms; the worker was ended.`,
    {
      hint: "Do less in one call, look for a loop or a promise that does not end, or raise limits.wallMs.",
    },
  );
}

function cpuError(limit: number): CodemodeError {
  return new CodemodeError("cpu_limit", `The worker used more than ${limit} ms of CPU time; it was ended.`, {
    hint: "Look for a loop that does not end, or raise limits.cpuMs.",
  });
}
