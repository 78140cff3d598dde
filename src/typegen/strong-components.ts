/** Finds the cycles of a graph: Tarjan's algorithm without recursion, so that depth is no limit. */

/** Every strongly connected component that holds a cycle, for the nodes reachable from `roots`. */
export function cyclicComponents(
  roots: Iterable<number>,
  successors: (node: number) => readonly number[],
): number[][] {
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const found: number[][] = [];
  const frames: { readonly node: number; readonly next: readonly number[]; at: number }[] = [];

  const enter = (node: number): void => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    open.push(node);
    isOpen.add(node);
    frames.push({ node, next: successors(node), at: 0 });
  };
  const lower = (node: number, to: number): void => {
    low.set(node, Math.min(low.get(node) ?? to, to));
  };
  const close = (node: number, isLoop: boolean): void => {
    if (low.get(node) !== index.get(node)) return;
    const component = open.splice(open.lastIndexOf(node));
    for (const member of component) isOpen.delete(member);
    if (component.length > 1 || isLoop) found.push(component);
  };

  for (const root of roots) {
    if (index.has(root)) continue;
    enter(root);
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const next = frame.next[frame.at];
      frame.at += 1;
      if (next === undefined) {
        frames.pop();
        close(frame.node, frame.next.includes(frame.node));
        const parent = frames.at(-1);
        if (parent !== undefined) lower(parent.node, low.get(frame.node) ?? Infinity);
      } else if (!index.has(next)) enter(next);
      else if (isOpen.has(next)) lower(frame.node, index.get(next) ?? Infinity);
    }
  }
  return found;
}
