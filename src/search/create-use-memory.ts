/**
 * Learning from use: a tool that was called after a search for given words rises a little when the same
 * principal searches for those words again. Counts only, bounded everywhere, and every rise can name the
 * words it comes from.
 */
import type { Json } from "../spec/value.ts";
import { analyseWords } from "./analyse-words.ts";
import { termSalience } from "./telling-words.ts";

export interface UseMemory {
  /** A tool was called after a search. */
  note(use: { readonly principal: string; readonly query: string; readonly path: string }): void;
  /** Which tools rise for this query, by how much, and by which words of earlier searches. */
  recall(principal: string, query: string): ReadonlyMap<string, Rise>;
  /** All that is known, for keeping; pass it to `createUseMemory` again. */
  state(): Json;
  /** Forgets one principal, or everyone. */
  forget(principal?: string): void;
}

export interface Rise {
  /** A score is multiplied by this: above 1, at most 1.25. */
  readonly factor: number;
  /** Stems. */
  readonly words: readonly string[];
}

const highestRise = 0.25;
/** Calls after which a word's opinion counts half. */
const halfTrusted = 2;
const mostPrincipals = 200;
const mostWords = 500;
const mostPathsPerWord = 8;
const mostCalls = 50;

/** principal → word → path → calls. Maps keep order: what was noted last stands last and is dropped last. */
type Counts = Map<string, Map<string, Map<string, number>>>;

export function createUseMemory(options: { readonly state?: Json } = {}): UseMemory {
  const counts: Counts = readState(options.state);
  return {
    note({ principal, query, path }) {
      const words = touch(counts, principal, mostPrincipals);
      for (const word of tellingWords(query)) {
        const paths = touch(words, word, mostWords);
        const calls = paths.get(path) ?? 0;
        paths.delete(path);
        paths.set(path, Math.min(calls + 1, mostCalls));
        dropOldest(paths, mostPathsPerWord);
      }
    },
    recall: (principal, query) => recall(counts.get(principal), tellingWords(query)),
    state: () => toState(counts),
    forget(principal) {
      if (principal === undefined) counts.clear();
      else counts.delete(principal);
    },
  };
}

function tellingWords(query: string): string[] {
  return [...new Set(analyseWords(query, 60))].filter((word) => termSalience(word) > 0.5);
}

/** The inner map under `key`, made when missing and moved to the young end. */
function touch<Inner>(outer: Map<string, Map<string, Inner>>, key: string, most: number): Map<string, Inner> {
  const inner = outer.get(key) ?? new Map<string, Inner>();
  outer.delete(key);
  outer.set(key, inner);
  dropOldest(outer, most);
  return inner;
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

function recall(
  words: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined,
  query: readonly string[],
): ReadonlyMap<string, Rise> {
  const rises = new Map<string, { opinion: number; words: string[] }>();
  for (const word of query) {
    const paths = words?.get(word);
    if (paths === undefined) continue;
    const all = [...paths.values()].reduce((sum, calls) => sum + calls, 0);
    for (const [path, calls] of paths) {
      const rise = rises.get(path) ?? { opinion: 0, words: [] };
      rise.opinion += (calls / all) * (calls / (calls + halfTrusted));
      rise.words.push(word);
      rises.set(path, rise);
    }
  }
  return new Map(
    [...rises].map(([path, rise]) => [
      path,
      { factor: 1 + highestRise * (rise.opinion / query.length), words: rise.words },
    ]),
  );
}

function toState(counts: Counts): Json {
  return [...counts].map(([principal, words]) => [
    principal,
    [...words].map(([word, paths]) => [word, [...paths].map(([path, calls]) => [path, calls])]),
  ]);
}

/** Whatever is not of the form that `state` answers is left out. */
function readState(state: Json | undefined): Counts {
  const counts: Counts = new Map();
  for (const [principal, words] of pairs(state)) {
    for (const [word, paths] of pairs(words)) {
      for (const [path, calls] of pairs(paths)) {
        if (typeof calls !== "number" || !(calls >= 1)) continue;
        touch(touch(counts, principal, mostPrincipals), word, mostWords).set(
          path,
          Math.min(calls, mostCalls),
        );
      }
    }
  }
  return counts;
}

function pairs(value: Json | undefined): [string, Json][] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry): [string, Json][] => {
    if (!Array.isArray(entry)) return [];
    const [key, inner] = entry;
    return typeof key === "string" && inner !== undefined ? [[key, inner]] : [];
  });
}
