/**
 * Copies the types that some roots need into a table of their own, in which only recursion is left to slots:
 * a definition that does not contain itself is put where it is used (equal ones become one type), and a
 * cycle that TypeScript could not resolve (`A` is `A` or a string) is broken.
 */
import { bare, intersectTypes, uniteTypes } from "./combine-types.ts";
import type { TypeBuilder } from "./schema-to-type.ts";
import { cyclicComponents } from "./strong-components.ts";
import { createTypeTable, nameRanks, partsOf, type TypeId, type TypeTable, withParts } from "./type-table.ts";

export interface SettledTypes {
  /** Parts have smaller ids than what they are part of. */
  readonly table: TypeTable;
  readonly roots: readonly TypeId[];
  /** The types that contain themselves, by the slot that refers to them. */
  readonly recursive: ReadonlyMap<number, TypeId>;
  /** Types that were definitions of their own. */
  readonly defined: ReadonlySet<TypeId>;
}

/** Slots for which `isKept` is true stay as they are, unread. */
export function settleTypes(
  builder: TypeBuilder,
  roots: readonly TypeId[],
  isKept: (slot: number) => boolean = () => false,
): SettledTypes {
  const from = builder.table;
  const bodies = unbrokenBodies(builder, roots, isKept);
  const bodyOf = (slot: number): TypeId => bodies.get(slot) ?? builder.bodyOf(slot);
  const successors = (id: TypeId): readonly TypeId[] => {
    const node = from.node(id);
    if (node.kind !== "slot") return partsOf(node);
    return isKept(node.slot) ? [] : [bodyOf(node.slot)];
  };
  const recursiveSlots = new Set<number>();
  for (const component of cyclicComponents(roots, successors)) {
    for (const id of component) {
      const node = from.node(id);
      if (node.kind === "slot") recursiveSlots.add(node.slot);
    }
  }
  const stays = (slot: number): boolean => recursiveSlots.has(slot) || isKept(slot);
  const copies = new Map<TypeId, TypeId>();
  const table = createTypeTable();
  const defined = new Set<TypeId>();
  const copy = (start: TypeId): TypeId => {
    const stack = [start];
    for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
      const node = from.node(id);
      const isLeaf = copies.has(id) || (node.kind === "slot" && stays(node.slot));
      const waiting = isLeaf ? [] : successors(id).filter((part) => !copies.has(part));
      if (waiting.length > 0) {
        stack.push(...waiting.toReversed());
        continue;
      }
      stack.pop();
      if (copies.has(id)) continue;
      const isMoved = node.kind === "slot" && !stays(node.slot);
      const made = isMoved ? copied(bodyOf(node.slot)) : table.add(withParts(node, copied));
      const suggestion = from.suggestion(id);
      if (suggestion !== undefined) table.suggest(made, suggestion.name, suggestion.rank);
      if (isMoved && suggestion?.rank === nameRanks.definition && !isSimple(table, made)) defined.add(made);
      copies.set(id, made);
    }
    return copied(start);
  };
  const copied = (id: TypeId): TypeId => copies.get(id) ?? table.word("any");
  const newRoots = roots.map(copy);
  const recursive = new Map<number, TypeId>();
  for (const slot of recursiveSlots) {
    const body = copy(bodyOf(slot));
    const suggestion = from.suggestion(from.add({ kind: "slot", slot }));
    if (suggestion !== undefined) table.suggest(body, suggestion.name, nameRanks.definition);
    recursive.set(slot, body);
  }
  return { table, roots: newRoots, recursive, defined };
}

/** New bodies for the slots whose own would resolve to themselves without a property or an item between. */
function unbrokenBodies(
  builder: TypeBuilder,
  roots: readonly TypeId[],
  isKept: (slot: number) => boolean,
): ReadonlyMap<number, TypeId> {
  const { table } = builder;
  const all = new Set<TypeId>();
  const queue = [...roots];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (all.has(id)) continue;
    all.add(id);
    const node = table.node(id);
    if (node.kind !== "slot") queue.push(...partsOf(node));
    else if (!isKept(node.slot)) queue.push(builder.bodyOf(node.slot));
  }
  const bodies = new Map<number, TypeId>();
  const eager = (id: TypeId): readonly TypeId[] => {
    const node = table.node(id);
    if (node.kind === "slot") return isKept(node.slot) ? [] : [builder.bodyOf(node.slot)];
    return node.kind === "union" || node.kind === "intersection" || node.kind === "comment"
      ? partsOf(node)
      : [];
  };
  for (const component of cyclicComponents(all, eager)) {
    const inside = new Set(component);
    for (const id of component) {
      const node = table.node(id);
      if (node.kind === "slot")
        bodies.set(node.slot, without(table, builder.bodyOf(node.slot), inside) ?? table.word("any"));
    }
  }
  return bodies;
}

/** The type less the slots among `inside` that it consists of; `undefined` when nothing is left. */
function without(table: TypeTable, id: TypeId, inside: ReadonlySet<TypeId>): TypeId | undefined {
  if (!inside.has(id)) return id;
  const node = table.node(id);
  if (node.kind === "comment") {
    const type = without(table, node.type, inside);
    return type === undefined ? undefined : table.add({ ...node, type });
  }
  if (node.kind !== "union" && node.kind !== "intersection") return undefined;
  const left = node.members
    .map((member) => without(table, member, inside))
    .filter((member) => member !== undefined);
  if (left.length === 0) return undefined;
  return node.kind === "union" ? uniteTypes(table, left) : intersectTypes(table, left);
}

/** Types as short as a name for them. */
function isSimple(table: TypeTable, id: TypeId): boolean {
  const node = table.node(bare(table, id));
  if (node.kind === "array") return isSimple(table, node.item);
  return node.kind === "word" || node.kind === "literal" || node.kind === "slot";
}
