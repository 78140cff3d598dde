/**
 * Where an encoder is in a value, what it has counted so far, and the faults it raises from there.
 */
import { valuePath, type PathStep } from "./value-path.ts";
import { ValueFault } from "./value-fault.ts";
import { maxNodes, type ValueLimits } from "./value-limits.ts";

export interface Walk {
  readonly limits: ValueLimits;
  readonly root: string;
  readonly path: PathStep[];
  readonly ancestors: object[];
  depth: number;
  nodes: number;
  chars: number;
}

export function createWalk(limits: ValueLimits, root: string): Walk {
  return { limits, root, path: [], ancestors: [], depth: 0, nodes: 0, chars: 0 };
}

/** Not by locale, which not every engine knows. */
const maxNodesText = String(maxNodes).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");

export function count(nodes: number, depth: number, walk: Walk): void {
  walk.nodes += nodes;
  if (walk.nodes <= maxNodes) return;
  const problem = `makes the value larger than ${maxNodesText} elements; return less, or a summary`;
  throw new ValueFault("value_too_large", pathAt(walk, depth), problem);
}

export function unsupported(walk: Walk, depth: number, problem: string): ValueFault {
  return new ValueFault("value_unsupported", pathAt(walk, depth), problem);
}

export function tooLarge(walk: Walk, depth: number): ValueFault {
  const problem = `makes the value larger than the limit of ${walk.limits.bytes} bytes; return less, or a summary`;
  return new ValueFault("value_too_large", pathAt(walk, depth), problem);
}

export function tooDeep(walk: Walk, depth: number, value: object): ValueFault {
  const seen = walk.ancestors.lastIndexOf(value, depth - 1);
  const cyclic = findCycle(walk.ancestors.slice(0, depth));
  if (seen < 0 && cyclic === undefined) {
    return new ValueFault(
      "value_too_large",
      pathAt(walk, depth),
      `is nested deeper than ${walk.limits.depth} levels`,
    );
  }
  const [first, second] = cyclic ?? [seen, depth];
  const problem = `refers back to ${pathAt(walk, first)}: a cycle cannot cross; copy the fields you need`;
  return new ValueFault("value_unsupported", pathAt(walk, second), problem);
}

/** The first ancestor that comes twice. Only asked when the depth limit was met. */
function findCycle(ancestors: readonly object[]): readonly [number, number] | undefined {
  const places = new Map<object, number>();
  for (const [depth, ancestor] of ancestors.entries()) {
    const earlier = places.get(ancestor);
    if (earlier !== undefined) return [earlier, depth];
    places.set(ancestor, depth);
  }
  return undefined;
}

export function pathAt(walk: Walk, depth: number): string {
  return valuePath(walk.root, walk.path.slice(0, depth));
}
