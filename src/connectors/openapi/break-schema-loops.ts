/**
 * Cuts references that make a schema refer to itself before it has looked at any part of the value
 * (`A: allOf [A]`), which no validator could ever finish. Recursion through properties or items stays.
 */
import { sharedName } from "../../schema/resolve-ref.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { WrittenSchema } from "./schema-keywords.ts";

/** References on references deeper than this are cut as well; a chain of ten is rare. */
const maxChain = 64;

interface Edge {
  readonly holder: WrittenSchema;
  readonly to: string;
}

interface Visit {
  readonly name: string;
  readonly edges: readonly Edge[];
  next: number;
  height: number;
}

/** Changes the definitions in place; answers with the names of those in which something was cut. */
export function breakSchemaLoops(definitions: ReadonlyMap<string, WrittenSchema>): Set<string> {
  const cut = new Set<string>();
  /** Longest chain below each definition that is finished. */
  const heights = new Map<string, number>();
  for (const name of definitions.keys()) {
    if (!heights.has(name)) visitFrom(name, { definitions, heights, cut });
  }
  return cut;
}

interface Progress {
  readonly definitions: ReadonlyMap<string, WrittenSchema>;
  readonly heights: Map<string, number>;
  readonly cut: Set<string>;
}

/** Depth first with a stack of its own, since documents can chain more references than calls may nest. */
function visitFrom(start: string, { definitions, heights, cut }: Progress): void {
  const open = new Set<string>();
  const stack: Visit[] = [];
  const enter = (name: string): void => {
    const definition = definitions.get(name);
    open.add(name);
    stack.push({ name, edges: definition === undefined ? [] : edgesOf(definition), next: 0, height: 0 });
  };
  enter(start);
  for (let visit = stack.at(-1); visit !== undefined; visit = stack.at(-1)) {
    const edge = visit.edges[visit.next];
    if (edge === undefined) {
      heights.set(visit.name, visit.height);
      open.delete(visit.name);
      stack.pop();
      continue;
    }
    const below = heights.get(edge.to);
    if (below === undefined && !open.has(edge.to)) {
      enter(edge.to);
      continue;
    }
    visit.next += 1;
    if (below === undefined || below + 1 > maxChain) {
      delete edge.holder["$ref"];
      cut.add(visit.name);
    } else {
      visit.height = Math.max(visit.height, below + 1);
    }
  }
}

/** References that are looked at for the same value as the schema itself. */
function edgesOf(schema: WrittenSchema): Edge[] {
  const edges: Edge[] = [];
  const walk = (at: unknown): void => {
    if (!isWritten(at)) return;
    const ref = at["$ref"];
    const to = typeof ref === "string" ? sharedName(ref) : undefined;
    if (to !== undefined) edges.push({ holder: at, to });
    for (const keyword of ["allOf", "anyOf", "oneOf"]) {
      const branches = at[keyword];
      if (Array.isArray(branches)) branches.forEach(walk);
    }
    for (const keyword of ["not", "if", "then", "else"]) walk(at[keyword]);
  };
  walk(schema);
  return edges;
}

function isWritten(value: unknown): value is WrittenSchema {
  return isRecord(value);
}
