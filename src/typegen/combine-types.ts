/**
 * Unions and intersections of types, simplified where TypeScript would do the same: what `anyOf`, `allOf` and
 * a list of types mean. Descriptions of parts that melt into one are kept and joined.
 */
import {
  type ObjectType,
  partsOf,
  type TypeComment,
  type TypeId,
  type TypeNode,
  type TypeProperty,
  type TypeTable,
} from "./type-table.ts";

/** One of `members`. */
export function uniteTypes(table: TypeTable, members: readonly TypeId[]): TypeId {
  const flat = new Set<TypeId>();
  for (const member of members) {
    const node = table.node(member);
    if (node.kind === "union") for (const inner of node.members) flat.add(inner);
    else flat.add(member);
  }
  flat.delete(table.word("never"));
  const [any, yes, no, boolean] = [
    table.word("any"),
    literal(table, true),
    literal(table, false),
    table.word("boolean"),
  ];
  if (flat.has(any) && [...flat].every((member) => table.node(member).kind !== "comment")) return any;
  if (flat.has(yes) && flat.has(no)) {
    flat.delete(yes);
    flat.delete(no);
    flat.add(boolean);
  }
  if (flat.has(table.word("number"))) flat.delete(table.word("int"));
  // null and undefined read best at the end.
  for (const last of [table.word("null"), table.word("undefined")]) if (flat.delete(last)) flat.add(last);
  const [first, second] = flat;
  if (first === undefined) return table.word("never");
  return second === undefined ? first : table.add({ kind: "union", members: [...flat] });
}

/** All of `members` at once. Object types become one; what only named types know stays an intersection. */
export function intersectTypes(table: TypeTable, members: readonly TypeId[]): TypeId {
  const comments: TypeComment[] = [];
  const rest = new Set<TypeId>();
  let object: ObjectType | undefined;
  const take = (id: TypeId): void => {
    const node = table.node(id);
    if (node.kind === "intersection") node.members.forEach(take);
    else if (node.kind === "comment" && isMeltable(table, node.type)) {
      comments.push(node.comment);
      take(node.type);
    } else if (node.kind === "object" && node.bases.length === 0) {
      object = object === undefined ? node : mergeObjects(table, object, node);
    } else if (!admitsAll(table, id)) rest.add(id);
    else comments.push(...partsOf(node).flatMap((part) => commentsOf(table, part)));
  };
  // A single member keeps its own comment where it is.
  const given = [...new Set(members)].filter((id) => id !== table.word("any"));
  if (given.length === 1 && given[0] !== undefined) return given[0];
  given.forEach(take);
  const parts = narrow(table, [...rest]);
  if (object !== undefined && !(parts.length > 0 && isAnyMap(table, object))) parts.push(table.add(object));
  const [first, second] = parts;
  const merged =
    first === undefined
      ? table.word("any")
      : second === undefined
        ? first
        : table.add({ kind: "intersection", members: parts });
  return comments.length === 0 ? merged : commentType(table, joinComments(comments), merged);
}

/** The type with a comment on it; none when there is nothing to say. */
export function commentType(table: TypeTable, comment: TypeComment, type: TypeId): TypeId {
  if (comment.description === "" && comment.notes === "" && !comment.deprecated) return type;
  return table.add({ kind: "comment", comment, type });
}

export function joinComments(comments: readonly TypeComment[]): TypeComment {
  const join = (texts: readonly string[], by: string): string =>
    [...new Set(texts.filter((text) => text !== ""))].join(by);
  return {
    description: join(
      comments.map((comment) => comment.description),
      " ",
    ),
    notes: join(
      comments.map((comment) => comment.notes),
      ", ",
    ),
    deprecated: comments.some((comment) => comment.deprecated),
  };
}

/** An object type whose index admits its own properties, as TypeScript demands. */
export function objectType(
  table: TypeTable,
  properties: readonly TypeProperty[],
  index: TypeId | undefined,
): ObjectType {
  const isFree = index === undefined || index === table.word("any") || properties.length === 0;
  if (isFree) return { kind: "object", bases: [], properties, index };
  if (index === table.word("never")) return { kind: "object", bases: [], properties, index: undefined };
  const types = properties.flatMap(({ type, optional }) =>
    optional ? [type, table.word("undefined")] : [type],
  );
  return {
    kind: "object",
    bases: [],
    properties,
    index: uniteTypes(table, [index, ...types.map((type) => bare(table, type))]),
  };
}

