/** Whether a tool's argument may be left out, since nothing in it is required. */
import type { TypeId, TypeTable } from "./type-table.ts";

export interface TypesWithSlots {
  readonly table: TypeTable;
  /** The type behind a slot. */
  bodyOf(slot: number): TypeId | undefined;
}

/** Slots and parts looked into before the answer is no. */
const maxSteps = 32;

export function acceptsNothing(types: TypesWithSlots, id: TypeId, steps = 0): boolean {
  const node = types.table.node(id);
  const inner = (part: TypeId): boolean => acceptsNothing(types, part, steps + 1);
  if (steps > maxSteps) return false;
  switch (node.kind) {
    case "object":
      return node.properties.every((property) => property.optional) && node.bases.every(inner);
    case "comment":
      return inner(node.type);
    case "intersection":
      return node.members.every(inner);
    case "union":
      return node.members.some(inner);
    case "slot": {
      const body = types.bodyOf(node.slot);
      return body !== undefined && inner(body);
    }
    case "word":
      return node.word === "any";
    default:
      return false;
  }
}
