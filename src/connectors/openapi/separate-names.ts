/**
 * Makes names unique: operations that prefer the same name all take their long one, and only what still
 * collides gets a suffix. No name may also be the group of another, since a tool cannot hold tools.
 */
import type { NameChoice, NamedOperation } from "./name-operations.ts";

export interface NameWish extends NamedOperation {
  readonly choice: NameChoice;
}

export function separateNames(wishes: readonly NameWish[]): string[][] {
  const names = wishes.map(({ choice }) => [...choice.short]);
  for (const indices of colliding(names)) {
    for (const index of indices) names[index] = [...(wishes[index]?.choice.long ?? [])];
  }
  for (const indices of colliding(names)) {
    const byPlace = indices.toSorted((a, b) => comparePlaces(wishes[a], wishes[b]));
    for (const index of byPlace.slice(1)) names[index] = withMethod(names[index] ?? [], wishes[index]);
  }
  // A name that has moved out of the way may stand in another's.
  for (let round = 0; round < maxRounds; round += 1) {
    const moved = leaveGroups(names, wishes);
    if (!number(names, wishes) && !moved) break;
  }
  return names;
}

const maxRounds = 8;

/** Positions of names that are equal but for case, where there is more than one. */
function colliding(names: readonly (readonly string[])[]): number[][] {
  const byKey = new Map<string, number[]>();
  names.forEach((name, index) => {
    const known = byKey.get(keyOf(name));
    if (known === undefined) byKey.set(keyOf(name), [index]);
    else known.push(index);
  });
  return [...byKey.values()].filter((indices) => indices.length > 1);
}

function leaveGroups(names: string[][], wishes: readonly NameWish[]): boolean {
  const groups = new Set<string>();
  for (const name of names) {
    for (let length = 1; length < name.length; length += 1) groups.add(keyOf(name.slice(0, length)));
  }
  let moved = false;
  names.forEach((name, index) => {
    if (!groups.has(keyOf(name))) return;
    names[index] = [...name, verbOf(wishes[index])];
    moved = true;
  });
  return moved;
}

/** The last resort, in an order that does not depend on the document's. */
function number(names: string[][], wishes: readonly NameWish[]): boolean {
  const clashes = colliding(names);
  const taken = new Set(names.map(keyOf));
  for (const indices of clashes) {
    let count = 2;
    for (const index of indices.toSorted((a, b) => comparePlaces(wishes[a], wishes[b])).slice(1)) {
      const name = names[index] ?? [];
      const numbered = (): string[] => [...name.slice(0, -1), `${name.at(-1) ?? ""}${count}`];
      while (taken.has(keyOf(numbered()))) count += 1;
      names[index] = numbered();
      taken.add(keyOf(numbered()));
    }
  }
  return clashes.length > 0;
}

function withMethod(name: readonly string[], wish: NameWish | undefined): string[] {
  const last = name.at(-1) ?? "";
  const method = wish?.method.toLowerCase() ?? "";
  return [...name.slice(0, -1), `${last}${method.charAt(0).toUpperCase()}${method.slice(1)}`];
}

function verbOf(wish: NameWish | undefined): string {
  const verbs: { readonly [method: string]: string } = {
    GET: "get",
    POST: "create",
    PUT: "update",
    PATCH: "update",
  };
  const method = wish?.method ?? "";
  return verbs[method] ?? method.toLowerCase();
}

function comparePlaces(a: NameWish | undefined, b: NameWish | undefined): number {
  const [left, right] = [`${a?.path} ${a?.method}`, `${b?.path} ${b?.method}`];
  return left.length - right.length || (left < right ? -1 : 1);
}

function keyOf(name: readonly string[]): string {
  return name.join(".").toLowerCase();
}
