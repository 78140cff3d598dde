/**
 * Answers what one guest asks for: tools through `dispatch`, builtins, timers. Bounds how many tool calls a
 * run makes and how many are under way, and sees to it that a run does not end over a write in flight.
 */
import { CodemodeError, toCodemodeError } from "../errors.ts";
import type { Delivery, EngineSession, GuestCall } from "../spec/engine.ts";
import { callBuiltin, type Builtins } from "./call-builtin.ts";
import { dispatch, type Answer, type DispatchContext } from "./dispatch.ts";
import { toGuestError } from "./to-guest-error.ts";

/** How long a run that has its result waits for writes that it did not await. */
const writeGraceMs = 10_000;

export class GuestCalls {
  readonly #context: DispatchContext;
  readonly #builtins: Builtins;
  readonly #early: GuestCall[] = [];
  readonly #waiting: GuestCall[] = [];
  readonly #underWay = new Map<number, Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #session: EngineSession | undefined;
  #tools = 0;
  #timersStarted = 0;
  #ended = false;

  constructor(context: DispatchContext, builtins: Builtins) {
    this.#context = context;
    this.#builtins = builtins;
  }

  /** The guest issued a call; those that come before the session is known are kept for it. */
  issued(call: GuestCall): void {
    if (this.#ended) return;
    if (this.#session === undefined) {
      this.#early.push(call);
      return;
    }
    if (call.kind === "timer") this.#startTimer(call);
    else if (call.kind === "builtin")
      void this.#answer(call, callBuiltin(call, this.#builtins, this.#context.principal));
    else this.#admit(call);
  }

  attach(session: EngineSession): void {
    this.#session = session;
    for (const call of this.#early.splice(0)) this.issued(call);
  }

  /** The guest is done: no call goes out any more, reads are aborted, writes under way are waited for. */
  async end(abort: () => void): Promise<void> {
    this.#ended = true;
    this.#waiting.length = 0;
    for (const timer of this.#timers) clearTimeout(timer);
    const writes = [...this.#underWay.values()];
    if (writes.length > 0) await settleWithin(writes, writeGraceMs);
    abort();
    await Promise.all(this.#underWay.values());
  }

  #admit(call: GuestCall): void {
    const { limits } = this.#context;
    this.#tools += 1;
    if (this.#tools > limits.calls) {
      this.#deliver(call, { ok: false, error: toGuestError(callLimit(limits.calls), call.line) });
    } else if (this.#underWay.size >= limits.callsInFlight) {
      this.#waiting.push(call);
    } else {
      this.#start(call);
    }
  }

  #start(call: GuestCall): void {
    const work = this.#answer(call, dispatch(call, this.#context)).then(() => {
      this.#underWay.delete(call.seq);
      const next = this.#waiting.shift();
      if (next !== undefined) this.#start(next);
    });
    this.#underWay.set(call.seq, work);
  }

  #startTimer(call: GuestCall): void {
    const { limits } = this.#context;
    this.#timersStarted += 1;
    if (this.#timersStarted > limits.timers) {
      const error = new CodemodeError("timer_limit", `A run may start ${limits.timers} timers.`);
      this.#session?.cancel(toGuestError(error, call.line));
      return;
    }
    const asked = Number(call.args[0] ?? 0);
    const ms = Number.isFinite(asked) ? Math.min(Math.max(0, asked), 2 ** 31 - 1) : 0;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#deliver(call, { ok: true, value: undefined });
    }, ms);
    this.#timers.add(timer);
  }

  async #answer(call: GuestCall, answer: Promise<Answer>): Promise<void> {
    this.#deliver(call, await answer);
  }

  #deliver(call: GuestCall, answer: Answer): void {
    const head = { seq: call.seq, now: Date.now() };
    const delivery: Delivery = answer.ok
      ? { ...head, ok: true, value: answer.value }
      : { ...head, ok: false, error: answer.error };
    try {
      this.#session?.deliver(delivery);
    } catch (thrown) {
      this.#session?.deliver({ ...head, ok: false, error: toGuestError(unfitAnswer(thrown), call.line) });
    }
  }
}

function callLimit(calls: number): CodemodeError {
  return new CodemodeError("call_limit", `A run may make ${calls} tool calls.`, {
    hint: "Filter or page on the tool's side, or split the work over several runs.",
  });
}

function unfitAnswer(thrown: unknown): CodemodeError {
  const error = toCodemodeError(thrown);
  return new CodemodeError(
    "tool_result_invalid",
    `The tool's answer cannot be handed to the snippet: ${error.message}`,
    {
      hint: "Ask the tool for less: fewer fields, a page, a filter.",
      cause: error,
    },
  );
}

async function settleWithin(work: readonly Promise<void>[], ms: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([Promise.all(work), late.promise]);
  clearTimeout(timer);
}
