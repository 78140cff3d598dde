/**
 * Calls that were delivered, given to the journal, and are not yet known to be in it.
 */
import type { CallRow } from "../spec/journal.ts";

export class UnsavedCalls {
  readonly #rows = new Map<number, CallRow>();
  /** Characters of their outcomes, which are kept in memory meanwhile. */
  chars = 0;

  get rows(): ReadonlyMap<number, CallRow> {
    return this.#rows;
  }

  hold(row: CallRow): void {
    this.#forget(row.seq);
    this.#rows.set(row.seq, row);
    this.chars += row.outcome?.length ?? 0;
  }

  /** These rows are in the journal; what has been held of them since is not. */
  saved(rows: Iterable<CallRow>): void {
    for (const row of rows) if (this.#rows.get(row.seq) === row) this.#forget(row.seq);
  }

  #forget(seq: number): void {
    this.chars -= this.#rows.get(seq)?.outcome?.length ?? 0;
    this.#rows.delete(seq);
  }
}
