/**
 * Programs as data, for a simulated guest: calls and timers in nested `all`, `race`, `any`, `allSettled`,
 * sequences and catches.
 */
import type { createChoice } from "../generate-program.ts";

type Choice = ReturnType<typeof createChoice>;

export type Tree =
  | { readonly kind: "read" | "write" | "asked" | "timer"; readonly id: number }
  | { readonly kind: "all" | "race" | "any" | "settled" | "sequence"; readonly of: readonly Tree[] }
  | { readonly kind: "catch"; readonly of: Tree };

/** Every leaf has an id of its own. */
export function generateTree(choose: Choice): Tree {
  let ids = 0;
  const leaf = (): Tree => {
    ids += 1;
    const kinds = ["read", "write", "write", "read", "asked", "timer"] as const;
    return { kind: kinds[choose(kinds.length)] ?? "read", id: ids };
  };
  const tree = (depth: number): Tree => {
    if (depth === 0 || choose(3) === 0) return leaf();
    const several = (): Tree[] => Array.from({ length: 1 + choose(3) }, () => tree(depth - 1));
    const kinds = ["all", "race", "any", "settled", "sequence", "sequence"] as const;
    const kind = kinds[choose(kinds.length + 1)];
    return kind === undefined ? { kind: "catch", of: tree(depth - 1) } : { kind, of: several() };
  };
  const last = { kind: "catch", of: { kind: "write", id: 999 } } as const;
  return { kind: "sequence", of: [tree(3), { kind: "catch", of: tree(2) }, last] };
}

/** Runs the tree the way JavaScript would; `call` answers a leaf. */
export async function evaluateTree(
  tree: Tree,
  call: (leaf: Extract<Tree, { readonly id: number }>) => Promise<unknown>,
): Promise<unknown> {
  switch (tree.kind) {
    case "all":
      return Promise.all(tree.of.map((each) => evaluateTree(each, call)));
    case "race":
      return Promise.race(tree.of.map((each) => evaluateTree(each, call)));
    case "any":
      return Promise.any(tree.of.map((each) => evaluateTree(each, call))).catch(() => "none");
    case "settled":
      return Promise.allSettled(tree.of.map((each) => evaluateTree(each, call))).then((all) =>
        all.map((each) => each.status),
      );
    case "sequence": {
      const values: unknown[] = [];
      for (const each of tree.of) values.push(await evaluateTree(each, call));
      return values;
    }
    case "catch":
      return evaluateTree(tree.of, call).catch((error: { code?: string }) => `caught ${error.code}`);
    default:
      return call(tree);
  }
}
