/**
 * What has been delivered to a guest, in order, and which of it came too late. The guest says how many it had taken up at
 * its end; a count that cannot be is cut, and no harm: it decides what is told of calls, and nothing else.
 */
export class SentDeliveries {
  readonly #seqs: number[] = [];
  #late: readonly number[] = [];

  sent(seq: number): void {
    this.#seqs.push(seq);
  }

  /** The guest has ended, having taken up so many. */
  end(released: number | undefined): void {
    if (released !== undefined) this.#late = this.#seqs.slice(released);
  }

  get unseen(): readonly number[] {
    return this.#late;
  }
}
