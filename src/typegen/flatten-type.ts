/**
 * Looks through names and inheritance for a short rendering: what a type comes down to where a name for it
 * would say less than the type itself.
 */
import { bare } from "./combine-types.ts";
import type { TypeBuilder } from "./schema-to-type.ts";
import type { ObjectType, TypeId, TypeNode, TypeProperty } from "./type-table.ts";

/** Names and members followed before giving up. */
const maxHops = 64;
/** Members of a union that is still shorter than a name and its declaration. */
const maxMembers = 5;

/** What a slot stands for, when that is a word, a literal or a few of them; `undefined` when a name is better. */
export function simpleType(builder: TypeBuilder, slot: number): TypeId | undefined {
  const body = bare(builder.table, builder.bodyOf(slot));
  return isSimple(builder, body, 0) ? body : undefined;
}

/** The slot at the end of a chain of names that only stand for each other. */
export function lastAlias(builder: TypeBuilder, slot: number): number {
  let at = slot;
  for (let hops = 0; hops < maxHops; hops += 1) {
    const node = builder.table.node(bare(builder.table, builder.bodyOf(at)));
    if (node.kind !== "slot") break;
    at = node.slot;
  }
  return at;
}

function isSimple(builder: TypeBuilder, id: TypeId, hops: number): boolean {
  const node = builder.table.node(bare(builder.table, id));
  if (hops > 8) return false;
  switch (node.kind) {
    case "word":
    case "literal":
      return true;
    case "array":
      return isSimple(builder, node.item, hops + 1);
    case "union":
      return (
        node.members.length <= maxMembers &&
        node.members.every((member) => isSimple(builder, member, hops + 1))
      );
    case "slot":
      return isSimple(builder, builder.bodyOf(node.slot), hops + 1);
    default:
      return false;
  }
}

export interface FlatType {
  /** The properties of all objects among the members, as one. */
  readonly object: ObjectType | undefined;
  /** Members that are no objects. */
  readonly rest: readonly TypeId[];
}

/** An intersection as one object, as far as it consists of objects; of equal properties the later counts. */
export function flattenIntersection(builder: TypeBuilder, members: readonly TypeId[]): FlatType {
  const { table } = builder;
  const properties = new Map<string, TypeProperty>();
  const rest: TypeId[] = [];
  let index: TypeId | undefined;
  let isObject = false;
  const queue = [...members];
  const seen = new Set<TypeId>();
  for (let hops = 0; queue.length > 0 && hops < maxHops; hops += 1) {
    const id = queue.shift() ?? table.word("any");
    if (seen.has(id)) continue;
    seen.add(id);
    const node = resolved(builder, id);
    if (node.kind === "intersection") queue.unshift(...node.members);
    else if (node.kind === "object") {
      isObject = true;
      index = node.index ?? index;
      for (const property of node.properties) {
        const other = properties.get(property.name);
        properties.set(property.name, {
          ...property,
          optional: property.optional && (other?.optional ?? true),
        });
      }
    } else rest.push(id);
  }
  const object = isObject
    ? ({ kind: "object", bases: [], properties: [...properties.values()], index } as const)
    : undefined;
  return { object, rest: [...rest, ...queue.slice(0, maxHops)] };
}

function resolved(builder: TypeBuilder, id: TypeId): TypeNode {
  const node = builder.table.node(bare(builder.table, id));
  if (node.kind !== "slot") return node;
  return builder.table.node(bare(builder.table, builder.bodyOf(lastAlias(builder, node.slot))));
}
