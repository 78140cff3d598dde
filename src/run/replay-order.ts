/**
 * Holds the order in which a recorded run's outcomes were delivered and says, call by call, what may be
 * delivered again. While it is not finished, nothing new may be sent.
 */
import type { CallRow } from "../spec/journal.ts";

/**
 * How far deliveries may run ahead of the guest: each that waits for it costs a way there and back. They are given by
 * the half, so that the guest works on one while the host looks at what came of the other.
 */
const most = { calls: 64, characters: 2 ** 20 };

export class ReplayOrder {
  readonly #order: readonly CallRow[];
  readonly #issued = new Set<number>();
  /** The guest has issued every call of the order before this one. */
  #reached = 0;
  #next = 0;
  /** Of the outcomes from `#reached` to `#next`. */
  #characters = 0;

  constructor(calls: readonly CallRow[]) {
    this.#order = calls
      .filter((call) => call.delivered !== undefined)
      .sort((a, b) => (a.delivered ?? 0) - (b.delivered ?? 0));
  }

  /** The guest has issued every call that was delivered. */
  get finished(): boolean {
    return this.#reached >= this.#order.length;
  }

  /**
   * The guest issued this call; answers with the recorded outcomes that may be delivered now, in order. Those of calls
   * that it has not issued yet are among them: what comes before them in the order makes it issue them.
   */
  issued(seq: number): readonly CallRow[] {
    this.#issued.add(seq);
    const due: CallRow[] = [];
    for (let row = this.#order[this.#reached]; row && this.#issued.has(row.seq);) {
      if (this.#reached === this.#next) due.push(this.#take(row));
      this.#characters -= size(row);
      row = this.#order[++this.#reached];
    }
    if (this.#next - this.#reached > most.calls / 2) return due;
    for (let row = this.#order[this.#next]; row && this.#fitsAhead(row); row = this.#order[this.#next])
      due.push(this.#take(row));
    return due;
  }

  #take(row: CallRow): CallRow {
    this.#next += 1;
    this.#characters += size(row);
    return row;
  }

  #fitsAhead(row: CallRow): boolean {
    return this.#next - this.#reached < most.calls && this.#characters + size(row) <= most.characters;
  }
}

function size({ outcome }: CallRow): number {
  return outcome?.length ?? 0;
}
