/**
 * Holds the order in which a recorded run's outcomes were delivered and says, call by call, what may be
 * delivered again. While it is not finished, nothing new may be sent.
 */
import type { CallRow } from "../spec/journal.ts";

export class ReplayOrder {
  readonly #order: readonly CallRow[];
  readonly #issued = new Set<number>();
  #next = 0;

  constructor(calls: readonly CallRow[]) {
    this.#order = calls
      .filter((call) => call.delivered !== undefined)
      .sort((a, b) => (a.delivered ?? 0) - (b.delivered ?? 0));
  }

  /** Every recorded delivery has been made again. */
  get finished(): boolean {
    return this.#next >= this.#order.length;
  }

  /** The guest issued this call; answers with the recorded outcomes that are due now, in order. */
  issued(seq: number): readonly CallRow[] {
    this.#issued.add(seq);
    const due: CallRow[] = [];
    for (;;) {
      const row = this.#order[this.#next];
      if (row === undefined || !this.#issued.has(row.seq)) return due;
      due.push(row);
      this.#next += 1;
    }
  }
}
