/**
 * The inverted index over a whole catalog, merged from the terms of its sources. Holds numbers only; how
 * they make a score is said in `rank-tools.ts`.
 */
import type { Tool } from "../spec/tool.ts";
import { invertTerms, type Postings } from "./invert-terms.ts";
import type { SourceTerms } from "./source-terms.ts";

export interface SearchIndex extends Postings {
  readonly tools: readonly Tool[];
  /** Term → its number. */
  readonly terms: ReadonlyMap<string, number>;
  readonly vocabulary: readonly string[];
  /** By term: how rare it is. */
  readonly rarity: Float32Array;
  /** Numbers of the terms that begin so, in alphabetical order. */
  beginningWith(prefix: string): number[];
  /** Tools whose path, name or upstream name is this, case and separators apart. */
  named(text: string): readonly number[];
}

export interface IndexPart {
  readonly tools: readonly Tool[];
  readonly terms: SourceTerms;
}

export function partsToIndex(parts: readonly IndexPart[]): SearchIndex {
  const terms = new Map<string, number>();
  const numbers = parts.map((part) => Uint32Array.from(part.terms.words, (word) => numberOf(word, terms)));
  const tools = parts.flatMap((part) => part.tools);
  const vocabulary = [...terms.keys()];
  const postings = invertTerms(
    parts.map((part, at) => ({ terms: part.terms, numbers: numbers[at] ?? new Uint32Array() })),
    vocabulary.length,
  );
  let sorted: readonly string[] | undefined;
  let names: ReadonlyMap<string, readonly number[]> | undefined;
  return {
    ...postings,
    tools,
    terms,
    vocabulary,
    rarity: toRarity(postings.starts, tools.length),
    beginningWith(prefix) {
      sorted ??= vocabulary.toSorted();
      return sliceBeginning(sorted, prefix).flatMap((word) => terms.get(word) ?? []);
    },
    named(text) {
      names ??= toNames(tools);
      return names.get(foldName(text)) ?? [];
    },
  };
}

function numberOf(word: string, terms: Map<string, number>): number {
  const known = terms.get(word);
  if (known !== undefined) return known;
  terms.set(word, terms.size);
  return terms.size - 1;
}

function toRarity(starts: Uint32Array, tools: number): Float32Array {
  return Float32Array.from({ length: Math.max(0, starts.length - 1) }, (_, term) => {
    const frequency = (starts[term + 1] ?? 0) - (starts[term] ?? 0);
    return Math.log(1 + (tools - frequency + 0.5) / (frequency + 0.5));
  });
}

function sliceBeginning(sorted: readonly string[], prefix: string): readonly string[] {
  const start = lowerBound(sorted, prefix);
  let end = start;
  while (sorted[end]?.startsWith(prefix) === true) end++;
  return sorted.slice(start, end);
}

function lowerBound(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

function toNames(tools: readonly Tool[]): ReadonlyMap<string, readonly number[]> {
  const names = new Map<string, number[]>();
  for (const [number, tool] of tools.entries()) {
    const own = [tool.path, tool.segments.join("."), tool.segments.at(-1) ?? "", tool.upstreamName];
    for (const name of new Set(own.map(foldName))) {
      const known = names.get(name);
      if (known === undefined) names.set(name, [number]);
      else known.push(number);
    }
  }
  return names;
}

/** `createIssue`, `create_issue` and `Create issue` are one name. */
export function foldName(text: string): string {
  return text
    .slice(0, 500)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}
