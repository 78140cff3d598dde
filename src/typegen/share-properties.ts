/**
 * Finds properties that stand together in many object types (the same name, type and description) and moves
 * them into one type on which those are based. Only properties with exactly the same users are grouped, so
 * it takes one pass, however many there are.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { SettledTypes } from "./settle-types.ts";
import {
  createTypeTable,
  nameRanks,
  type ObjectType,
  propertyKey,
  type TypeId,
  type TypeProperty,
  type TypeTable,
  withParts,
} from "./type-table.ts";

export function shareProperties(settled: SettledTypes): SettledTypes {
  const from = settled.table;
  const groups = findGroups(from);
  if (groups.size === 0) return settled;
  const table = createTypeTable();
  const copies: TypeId[] = [];
  const copied = (id: TypeId): TypeId => copies[id] ?? table.word("any");
  for (let id = 0; id < from.size; id += 1) {
    const node = from.node(id);
    const bases = groups.get(id);
    const shared = node.kind === "object" && bases !== undefined ? basedOn(node, bases, table, copied) : node;
    copies.push(table.add(shared === node ? withParts(node, copied) : shared));
    const suggestion = from.suggestion(id);
    if (suggestion !== undefined) table.suggest(copied(id), suggestion.name, suggestion.rank);
  }
  return {
    table,
    roots: settled.roots.map(copied),
    recursive: new Map([...settled.recursive].map(([slot, body]) => [slot, copied(body)])),
    defined: new Set([...settled.defined].map(copied)),
  };
}

interface PropertyGroup {
  readonly properties: readonly TypeProperty[];
  readonly hasIndex: boolean;
}

function basedOn(
  node: ObjectType,
  groups: readonly PropertyGroup[],
  table: TypeTable,
  copied: (id: TypeId) => TypeId,
): ObjectType {
  const moved = new Set<string>();
  const bases = groups.map((group) => {
    const properties = group.properties.map((property) => ({ ...property, type: copied(property.type) }));
    for (const { name } of properties) moved.add(name);
    const base = table.add({
      kind: "object",
      bases: [],
      properties,
      index: group.hasIndex ? table.word("any") : undefined,
    });
    table.suggest(base, properties[0] === undefined ? "open" : `with_${properties[0].name}`, nameRanks.item);
    return base;
  });
  const own = node.properties
    .filter(({ name }) => !moved.has(name))
    .map((property) => ({ ...property, type: copied(property.type) }));
  const index =
    groups.some((group) => group.hasIndex) || node.index === undefined ? undefined : copied(node.index);
  return { kind: "object", bases, properties: own, index };
}

interface Item {
  readonly property: TypeProperty | "index";
  readonly users: TypeId[];
}

/** For each object type the groups it can be based on. */
function findGroups(table: TypeTable): ReadonlyMap<TypeId, readonly PropertyGroup[]> {
  const any = table.word("any");
  const items = new Map<string, Item>();
  for (let id = 0; id < table.size; id += 1) {
    const node = table.node(id);
    if (node.kind !== "object" || node.bases.length > 0 || (node.index !== undefined && node.index !== any))
      continue;
    const add = (key: string, property: TypeProperty | "index"): void => {
      const known = items.get(key);
      if (known === undefined) items.set(key, { property, users: [id] });
      else known.users.push(id);
    };
    for (const property of node.properties) add(propertyKey(property), property);
    if (node.index !== undefined && node.properties.length > 0) add("index", "index");
  }
  const together = new Map<string, Item[]>();
  for (const item of items.values()) {
    if (item.users.length < 2) continue;
    const key = item.users.join();
    const known = together.get(key);
    if (known === undefined) together.set(key, [item]);
    else known.push(item);
  }
  const groups = new Map<TypeId, PropertyGroup[]>();
  for (const members of together.values()) {
    const users = members[0]?.users ?? [];
    if (!isWorthwhile(table, members, users.length)) continue;
    const group = {
      properties: members.flatMap(({ property }) => (property === "index" ? [] : [property])),
      hasIndex: members.some(({ property }) => property === "index"),
    };
    for (const user of users) {
      const known = groups.get(user);
      if (known === undefined) groups.set(user, [group]);
      else known.push(group);
    }
  }
  return groups;
}

/** Two tokens for each user and a declaration must be less than what is no longer repeated. */
function isWorthwhile(table: TypeTable, members: readonly Item[], users: number): boolean {
  let repeated = 0;
  for (const { property } of members) {
    // A property whose type is long has that type named anyway.
    repeated +=
      property === "index"
        ? 6
        : estimateTokens(property.name) + 4 + (table.node(property.type).kind === "comment" ? 1 : 0);
  }
  return (users - 1) * repeated > users * 3 + 8;
}
