/**
 * Makes the recorded deliveries of a run again, in their order: at once where the outcome is kept, and where only its
 * hash is, once the read has been made again. Making it is left to others.
 */
import type { Delivery, DeliverOptions } from "../spec/engine.ts";
import type { CallRow } from "../spec/journal.ts";
import type { Answer } from "./answer.ts";
import { ReplayOrder } from "./replay-order.ts";
import { textToAnswer } from "./value-text.ts";

type Deliver = (delivery: Delivery, options: DeliverOptions) => void;

export class ReplayDeliveries {
  readonly #order: ReplayOrder;
  readonly #deliver: Deliver;
  readonly #due: CallRow[] = [];
  /** Of reads that were made again, until they are delivered. */
  readonly #answers = new Map<number, Answer>();
  #next = 0;

  constructor(recorded: readonly CallRow[], deliver: Deliver) {
    this.#order = new ReplayOrder(recorded);
    this.#deliver = deliver;
  }

  /** The guest has issued every call of the record that was delivered. */
  get reached(): boolean {
    return this.#order.finished;
  }

  /** Every recorded delivery has been made again; until then nothing new may be sent. */
  get finished(): boolean {
    return this.reached && this.#next === this.#due.length;
  }

  issued(seq: number): void {
    this.#due.push(...this.#order.issued(seq));
    this.#deliverDue();
  }

  /** A read of which only the hash was kept has answered the same again. */
  answered(seq: number, answer: Answer): void {
    this.#answers.set(seq, answer);
    this.#deliverDue();
  }

  #deliverDue(): void {
    for (let row = this.#dueRow(); row !== undefined;) {
      const again = this.#answers.get(row.seq);
      const delivery = again === undefined ? toDelivery(row) : { seq: row.seq, now: row.now ?? 0, ...again };
      this.#answers.delete(row.seq);
      this.#next += 1;
      row = this.#dueRow();
      this.#deliver(delivery, { ahead: true, more: row !== undefined });
    }
  }

  /** The next one, unless its read has to be made again first. */
  #dueRow(): CallRow | undefined {
    const row = this.#due[this.#next];
    return row !== undefined && isHashed(row) && !this.#answers.has(row.seq) ? undefined : row;
  }
}

/** Delivered once, and kept by its hash alone. */
export function isHashed({ delivered, outcome, outcomeHash }: CallRow): boolean {
  return delivered !== undefined && outcome === undefined && outcomeHash !== undefined;
}

export function toDelivery(row: CallRow): Delivery {
  return { seq: row.seq, now: row.now ?? 0, ...textToAnswer(row.outcome ?? "+null") };
}
