/**
 * Answers what one guest asks for: tools through `dispatch`, builtins, timers. Delivers in one order, which
 * the record keeps; on a resumed run first what was delivered before, in the order it was. Bounds how many
 * tool calls a run makes, and notices when all that is left to wait for is a person.
 */
import { toCodemodeError, type CodemodeError } from "../errors.ts";
import type { EngineSession, GuestCall } from "../spec/engine.ts";
import type { CallRow } from "../spec/journal.ts";
import type { UnseenFailure } from "../spec/run.ts";
import type { Tool } from "../spec/tool.ts";
import type { Value } from "../spec/value.ts";
import { callBuiltin, type Builtins } from "./call-builtin.ts";
import type { Answer } from "./answer.ts";
import { diverged, isSameCall } from "./diverged.ts";
import { dispatch, type DispatchContext } from "./dispatch.ts";
import { GuestTimers } from "./guest-timers.ts";
import { GuestMemory } from "./memory/guest-memory.ts";
import type { HostMemory } from "./memory/host-memory.ts";
import { readAgain } from "./read-again.ts";
import { isHashed, ReplayDeliveries } from "./replay-deliveries.ts";
import { settleWithin } from "./settle-within.ts";
import { callLimit, isUnfit, unfitAnswer } from "./refused-answers.ts";
import { UnseenFailures } from "./unseen-failures.ts";
import { toGuestError } from "./to-guest-error.ts";

/** How long a run that has its result waits for writes that it did not await. */
const writeGraceMs = 10_000;
/** Builtins whose answers are a source's. */
const featureNames = new Set(["resources", "prompts"]);

export interface GuestCallsContext extends DispatchContext {
  /** What the host holds for all runs. */
  readonly memory: HostMemory;
  /** Told of every answer that was fit to be delivered, for what is learned from it. */
  readonly answered: (tool: Tool, value: Value, principal: string) => void;
  /** Told of every answer of a source, for the bytes in it. */
  readonly keepBytes: (call: GuestCall, value: Value) => void;
}

export class GuestCalls {
  /** Resolves when the guest can only go on by a person's answer. */
  readonly suspended: Promise<void>;
  readonly #suspend: () => void;
  readonly #context: DispatchContext;
  readonly #answered: GuestCallsContext["answered"];
  readonly #keepBytes: GuestCallsContext["keepBytes"];
  readonly #builtins: Builtins;
  readonly #replay: ReplayDeliveries;
  readonly #timers: GuestTimers;
  readonly #early: GuestCall[] = [];
  /** Issued while recorded deliveries are still to come: nothing new is sent until the replay is through. */
  readonly #held: GuestCall[] = [];
  /** Until fewer calls are under way. */
  readonly #waiting: { readonly call: GuestCall; readonly start: () => void }[] = [];
  readonly #underWay = new Map<number, Promise<void>>();
  readonly #forPerson = new Map<number, GuestCall>();
  readonly #unseen = new UnseenFailures();
  readonly #memory: GuestMemory;
  #session: EngineSession | undefined;
  #delivering: Promise<void> = Promise.resolve();
  #undelivered = 0;
  #fault: CodemodeError | undefined;
  #tools = 0;
  #ended = false;
  #left = false;

