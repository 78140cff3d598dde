/**
 * The model between JSON Schema and TypeScript text: types as plain data in a table, equal types stored
 * once. A type's parts have smaller ids than the type itself, except through a slot, which stands for a type
 * by reference and so carries recursion. Nothing here knows schemas or text.
 */

/** Index into a table's nodes. */
export type TypeId = number;

export type Word =
  | "any"
  | "never"
  | "null"
  | "undefined"
  | "string"
  | "number"
  | "int"
  | "boolean"
  | "Uint8Array";

export interface TypeProperty {
  readonly name: string;
  readonly optional: boolean;
  readonly type: TypeId;
}

export interface TypeComment {
  /** The stranger's own words, as received. */
  readonly description: string;
  /** What the schema says beyond the type: `1..100`, `date-time`, `default 5`. */
  readonly notes: string;
  readonly deprecated: boolean;
}

export interface ObjectType {
  readonly kind: "object";
  /** Object types that this one includes; named wherever they appear. */
  readonly bases: readonly TypeId[];
  readonly properties: readonly TypeProperty[];
  /** The type of any further property. */
  readonly index: TypeId | undefined;
}

export type TypeNode =
  | { readonly kind: "word"; readonly word: Word }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "array"; readonly item: TypeId }
  | {
      readonly kind: "tuple";
      readonly items: readonly TypeId[];
      readonly required: number;
      readonly rest: TypeId | undefined;
    }
  | ObjectType
  | { readonly kind: "union"; readonly members: readonly TypeId[] }
  | { readonly kind: "intersection"; readonly members: readonly TypeId[] }
  | { readonly kind: "comment"; readonly comment: TypeComment; readonly type: TypeId }
  | { readonly kind: "slot"; readonly slot: number };

export interface TypeTable {
  /** The id of a node equal to this one. */
  add(node: TypeNode): TypeId;
  word(word: Word): TypeId;
  node(id: TypeId): TypeNode;
  readonly size: number;
  /** Remembers what a type might be called; a lower rank wins over a higher one, then the first. */
  suggest(id: TypeId, name: string, rank: NameRank): void;
  suggestion(id: TypeId): { readonly name: string; readonly rank: NameRank } | undefined;
}

/** From most to least fitting. */
export const nameRanks = { definition: 0, title: 1, format: 2, property: 3, item: 4, tool: 5 } as const;
export type NameRank = (typeof nameRanks)[keyof typeof nameRanks];

export function createTypeTable(): TypeTable {
  const nodes: TypeNode[] = [];
  const ids = new Map<string, TypeId>();
  const names = new Map<TypeId, { name: string; rank: NameRank }>();
  const add = (node: TypeNode): TypeId => {
    const key = nodeKey(node);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = nodes.push(node) - 1;
    ids.set(key, id);
    return id;
  };
  return {
    add,
    word: (word) => add({ kind: "word", word }),
    node(id) {
      const node = nodes[id];
      if (node === undefined) throw new RangeError(`No type has the id ${id}.`);
      return node;
    },
    get size() {
      return nodes.length;
    },
    suggest(id, name, rank) {
      const known = names.get(id);
      if (name !== "" && (known === undefined || rank < known.rank)) names.set(id, { name, rank });
    },
    suggestion: (id) => names.get(id),
  };
}

/** The ids of the types a node is made of, slots not followed. */
export function partsOf(node: TypeNode): readonly TypeId[] {
  switch (node.kind) {
    case "array":
      return [node.item];
    case "tuple":
      return node.rest === undefined ? node.items : [...node.items, node.rest];
    case "object": {
      const parts = [...node.bases, ...node.properties.map((property) => property.type)];
      if (node.index !== undefined) parts.push(node.index);
      return parts;
    }
    case "union":
    case "intersection":
      return node.members;
    case "comment":
      return [node.type];
    default:
      return [];
  }
}

/** The same node with every part replaced. */
export function withParts(node: TypeNode, replace: (part: TypeId) => TypeId): TypeNode {
  switch (node.kind) {
    case "array":
      return { ...node, item: replace(node.item) };
    case "tuple":
      return {
        ...node,
        items: node.items.map(replace),
        rest: node.rest === undefined ? undefined : replace(node.rest),
      };
    case "object":
      return {
        ...node,
        bases: node.bases.map(replace),
        properties: node.properties.map((property) => ({ ...property, type: replace(property.type) })),
        index: node.index === undefined ? undefined : replace(node.index),
      };
    case "union":
    case "intersection":
      return { ...node, members: node.members.map(replace) };
    case "comment":
      return { ...node, type: replace(node.type) };
    default:
      return node;
  }
}

/** Property order does not tell object types apart; everything else does. */
function nodeKey(node: TypeNode): string {
  switch (node.kind) {
    case "word":
      return `w${node.word}`;
    case "literal":
      return `l${typeof node.value}${String(node.value)}`;
    case "array":
      return `a${node.item}`;
    case "tuple":
      return `t${node.required},${node.rest ?? ""},${node.items.join()}`;
    case "object": {
      const properties = node.properties.map(propertyKey).sort();
      return `o${node.index ?? ""},${node.bases.join("+")},${properties.join()}`;
    }
    case "union":
      return `u${node.members.join()}`;
    case "intersection":
      return `i${node.members.join()}`;
    case "comment": {
      const { description, notes, deprecated } = node.comment;
      return `c${node.type},${deprecated ? 1 : 0},${JSON.stringify(notes)}${JSON.stringify(description)}`;
    }
    default:
      return `s${node.slot}`;
  }
}

/** Equal for properties that read the same. */
export function propertyKey(property: TypeProperty): string {
  return `${property.type}${property.optional ? "?" : ":"}${JSON.stringify(property.name)}`;
}