/** The type without the comments around it. */
export function bare(table: TypeTable, id: TypeId): TypeId {
  let at = id;
  for (let node = table.node(at); node.kind === "comment"; node = table.node(at)) at = node.type;
  return at;
}

function literal(table: TypeTable, value: boolean): TypeId {
  return table.add({ kind: "literal", value });
}

function isMeltable(table: TypeTable, id: TypeId): boolean {
  const { kind } = table.node(bare(table, id));
  return kind === "object" || kind === "word";
}

/** Any value is of the type: in an intersection it adds nothing, where TypeScript would let it win. */
function admitsAll(table: TypeTable, id: TypeId): boolean {
  const node = table.node(bare(table, id));
  if (node.kind === "union") return node.members.some((member) => admitsAll(table, member));
  return node.kind === "word" && node.word === "any";
}

function isAnyMap(table: TypeTable, object: ObjectType): boolean {
  return object.properties.length === 0 && (object.index === undefined || object.index === table.word("any"));
}

function mergeObjects(table: TypeTable, a: ObjectType, b: ObjectType): ObjectType {
  const properties = new Map(a.properties.map((property) => [property.name, property]));
  for (const property of b.properties) {
    const other = properties.get(property.name);
    properties.set(property.name, other === undefined ? property : mergeProperties(table, other, property));
  }
  const index =
    a.index === undefined
      ? b.index
      : b.index === undefined
        ? a.index
        : intersectTypes(table, [a.index, b.index]);
  return objectType(table, [...properties.values()], index);
}

function mergeProperties(table: TypeTable, a: TypeProperty, b: TypeProperty): TypeProperty {
  const optional = a.optional && b.optional;
  if (a.type === b.type) return { ...a, optional };
  const [inA, inB] = [bare(table, a.type), bare(table, b.type)];
  const comments = [a.type, b.type].flatMap((id) => commentsOf(table, id));
  const type = inA === inB ? inA : intersectTypes(table, [inA, inB]);
  return {
    name: a.name,
    optional,
    type: comments.length === 0 ? type : commentType(table, joinComments(comments), type),
  };
}

function commentsOf(table: TypeTable, id: TypeId): TypeComment[] {
  const comments: TypeComment[] = [];
  for (let node = table.node(id); node.kind === "comment"; node = table.node(node.type))
    comments.push(node.comment);
  return comments;
}

/** `string & ("a" | 1)` is `"a"`; `number & int` is `int`. Only literals and words are looked at. */
function narrow(table: TypeTable, members: readonly TypeId[]): TypeId[] {
  const words = members.filter((id) => table.node(id).kind === "word");
  const others = members.filter((id) => table.node(id).kind !== "word");
  const kept = words.filter((id) => !(id === table.word("number") && words.includes(table.word("int"))));
  const [word] = kept;
  if (kept.length !== 1 || word === undefined) return [...kept, ...others];
  const fitting = others.map((id) => fit(table, word, table.node(id)));
  if (others.length === 0 || fitting.some((id) => id === undefined)) return [word, ...others];
  return fitting.filter((id) => id !== undefined);
}

function fit(table: TypeTable, word: TypeId, node: TypeNode): TypeId | undefined {
  if (node.kind === "literal") return isLiteralOf(table, word, node.value) ? table.add(node) : undefined;
  if (node.kind !== "union") return undefined;
  const kept: TypeId[] = [];
  for (const id of node.members) {
    const member = table.node(id);
    if (id === word) kept.push(id);
    else if (member.kind === "literal" && isLiteralOf(table, word, member.value)) kept.push(id);
    else if (member.kind !== "literal" && member.kind !== "word") return undefined;
  }
  return kept.length === 0 ? undefined : uniteTypes(table, kept);
}

function isLiteralOf(table: TypeTable, word: TypeId, value: string | number | boolean): boolean {
  const node = table.node(word);
  if (node.kind !== "word") return false;
  return node.word === "int" ? Number.isInteger(value) : node.word === typeof value;
}
