/**
 * Types that are referred to before they are made: definitions, what contains itself, what is nested too
 * deep. Each has a key, so that asking again gives the same slot, and is made when it is first looked into.
 */
import type { NameRank, TypeId, TypeTable } from "./type-table.ts";

export interface NewSlot {
  /** What the type might be called. */
  readonly name: string;
  readonly rank: NameRank;
  /** It is one of the source's shared definitions. */
  readonly isDefinition?: boolean;
  readonly make: () => TypeId;
}

export interface TypeSlots {
  /** The number of the slot of this key, made of `slot` when there is none yet. */
  take(key: string, slot: () => NewSlot): number;
  /** The type that stands for a slot. */
  typeOf(slot: number): TypeId;
  /** Says what a slot stands for, unless that is known. */
  fill(slot: number, body: TypeId): void;
  bodyOf(slot: number): TypeId;
  isDefinition(slot: number): boolean;
}

export function createTypeSlots(table: TypeTable): TypeSlots {
  const slots: NewSlot[] = [];
  const bodies = new Map<number, TypeId>();
  const numbers = new Map<string, number>();
  const typeOf = (slot: number): TypeId => table.add({ kind: "slot", slot });
  return {
    take(key, slot) {
      const known = numbers.get(key);
      if (known !== undefined) return known;
      const made = slot();
      const number = slots.push(made) - 1;
      numbers.set(key, number);
      table.suggest(typeOf(number), made.name, made.rank);
      return number;
    },
    typeOf,
    fill(slot, body) {
      if (!bodies.has(slot)) bodies.set(slot, body);
    },
    bodyOf(slot) {
      const known = bodies.get(slot);
      if (known !== undefined) return known;
      const body = slots[slot]?.make() ?? table.word("any");
      bodies.set(slot, body);
      return body;
    },
    isDefinition: (slot) => slots[slot]?.isDefinition === true,
  };
}
