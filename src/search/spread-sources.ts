/**
 * Keeps one very large source from filling an answer: half of the places are open to others that match well enough.
 * A source of two hundred tools has a dozen that share a word with any task, and the one that is meant may be the
 * only one of its own small source.
 */
import type { ScoredTool } from "./spend-budget.ts";

/** What scores less than this part of the best is no rival, unless it comes near the one that would make room for it. */
const rival = 0.5;
const near = 0.7;

/** The first `limit` of `ranked`, in their order; what has to make room comes right after them. */
export function spreadSources(ranked: readonly ScoredTool[], limit: number): readonly ScoredTool[] {
  const best = ranked[0]?.score ?? 0;
  const mostOfOne = Math.max(1, Math.ceil(limit / 2));
  const counts = new Map<string, number>();
  const first: ScoredTool[] = [];
  const waiting: ScoredTool[] = [];
  let at = 0;
  for (; at < ranked.length && first.length < limit; at += 1) {
    const scored = ranked[at];
    const least = Math.min(best * rival, (waiting[0]?.score ?? Infinity) * near);
    if (scored === undefined || scored.score < least) break;
    const count = counts.get(scored.tool.source) ?? 0;
    if (count >= mostOfOne) waiting.push(scored);
    else first.push(scored);
    counts.set(scored.tool.source, count + 1);
  }
  const places = new Map(ranked.map((each, place) => [each, place]));
  const filled = waiting.splice(0, Math.max(0, limit - first.length));
  const shown = [...first, ...filled].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  return [...shown, ...waiting, ...ranked.slice(at)];
}
