/**
 * From a query to the ordered list of tools that match it, by glob, by exact name or by words, and their
 * counts by source.
 */
import type { Scorer } from "./create-scorer.ts";
import { matchesGlob } from "./matches-glob.ts";
import type { Query } from "./parse-query.ts";
import { rankTools, type Ranked } from "./rank-tools.ts";
import { foldName, type SearchIndex } from "./search-index.ts";
import type { ScoredTool } from "./spend-budget.ts";

export interface Found {
  /** Best first. */
  readonly tools: readonly ScoredTool[];
  /** Most matches first. */
  readonly sources: readonly SourceCount[];
}

export interface SourceCount {
  readonly name: string;
  readonly matches: number;
}

/** How much an exact name outweighs the best of all other matches. */
const exactPath = 3;
const exactName = 2;

export function findTools(scorer: Scorer, query: Query): Found {
  const { index } = scorer;
  const ranked = query.kind === "glob" ? globTools(index, query.text) : wordTools(scorer, query.text);
  const tools: ScoredTool[] = [];
  const counts = new Map<string, number>();
  const source = query.source === undefined ? undefined : foldName(query.source);
  for (const { tool: number, score } of ranked) {
    const tool = index.tools[number];
    if (tool === undefined || (source !== undefined && foldName(tool.source) !== source)) continue;
    tools.push({ tool, score });
    counts.set(tool.source, (counts.get(tool.source) ?? 0) + 1);
  }
  return { tools, sources: sortCounts(counts) };
}

export function sortCounts(counts: ReadonlyMap<string, number>): SourceCount[] {
  return [...counts]
    .map(([name, matches]) => ({ name, matches }))
    .sort((a, b) => b.matches - a.matches || (a.name < b.name ? -1 : 1));
}

function globTools(index: SearchIndex, pattern: string): Ranked[] {
  const ranked: Ranked[] = [];
  for (const [tool, { path }] of index.tools.entries()) {
    if (matchesGlob(pattern, path)) ranked.push({ tool, score: 1 });
  }
  return ranked;
}

function wordTools(scorer: Scorer, text: string): Ranked[] {
  const { index } = scorer;
  const ranked = rankTools(scorer, text);
  const exact = index.named(text);
  if (exact.length === 0) {
    const below = /^[\w$]+(?:\.[\w$]+)+$/.test(text) ? globTools(index, `${text}.*`) : [];
    return below.length > 0 ? below : ranked;
  }
  const best = Math.max(1, ranked[0]?.score ?? 0);
  const path = foldName(text);
  const scores = new Map(ranked.map((match) => [match.tool, match.score]));
  for (const tool of exact) {
    const factor = foldName(index.tools[tool]?.path ?? "") === path ? exactPath : exactName;
    scores.set(tool, best * factor + (scores.get(tool) ?? 0) / best);
  }
  return [...scores]
    .map(([tool, score]) => ({ tool, score }))
    .sort((a, b) => b.score - a.score || a.tool - b.tool);
}
