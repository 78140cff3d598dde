/**
 * Writes a few types completely, with the declarations of the shared definitions they lead to: the nearest
 * first, as many as fit; the rest are named.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import { nameTypes } from "./name-types.ts";
import type { TypeBuilder } from "./schema-to-type.ts";
import { settleTypes } from "./settle-types.ts";
import { createSlotNames } from "./slot-names.ts";
import { partsOf, type TypeId } from "./type-table.ts";
import { createTypeNames } from "./type-name.ts";
import { createTypeWriter, type TypeWriter } from "./type-to-text.ts";

export interface ExpandedTypes {
  readonly writer: TypeWriter;
  /** The types asked for, as the writer knows them. */
  readonly roots: readonly TypeId[];
  readonly declarations: readonly string[];
  /** Definitions that are referred to and had no room. */
  readonly missing: readonly string[];
}

export function expandTypes(builder: TypeBuilder, types: readonly TypeId[], tokens: number): ExpandedTypes {
  const { table } = builder;
  const declared = new Set<number>();
  const missing = new Set<number>();
  let left = tokens - types.reduce((sum, type) => sum + roughTokens(builder, type), 0);
  const queue = types.flatMap((type) => slotsIn(builder, type));
  for (const slot of queue) {
    if (declared.has(slot) || missing.has(slot)) continue;
    const body = builder.bodyOf(slot);
    const cost = roughTokens(builder, body);
    if (cost > left) {
      missing.add(slot);
      continue;
    }
    left -= cost;
    declared.add(slot);
    queue.push(...slotsIn(builder, body));
  }
  const names = createTypeNames();
  const slotName = createSlotNames(builder, names);
  // Definitions get their names before types that only this text names.
  for (const slot of [...declared, ...missing]) slotName(slot);
  const bodies = [...declared].map((slot) => builder.bodyOf(slot));
  const settled = settleTypes(builder, [...types, ...bodies], (slot) => builder.isDefinition(slot));
  const named = nameTypes(settled, names);
  const writer = createTypeWriter(named, slotName);
  const declarations = [...named.names].map(([id, name]) => writer.declaration(id, name));
  for (const [at, slot] of [...declared].entries()) {
    const body = named.roots[types.length + at] ?? table.word("any");
    declarations.push(writer.declaration(body, slotName(slot)));
  }
  return {
    writer,
    roots: named.roots.slice(0, types.length),
    declarations,
    missing: [...missing].map(slotName),
  };
}

/** The definitions that a type refers to directly, in order. */
function slotsIn(builder: TypeBuilder, type: TypeId): number[] {
  const found = new Set<number>();
  for (const id of typesIn(builder, type)) {
    const node = builder.table.node(id);
    if (node.kind === "slot" && builder.isDefinition(node.slot)) found.add(node.slot);
  }
  return [...found];
}

function roughTokens(builder: TypeBuilder, type: TypeId): number {
  let tokens = 0;
  for (const id of typesIn(builder, type)) {
    const node = builder.table.node(id);
    if (node.kind === "comment") tokens += estimateTokens(node.comment.description) + 3;
    tokens += node.kind === "object" ? node.properties.length * 4 + 2 : 2;
  }
  return tokens;
}

/** The type and everything it is made of; definitions themselves are not entered. */
function typesIn(builder: TypeBuilder, type: TypeId): ReadonlySet<TypeId> {
  const seen = new Set<TypeId>();
  const queue = [type];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const node = builder.table.node(id);
    if (node.kind !== "slot") queue.push(...partsOf(node).toReversed());
    else if (!builder.isDefinition(node.slot)) queue.push(builder.bodyOf(node.slot));
  }
  return seen;
}
