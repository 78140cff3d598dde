/**
 * Answers what a program calls in one execution: the host's functions and its timers, so many at once and so many in
 * all. Nothing is called once the execution has ended.
 */
import { CodemodeError } from "../../errors.ts";
import type { EngineSession, GuestCall, Limits, Value } from "../../index.ts";
import { answerToValue } from "./answer-to-value.ts";
import type { Namespaces } from "./namespaces.ts";

const mostTimerMs = 2 ** 31 - 1;

export class ExecutorCalls {
  readonly #namespaces: Namespaces;
  readonly #limits: Limits;
  readonly #session = Promise.withResolvers<EngineSession>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #waiting: GuestCall[] = [];
  #issued = { calls: 0, timers: 0 };
  #underWay = 0;
  #closed = false;

  constructor(namespaces: Namespaces, limits: Limits) {
    this.#namespaces = namespaces;
    this.#limits = limits;
  }

  /** Calls may come before their session is there. */
  attach(session: EngineSession): void {
    this.#session.resolve(session);
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  issued(call: GuestCall): void {
    if (this.#closed) return;
    if (call.kind === "timer") return this.#startTimer(call);
    this.#issued.calls += 1;
    if (this.#issued.calls > this.#limits.calls)
      return this.#end("call_limit", `A program may make ${this.#limits.calls} calls.`);
    this.#waiting.push(call);
    this.#next();
  }

  #next(): void {
    while (!this.#closed && this.#underWay < this.#limits.callsInFlight) {
      const call = this.#waiting.shift();
      if (call === undefined) return;
      this.#underWay += 1;
      void this.#answer(call).finally(() => {
        this.#underWay -= 1;
        this.#next();
      });
    }
  }

  async #answer(call: GuestCall): Promise<void> {
    try {
      if (call.kind === "builtin")
        throw new CodemodeError("tool_not_found", `Tool "${call.path.join(".").slice(0, 200)}" not found`);
      const answer = await this.#namespaces.find(call.path)(...call.args);
      await this.#deliver(call.seq, answerToValue(answer));
    } catch (thrown) {
      await this.#refuse(call.seq, thrown);
    }
  }

  /** Throws where the value cannot cross. */
  async #deliver(seq: number, value: Value): Promise<void> {
    const session = await this.#session.promise;
    if (!this.#closed) session.deliver({ seq, ok: true, value, now: Date.now() });
  }

  /** Of what was thrown only its message goes on. */
  async #refuse(seq: number, thrown: unknown): Promise<void> {
    const session = await this.#session.promise;
    if (this.#closed) return;
    const code = thrown instanceof CodemodeError ? thrown.code : "tool_failed";
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    session.deliver({ seq, ok: false, error: { code, message }, now: Date.now() });
  }

  #startTimer({ seq, args }: GuestCall): void {
    this.#issued.timers += 1;
    if (this.#issued.timers > this.#limits.timers)
      return this.#end("timer_limit", `A program may start ${this.#limits.timers} timers.`);
    const asked = Number(args[0] ?? 0);
    const ms = Number.isFinite(asked) ? Math.min(Math.max(0, asked), mostTimerMs) : 0;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#deliver(seq, undefined);
    }, ms);
    this.#timers.add(timer);
  }

  #end(code: "call_limit" | "timer_limit", message: string): void {
    this.close();
    void this.#session.promise.then((session) => session.cancel({ code, message }));
  }
}
