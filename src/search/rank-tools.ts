/**
 * Scores the tools of an index for one query in words. The figures behind each choice are in
 * bench/search/README.md.
 */
import { analyseWords } from "./analyse-words.ts";
import type { SearchIndex } from "./search-index.ts";
import { stopTerms } from "./stop-words.ts";

export interface Ranked {
  /** The tool's number in the index. */
  readonly tool: number;
  readonly score: number;
}

/** Tools that match at all, best first; ties in catalog order. */
export function rankTools(index: SearchIndex, query: string): Ranked[] {
  const scores = new Float32Array(index.tools.length);
  for (const [term, weight] of queryTerms(index, query)) {
    const gain = weight * (index.rarity[term] ?? 0);
    for (let at = index.starts[term] ?? 0; at < (index.starts[term + 1] ?? 0); at++) {
      const tool = index.postingTools[at] ?? 0;
      scores[tool] = (scores[tool] ?? 0) + gain * (index.postingScores[at] ?? 0);
    }
  }
  const ranked: Ranked[] = [];
  for (const [tool, score] of scores.entries()) if (score > 0) ranked.push({ tool, score });
  return ranked.sort((a, b) => b.score - a.score || a.tool - b.tool);
}

/** Term numbers with their weights. Words that only shape the sentence count when there are no others. */
function queryTerms(index: SearchIndex, query: string): Map<number, number> {
  const all = analyseWords(query, 400);
  const telling = all.filter((term) => !stopTerms.has(term));
  const weights = new Map<number, number>();
  for (const term of telling.length === 0 ? all : telling) {
    const number = index.terms.get(term);
    if (number !== undefined) weights.set(number, (weights.get(number) ?? 0) + 1);
  }
  for (const [number, count] of weights) weights.set(number, Math.sqrt(count));
  return weights;
}
