/**
 * From a query to the ordered list of tools that match it, by glob, by exact name or by words, and their
 * counts by source.
 */
import { distance } from "fastest-levenshtein";
import { matchGlob } from "../match-glob.ts";
import type { Rise } from "./create-use-memory.ts";
import type { Scorer } from "./create-scorer.ts";
import { fuseRanks } from "./fuse-ranks.ts";
import type { Query } from "./parse-query.ts";
import { rankTools, type Ranked } from "./rank-tools.ts";
import { foldName, type SearchIndex } from "./search-index.ts";
import { withoutShapingWords } from "./telling-words.ts";
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

export interface Hints {
  /** Numbers of the tools whose meaning is nearest, nearest first. */
  readonly nearest?: readonly number[];
  /** Tools that rise for what was called before, by path. */
  readonly rises?: ReadonlyMap<string, Rise>;
}

/** How much an exact path or name outweighs the best of all other matches. */
const exactPath = 3;
const exactName = 2;
const deprecatedFactor = 0.8;
/** As many of the ranked tools are fused with the nearest by meaning. */
const fusedTools = 100;
/** Letters that a misspelt path may differ in, and how many tools it may mean. */
const maxSlips = 2;
const maxMeant = 3;

export function findTools(scorer: Scorer, query: Query, hints: Hints = {}): Found {
  const { index } = scorer;
  const ranked = query.kind === "glob" ? globTools(index, query.text) : wordTools(scorer, query.text, hints);
  const tools: ScoredTool[] = [];
  const counts = new Map<string, number>();
  for (const { tool: number, score } of ranked) {
    const tool = index.tools[number];
    if (tool === undefined || (query.source !== undefined && tool.source !== query.source)) continue;
    const raisedBy = hints.rises?.get(tool.path)?.words;
    tools.push({ tool, score, ...(raisedBy === undefined ? {} : { raisedBy }) });
    counts.set(tool.source, (counts.get(tool.source) ?? 0) + 1);
  }
  return { tools, sources: sortCounts(counts) };
}

/** Most first, then by name. */
export function sortCounts(counts: ReadonlyMap<string, number>): SourceCount[] {
  return [...counts]
    .map(([name, matches]) => ({ name, matches }))
    .sort((a, b) => b.matches - a.matches || (a.name < b.name ? -1 : 1));
}

function globTools(index: SearchIndex, pattern: string): Ranked[] {
  const wanted = pattern.toLowerCase();
  const ranked: Ranked[] = [];
  for (const [tool, { path }] of index.tools.entries()) {
    if (matchGlob(wanted, path.toLowerCase())) ranked.push({ tool, score: 1 });
  }
  return ranked;
}

function wordTools(scorer: Scorer, text: string, hints: Hints): readonly Ranked[] {
  const { index } = scorer;
  const exact = [...new Set([...index.named(text), ...index.named(withoutShapingWords(text))])];
  if (exact.length === 0 && /^[\w$]+(?:\.[\w$]+)+$/.test(text)) {
    const below = globTools(index, `${text}.*`);
    if (below.length > 0) return below;
    exact.push(...misspelt(index, text));
  }
  const ranked = weigh(index, fuse(rankTools(scorer, text), hints.nearest ?? []), hints.rises);
  return exact.length === 0 ? ranked : putFirst(index, ranked, { exact, text });
}

/** The tools whose path, or path below their source, is nearest: a slip or two away. */
function misspelt(index: SearchIndex, text: string): number[] {
  const wanted = foldName(text);
  let least = maxSlips;
  let found: number[] = [];
  for (const [number, { path, segments }] of index.tools.entries()) {
    for (const name of [foldName(path), foldName(segments.join("."))]) {
      if (Math.abs(name.length - wanted.length) > least) continue;
      const slips = distance(wanted, name);
      if (slips > least || found.at(-1) === number) continue;
      found = slips < least ? [number] : [...found, number];
      least = slips;
    }
  }
  return found.slice(0, maxMeant);
}

function fuse(ranked: readonly Ranked[], nearest: readonly number[]): readonly Ranked[] {
  if (nearest.length === 0) return ranked;
  const lexical = ranked.slice(0, fusedTools).map((match) => match.tool);
  const fused = [...fuseRanks([lexical, nearest])].map(([tool, score]) => ({ tool, score }));
  return fused.sort(byScore);
}

/** What was used before rises, what is deprecated sinks. */
function weigh(
  index: SearchIndex,
  ranked: readonly Ranked[],
  rises: ReadonlyMap<string, Rise> | undefined,
): readonly Ranked[] {
  const factorOf = (number: number): number => {
    const tool = index.tools[number];
    const rise = rises?.get(tool?.path ?? "")?.factor ?? 1;
    return tool?.deprecated === true ? rise * deprecatedFactor : rise;
  };
  if (ranked.every(({ tool }) => factorOf(tool) === 1)) return ranked;
  return ranked.map(({ tool, score }) => ({ tool, score: score * factorOf(tool) })).sort(byScore);
}

function putFirst(
  index: SearchIndex,
  ranked: readonly Ranked[],
  { exact, text }: { readonly exact: readonly number[]; readonly text: string },
): Ranked[] {
  const best = ranked[0]?.score ?? 1;
  const scores = new Map(ranked.map((match) => [match.tool, match.score]));
  for (const tool of exact) {
    const isPath = foldName(index.tools[tool]?.path ?? "") === foldName(text);
    scores.set(tool, best * (isPath ? exactPath : exactName) + (scores.get(tool) ?? 0));
  }
  return [...scores].map(([tool, score]) => ({ tool, score })).sort(byScore);
}

function byScore(a: Ranked, b: Ranked): number {
  return b.score - a.score || a.tool - b.tool;
}
