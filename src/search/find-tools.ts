/**
 * From a query to the ordered list of tools that match it, by glob or by words, and their counts by source.
 */
import { matchesGlob } from "./matches-glob.ts";
import type { Query } from "./parse-query.ts";
import { rankTools, type Ranked } from "./rank-tools.ts";
import type { SearchIndex } from "./search-index.ts";
import type { ScoredTool } from "./spend-budget.ts";

export interface Found {
  readonly tools: readonly ScoredTool[];
  readonly total: number;
  /** Most matches first. */
  readonly sources: readonly { readonly name: string; readonly matches: number }[];
}

/** A match that scores below this part of the best one is not counted as one. */
const faintest = 0.2;

export function findTools(index: SearchIndex, query: Query): Found {
  const ranked =
    query.kind === "glob" ? globTools(index, query.text) : clearMatches(rankTools(index, query.text));
  const scored: ScoredTool[] = [];
  const counts = new Map<string, number>();
  for (const { tool: number, score } of ranked) {
    const tool = index.tools[number];
    if (tool === undefined || (query.source !== undefined && tool.source !== query.source)) continue;
    scored.push({ tool, score });
    counts.set(tool.source, (counts.get(tool.source) ?? 0) + 1);
  }
  const sources = [...counts]
    .map(([name, matches]) => ({ name, matches }))
    .sort((a, b) => b.matches - a.matches || (a.name < b.name ? -1 : 1));
  return { tools: scored, total: scored.length, sources };
}

function globTools(index: SearchIndex, pattern: string): Ranked[] {
  const ranked: Ranked[] = [];
  for (const [tool, { path }] of index.tools.entries())
    if (matchesGlob(pattern, path)) ranked.push({ tool, score: 1 });
  return ranked;
}

function clearMatches(ranked: readonly Ranked[]): readonly Ranked[] {
  const best = ranked[0]?.score ?? 0;
  const end = ranked.findIndex((match) => match.score < best * faintest);
  return end < 0 ? ranked : ranked.slice(0, end);
}
