/** Reciprocal-rank fusion: joins ranked lists whose scores cannot be compared. */

/** How quickly the weight of a rank falls; the constant of the method's authors (Cormack et al., 2009). */
const flatness = 60;

/** Item → sum of 1 / (60 + rank) over the lists that name it. */
export function fuseRanks(lists: readonly (readonly number[])[]): ReadonlyMap<number, number> {
  const scores = new Map<number, number>();
  for (const list of lists) {
    for (const [rank, item] of list.entries())
      scores.set(item, (scores.get(item) ?? 0) + 1 / (flatness + rank + 1));
  }
  return scores;
}
