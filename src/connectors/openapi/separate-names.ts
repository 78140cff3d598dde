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
  leaveGroups(names, wishes);
  return number(names, wishes);
}

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

function leaveGroups(names: string[][], wishes: readonly NameWish[]): void {
  const groups = new Set<string>();
  for (const name of names) {
    for (let length = 1; length < name.length; length += 1) groups.add(keyOf(name.slice(0, length)));
  }
  names.forEach((name, index) => {
    if (groups.has(keyOf(name))) names[index] = [...name, verbOf(wishes[index])];
  });
}

/** The last resort, in an order that does not depend on the document's. */
function number(names: readonly string[][], wishes: readonly NameWish[]): string[][] {
  const result = names.map((name) => [...name]);
  for (const indices of colliding(names)) {
    const byPlace = indices.toSorted((a, b) => comparePlaces(wishes[a], wishes[b]));
    byPlace.slice(1).forEach((index, count) => {
      const name = result[index] ?? [];
      result[index] = [...name.slice(0, -1), `${name.at(-1) ?? ""}${count + 2}`];
    });
  }
  return result;
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
