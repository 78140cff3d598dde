/**
 * Scores all tools of one index for one list of terms: BM25F over the fields, raised by how much of a tool's
 * name the terms cover. Works in buffers of its own, so that a query allocates little.
 */
import { expandTerms, type Alternative, type QueryTerm } from "./expand-terms.ts";
import type { SearchIndex } from "./search-index.ts";

export interface Scorer {
  readonly index: SearchIndex;
  expand(text: string): QueryTerm[];
  score(terms: readonly QueryTerm[]): Scores;
  /** Forgets what was remembered for one query. */
  reset(): void;
}

/** Sparse: only tools that match are listed, in no order. */
export interface Scores {
  readonly tools: Int32Array;
  /** In the order of `tools`. */
  readonly values: Float64Array;
  readonly best: number;
}

/** A name that is covered whole raises its tool's score by this part. */
const nameCoverage = 0.8;
/** What a title that is covered counts beside a name: many documents name operations in words only. */
const titleShare = 0.7;
/** Below this part of the best score, a tool is not a match worth naming. */
export const faintest = 0.2;
const mostKnown = 20_000;

export function createScorer(index: SearchIndex): Scorer {
  const known = new Map<string, readonly Alternative[]>();
  const words = new Map<string, Scores>();
  const sums = new Float64Array(index.tools.length);
  const covered = new Float32Array(index.vocabulary.length);

  function wordScores({ key, alternatives }: QueryTerm): Scores {
    const remembered = words.get(key);
    if (remembered !== undefined) return remembered;
    const matched: number[] = [];
    // A word counts once, by the best of its alternatives.
    for (const { term, gain } of alternatives) {
      for (let at = index.starts[term] ?? 0; at < (index.starts[term + 1] ?? 0); at++) {
        const tool = index.postingTools[at] ?? 0;
        const value = gain * (index.postingScores[at] ?? 0);
        const before = sums[tool] ?? 0;
        if (before === 0) matched.push(tool);
        if (value > before) sums[tool] = value;
      }
    }
    const scores = takeSums(matched);
    words.set(key, scores);
    return scores;
  }

  /** Reads the buffer out and leaves it clean. */
  function takeSums(matched: readonly number[]): Scores {
    const tools = Int32Array.from(matched);
    const values = new Float64Array(tools.length);
    let best = 0;
    for (let at = 0; at < tools.length; at++) {
      const tool = tools[at] ?? 0;
      const value = sums[tool] ?? 0;
      sums[tool] = 0;
      values[at] = value;
      if (value > best) best = value;
    }
    return { tools, values, best };
  }

  /** A tool whose whole name stands in the query is meant more likely than one that shares a word with it. */
  function raiseCoveredNames({ tools, values, best }: Scores, terms: readonly QueryTerm[]): Scores {
    const alternatives = terms.flatMap((term) => term.alternatives);
    for (const { term, weight } of alternatives) covered[term] = Math.max(covered[term] ?? 0, weight);
    const floor = (best * faintest) / (1 + nameCoverage);
    let raisedBest = 0;
    for (let at = 0; at < tools.length; at++) {
      const value = values[at] ?? 0;
      if (value <= floor) continue;
      const raised = value * (1 + nameCoverage * coverage(tools[at] ?? 0));
      values[at] = raised;
      if (raised > raisedBest) raisedBest = raised;
    }
    for (const { term } of alternatives) covered[term] = 0;
    return { tools, values, best: raisedBest };
  }

  function coverage(tool: number): number {
    const { nameStarts, nameTerms, titleStarts, titleTerms } = index;
    const title = coveredPart(tool, titleStarts, titleTerms);
    return Math.max(coveredPart(tool, nameStarts, nameTerms), titleShare * title);
  }

  /** How much of a name stands in the query, rare words counting more: 0 to 1. */
  function coveredPart(tool: number, starts: Uint32Array, terms: Uint32Array): number {
    let part = 0;
    let whole = 0;
    for (let at = starts[tool] ?? 0; at < (starts[tool + 1] ?? 0); at++) {
      const term = terms[at] ?? 0;
      const rarity = index.rarity[term] ?? 0;
      whole += rarity;
      part += rarity * (covered[term] ?? 0);
    }
    return whole === 0 ? 0 : part / whole;
  }

  return {
    index,
    expand: (text) => expandTerms(index, text, known),
    score(terms) {
      const scored = terms.map((term) => ({ weight: term.weight, scores: wordScores(term) }));
      const matched: number[] = [];
      for (const { weight, scores } of scored) {
        for (let at = 0; at < scores.tools.length; at++) {
          const tool = scores.tools[at] ?? 0;
          const before = sums[tool] ?? 0;
          if (before === 0) matched.push(tool);
          sums[tool] = before + weight * (scores.values[at] ?? 0);
        }
      }
      return raiseCoveredNames(takeSums(matched), terms);
    },
    reset() {
      words.clear();
      if (known.size > mostKnown) known.clear();
    },
  };
}
