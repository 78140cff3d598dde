/**
 * Who gives way when something of which there is a bounded number is all taken: of whoever has most, what was not used for
 * longest. So what one takes never costs another more than what it has beyond an equal share.
 */

export interface Taking<T> {
  /** Who has it. */
  readonly owner: (taken: T) => string;
  /** When it was last used. */
  readonly usedAt: (taken: T) => number;
}

/** The first is to give way first. */
export function toGivingWay<T>(taken: Iterable<T>, { owner, usedAt }: Taking<T>): T[] {
  const groups = [...Map.groupBy(taken, owner).values()];
  const oldestFirst = (group: T[]): T[] => group.sort((a, b) => usedAt(a) - usedAt(b));
  return groups.sort((a, b) => b.length - a.length).flatMap(oldestFirst);
}
