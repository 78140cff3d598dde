/**
 * Ranks the tools of an index for one query in words: the whole query's scores, fused with those of its
 * clauses when it is a longer task. The figures behind each choice are in bench/search/README.md.
 */
import { faintest, type Scorer, type Scores } from "./create-scorer.ts";
import type { QueryTerm } from "./expand-terms.ts";
import { queryToClauses } from "./query-to-clauses.ts";

export interface Ranked {
  /** The tool's number in the index. */
  readonly tool: number;
  readonly score: number;
}

/** What the clauses of a task count beside the whole of it. */
const clauseShare = 1;

/** Tools that match clearly, best first; ties in catalog order. */
export function rankTools(scorer: Scorer, query: string): Ranked[] {
  const { whole, parts } = queryToClauses(query);
  const scores = scorer.score(scorer.expand(whole));
  const clauses = parts.map((part) => scorer.expand(part)).filter((terms) => terms.length > 0);
  const { tools, values, best } = clauses.length > 1 ? fuseClauses(scorer, scores, clauses) : scores;
  scorer.reset();
  const ranked: Ranked[] = [];
  for (let at = 0; at < tools.length; at++) {
    const score = values[at] ?? 0;
    if (score >= best * faintest) ranked.push({ tool: tools[at] ?? 0, score });
  }
  return ranked.sort((a, b) => b.score - a.score || a.tool - b.tool);
}

/**
 * Adds, for every tool, its standing in the clause that it answers best. A clause counts by how well its
 * best tool answers it, and a little by how much it says.
 */
function fuseClauses(scorer: Scorer, whole: Scores, clauses: readonly (readonly QueryTerm[])[]): Scores {
  const masses = clauses.map((terms) => terms.reduce((sum, term) => sum + term.weight * bestGain(term), 0));
  const heaviest = Math.max(...masses);
  const standing = new Float64Array(scorer.index.tools.length);
  for (const [number, terms] of clauses.entries()) {
    const { tools, values, best } = scorer.score(terms);
    const mass = masses[number] ?? 0;
    if (best === 0 || mass === 0) continue;
    const confidence = Math.sqrt(best / mass) * (mass / heaviest) ** 0.25;
    for (let at = 0; at < tools.length; at++) {
      const value = ((values[at] ?? 0) / best) * confidence;
      const tool = tools[at] ?? 0;
      if (value > (standing[tool] ?? 0)) standing[tool] = value;
    }
  }
  const scale = whole.best * clauseShare;
  let best = 0;
  const values = whole.values.map((score, at) => {
    const fused = score + scale * (standing[whole.tools[at] ?? 0] ?? 0);
    if (fused > best) best = fused;
    return fused;
  });
  return { tools: whole.tools, values, best };
}

function bestGain({ alternatives }: QueryTerm): number {
  return alternatives.reduce((best, alternative) => Math.max(best, alternative.gain), 0);
}
