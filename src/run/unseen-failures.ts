/**
 * Calls of a run that did not succeed without its program having seen it: what failed after the program had ended, and
 * writes that were not made any more. Reads that were given up because nobody waited for them are no news.
 */
import type { CallOutcome } from "../call-error.ts";
import type { GuestCall, GuestError } from "../spec/engine.ts";
import type { UnseenFailure } from "../spec/run.ts";
import type { Tool } from "../spec/tool.ts";

/** Kinds of failures that are told; further ones are counted under the last. */
const mostKinds = 20;
const mostMessage = 500;

interface Failure {
  readonly path: string;
  /** Absent for a call that was not made at all. */
  readonly code?: string;
  readonly message: string;
  readonly outcome: CallOutcome;
}

export class UnseenFailures {
  /** By call: what was delivered, whether or not the program was still there. */
  readonly #failed = new Map<number, Failure>();
  readonly #late = new Set<number>();

  /** A tool's call was answered with an error; `late`: the program had ended. */
  note(call: GuestCall, { code, message, outcome = "unknown" }: GuestError, late: boolean): void {
    if (call.kind !== "tool") return;
    const failure = { path: call.path.join("."), code, message: message.slice(0, mostMessage), outcome };
    this.#failed.set(call.seq, failure);
    if (late) this.#late.add(call.seq);
  }

  /** The program ended before the call was begun, or before a person had answered. */
  noteUnmade(call: GuestCall, tool: Tool | undefined, why: string): void {
    if (call.kind !== "tool" || tool?.effect === "read") return;
    this.#failed.set(call.seq, { path: call.path.join("."), message: why, outcome: "not_sent" });
    this.#late.add(call.seq);
  }

  /** In the order of the calls, alike ones together. `unreleased`: calls whose delivery came too late. */
  toList(
    unreleased: readonly number[],
    effectOf: (seq: number) => string | undefined,
  ): readonly UnseenFailure[] {
    for (const seq of unreleased) if (this.#failed.has(seq)) this.#late.add(seq);
    const kinds = new Map<string, UnseenFailure>();
    for (const seq of [...this.#late].sort((a, b) => a - b)) {
      const failure = this.#failed.get(seq);
      if (failure === undefined) continue;
      if (failure.code === "run_cancelled" && effectOf(seq) === "read") continue;
      const own = `${failure.path} ${failure.code ?? ""} ${failure.outcome}`;
      const key = kinds.has(own) || kinds.size < mostKinds ? own : ([...kinds.keys()].at(-1) ?? own);
      const known = kinds.get(key);
      kinds.set(key, known === undefined ? { ...failure, count: 1 } : { ...known, count: known.count + 1 });
    }
    return [...kinds.values()];
  }
}