  constructor(context: GuestCallsContext, builtins: Builtins, recorded: readonly CallRow[]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.suspended = promise;
    this.#suspend = resolve;
    this.#context = { ...context, isOver: () => this.#ended };
    this.#answered = context.answered;
    this.#keepBytes = context.keepBytes;
    this.#builtins = builtins;
    this.#memory = new GuestMemory(context.memory, () => !this.#replay.finished);
    this.#replay = new ReplayDeliveries(recorded, (...delivery) => this.#session?.deliver(...delivery));
    this.#tools = recorded.filter(({ kind, delivered }) => kind === "tool" && delivered !== undefined).length;
    this.#timers = new GuestTimers(context.limits.timers, (call) => {
      // While a person is awaited no timer is delivered, or race([write, timeout]) would go on without them.
      if (this.#forPerson.size === 0) this.#deliver(call, { ok: true, value: undefined });
    });
  }

  /** The guest issued a call; those that come before the session is known are kept for it. */
  issued(call: GuestCall): void {
    if (this.#ended) return;
    const session = this.#session;
    if (session === undefined) {
      this.#early.push(call);
      return;
    }
    const recorded = this.#context.record.calls.recorded(call.seq);
    const { depth } = this.#context.limits;
    if (recorded !== undefined && !isSameCall(call, recorded, depth)) {
      session.cancel(toGuestError(diverged(call, recorded, depth), call.line));
      return;
    }
    this.#context.record.calls.issue(call);
    this.#memory.issued(call.seq, this.#context.record.calls.arguments.chars(call.seq));
    if (recorded?.delivered === undefined) this.#held.push(call);
    else if (isHashed(recorded)) this.#inTurn(call, () => this.#repeat(call, recorded));
    this.#replay.issued(call.seq);
    this.#beginHeld();
  }

  attach(session: EngineSession): void {
    this.#session = session;
    this.#memory.attach(session);
    for (const call of this.#early.splice(0)) this.issued(call);
  }

  /** True when the guest has ended without asking again for all that it was given before. */
  get diverged(): boolean {
    return !this.#replay.reached;
  }

  /** Why an outcome could not be recorded, and so was not released. */
  get fault(): CodemodeError | undefined {
    return this.#fault;
  }

  /**
   * The guest is done: no call goes out any more, reads are aborted, writes under way are waited for. Of a run that is
   * left as it stands, a call that fails because of that has no outcome: whoever goes on sends it again, or asks.
   */
  async end(abort: () => void, left = false): Promise<void> {
    this.#ended = true;
    for (const { call } of this.#waiting.splice(0))
      this.#unmade(call, "The program ended before it was begun.");
    for (const call of this.#forPerson.values())
      this.#unmade(call, "It waits for a person, and the program ended before the answer.");
    this.#timers.stop();
    const calls = [...this.#underWay.values()];
    if (this.#context.record.calls.mayWrite(this.#underWay.keys())) await settleWithin(calls, writeGraceMs);
    this.#left ||= left;
    abort();
    await Promise.all(this.#underWay.values());
    await this.#delivering;
    this.#memory[Symbol.dispose]();
  }

  /** To be asked once it has ended. */
  get unseen(): readonly UnseenFailure[] {
    const rows = new Map(this.#context.record.calls.rows.map((row) => [row.seq, row]));
    return this.#unseen.toList(this.#session?.unseen?.() ?? [], (seq) => rows.get(seq)?.effect);
  }

  #unmade(call: GuestCall, why: string): void {
    this.#unseen.noteUnmade(call, this.#toolOf(call), why);
  }

  #toolOf(call: GuestCall): Tool | undefined {
    return call.kind === "tool" ? this.#context.catalog.tools.get(call.path.join(".")) : undefined;
  }

  #beginHeld(): void {
    if (this.#replay.finished) for (const held of this.#held.splice(0)) this.#begin(held);
  }

  #begin(call: GuestCall): void {
    if (call.kind === "timer") {
      const error = this.#timers.start(call);
      if (error !== undefined) this.#session?.cancel(error);
    } else if (call.kind === "builtin") {
      this.#start(call, callBuiltin(call, this.#builtins, this.#context.principal));
    } else {
      this.#admit(call);
    }
  }

  #admit(call: GuestCall): void {
    const { limits } = this.#context;
    this.#tools += 1;
    if (this.#tools > limits.calls) {
      this.#deliver(call, { ok: false, error: toGuestError(callLimit(limits.calls), call.line) });
    } else {
      this.#inTurn(call, () => this.#start(call, dispatch(call, this.#context)));
    }
  }

  #inTurn(call: GuestCall, start: () => void): void {
    if (this.#underWay.size >= this.#context.limits.callsInFlight) this.#waiting.push({ call, start });
    else start();
  }

  /** A recorded read whose answer is not kept. */
  #repeat(call: GuestCall, recorded: CallRow): void {
    const work = readAgain(call, recorded, this.#context).then(
      (answer) => this.#replay.answered(call.seq, answer),
      (thrown: unknown) => this.#giveUp(toCodemodeError(thrown), call),
    );
    this.#underWay.set(
      call.seq,
      work.then(() => {
        this.#settled(call.seq);
        this.#beginHeld();
      }),
    );
  }

  #giveUp(error: CodemodeError, call: GuestCall): void {
    if (this.#ended) return;
    // A source that is down comes back, and so may what a tool was: the run is left as it stands.
    if (error.code === "source_unavailable" || error.code === "run_unresumable") {
      this.#fault ??= error;
      this.#left = true;
    }
    this.#session?.cancel(toGuestError(error, call.line));
  }

  #start(call: GuestCall, answer: Promise<Answer | undefined>): void {
    const work = answer.then((settled) => {
      if (settled === undefined) this.#forPerson.set(call.seq, call);
      else this.#deliver(call, settled);
    });
    this.#underWay.set(
      call.seq,
      work
        .catch((thrown: unknown) => this.#giveUp(toCodemodeError(thrown), call))
        .then(() => this.#settled(call.seq)),
    );
  }

  #settled(seq: number): void {
    this.#underWay.delete(seq);
    if (this.#forPerson.has(seq)) this.#memory.dealtWith(seq);
    this.#waiting.shift()?.start();
    this.#suspendIfIdle();
  }

  /** One after the other: a read that settled later never overtakes a write whose record is being synced. */
  #deliver(call: GuestCall, answer: Answer): void {
    if (this.#left && !answer.ok) return;
    this.#undelivered += 1;
    this.#delivering = this.#delivering.then(async () => {
      try {
        await this.#release(call, answer);
      } catch (error) {
        this.#fault ??= toCodemodeError(error);
        this.#session?.cancel(toGuestError(this.#fault, call.line));
      }
      this.#undelivered -= 1;
      this.#memory.dealtWith(call.seq);
      this.#suspendIfIdle();
    });
  }

  async #release(call: GuestCall, answer: Answer): Promise<void> {
    const now = Date.now();
    let released = answer;
    try {
      await this.#context.record.calls.deliver(call.seq, released, now);
    } catch (thrown) {
      if (!isUnfit(thrown)) throw thrown;
      released = { ok: false, error: toGuestError(unfitAnswer(thrown), call.line) };
      await this.#context.record.calls.deliver(call.seq, released, now);
    }
    this.#context.record.inexact.note(call.seq, released);
    if (!released.ok) this.#unseen.note(call, released.error, this.#ended);
    this.#session?.deliver({ seq: call.seq, now, ...released });
    const tool = this.#toolOf(call);
    const isAnswerOfSource = call.kind === "tool" || featureNames.has(call.path[0] ?? "");
    if (released.ok && isAnswerOfSource) this.#keepBytes(call, released.value);
    if (tool !== undefined && released.ok) this.#answered(tool, released.value, this.#context.principal);
  }

  #suspendIfIdle(): void {
    if (this.#forPerson.size === 0 || this.#ended || !this.#isQuiet()) return;
    void this.#session?.idle().then(({ issued }) => {
      if (!this.#ended && this.#isQuiet() && issued === this.#context.record.calls.issued) this.#suspend();
    });
  }

  #isQuiet(): boolean {
    return (
      this.#underWay.size === 0 &&
      this.#waiting.length === 0 &&
      this.#undelivered === 0 &&
      this.#replay.finished
    );
  }
}
