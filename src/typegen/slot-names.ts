/** What the types behind slots are called in one text: by their definition's name, each by another. */
import type { TypeBuilder } from "./schema-to-type.ts";
import type { TypeNames } from "./type-name.ts";

/** `names` are those already given in the text. */
export function createSlotNames({ table }: TypeBuilder, names: TypeNames): (slot: number) => string {
  const given = new Map<number, string>();
  return (slot) => {
    const known = given.get(slot);
    if (known !== undefined) return known;
    const name = names.take(table.suggestion(table.add({ kind: "slot", slot }))?.name ?? "");
    given.set(slot, name);
    return name;
  };
}
