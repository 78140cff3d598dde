/**
 * Decides which types get a name of their own: definitions, what contains itself, what others are based on,
 * and whatever costs fewer tokens said once and referred to than repeated.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { SettledTypes } from "./settle-types.ts";
import { nameRanks, partsOf, type TypeId, type TypeNode, type TypeTable } from "./type-table.ts";
import type { TypeNames } from "./type-name.ts";

export interface NamedTypes extends SettledTypes {
  /** In the order in which they are declared. */
  readonly names: ReadonlyMap<TypeId, string>;
}

/** Tokens that a reference to a named type costs, and those of declaring one. */
const referenceCost = 2;
const declarationCost = 5;
/** Levels that are written in one go; what nests deeper is named. */
const maxHeight = 40;

export function nameTypes(settled: SettledTypes, taken: TypeNames): NamedTypes {
  const { table, roots } = settled;
  const named = new Set<TypeId>([...settled.defined, ...settled.recursive.values()]);
  const uses = zeros(table.size);
  const heights = zeros(table.size);
  for (let id = 0; id < table.size; id += 1) {
    const node = table.node(id);
    let height = 0;
    for (const part of partsOf(node)) {
      uses[part] = (uses[part] ?? 0) + 1;
      height = Math.max(height, 1 + (named.has(part) ? 0 : (heights[part] ?? 0)));
    }
    heights[id] = height;
    if (height > maxHeight) named.add(id);
    if (node.kind === "object") for (const base of node.bases) named.add(base);
  }
  const sizes = measure(table, uses, named);
  const counts = zeros(table.size);
  for (const id of [...roots, ...settled.recursive.values()]) counts[id] = (counts[id] ?? 0) + 1;
  for (let id = table.size - 1; id >= 0; id -= 1) {
    const node = table.node(id);
    const count = counts[id] ?? 0;
    const size = sizes[id] ?? 0;
    const saving = (count - 1) * size - count * referenceCost - declarationCost;
    if (saving > 0 && isNameable(table, node)) named.add(id);
    const weight = named.has(id) ? Math.min(count, 1) : count;
    for (const part of partsOf(node)) counts[part] = (counts[part] ?? 0) + weight;
  }
  return { ...settled, names: giveNames(table, named, taken) };
}

/** Definitions first, so that they get the names their author gave them. */
function giveNames(
  table: TypeTable,
  named: ReadonlySet<TypeId>,
  taken: TypeNames,
): ReadonlyMap<TypeId, string> {
  const wishes = [...named].map((id) => ({
    id,
    ...(table.suggestion(id) ?? { name: "Type", rank: nameRanks.tool }),
  }));
  wishes.sort((a, b) => a.rank - b.rank || a.id - b.id);
  const given = new Map(wishes.map(({ id, name }) => [id, taken.take(name)]));
  return new Map([...given].sort(([a], [b]) => a - b));
}

/** Tokens each type takes where it is written out; parts that are likely to be named count as a reference. */
function measure(table: TypeTable, uses: readonly number[], named: ReadonlySet<TypeId>): readonly number[] {
  const sizes: number[] = [];
  const costOf = (id: TypeId): number => {
    const size = sizes[id] ?? 1;
    return size > referenceCost && (named.has(id) || ((uses[id] ?? 0) > 1 && size > 6))
      ? referenceCost
      : size;
  };
  for (let id = 0; id < table.size; id += 1) sizes.push(sizeOf(table.node(id), costOf));
  return sizes;
}

function sizeOf(node: TypeNode, costOf: (id: TypeId) => number): number {
  const sum = (ids: readonly TypeId[]): number => ids.reduce((total, id) => total + costOf(id) + 1, 0);
  switch (node.kind) {
    case "word":
      return 1;
    case "slot":
      return referenceCost;
    case "literal":
      return estimateTokens(JSON.stringify(node.value));
    case "array":
      return costOf(node.item) + 1;
    case "tuple":
      return sum(node.items) + 1 + (node.rest === undefined ? 0 : costOf(node.rest) + 2);
    case "object": {
      const own = node.properties.reduce(
        (total, { name, type }) => total + estimateTokens(name) + 2 + costOf(type),
        0,
      );
      return (
        own +
        2 +
        node.bases.length * (referenceCost + 1) +
        (node.index === undefined ? 0 : 6 + costOf(node.index))
      );
    }
    case "union":
    case "intersection":
      return sum(node.members);
    default:
      return (
        estimateTokens(node.comment.description) + estimateTokens(node.comment.notes) + 3 + costOf(node.type)
      );
  }
}

/** A name would say less than a word, a literal, or `Record<string, any>`. */
function isNameable(table: TypeTable, node: TypeNode): boolean {
  if (node.kind === "object" && node.properties.length === 0 && node.index !== undefined) {
    return table.node(node.index).kind !== "word";
  }
  return node.kind !== "word" && node.kind !== "literal" && node.kind !== "slot";
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}
