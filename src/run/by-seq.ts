/** Rows of a run's record in the order in which the program issued its calls. */

export function bySeq<T extends { readonly seq: number }>(rows: Iterable<T>): T[] {
  return [...rows].sort((a, b) => a.seq - b.seq);
}
