/**
 * Recall and nDCG of a search over a labelled set, per query, so that two searches can be compared in pairs.
 */
import type { LabelledSet } from "./load-sets.ts";

export interface QueryFigures {
  readonly recall1: number;
  readonly recall5: number;
  readonly recall10: number;
  readonly ndcg10: number;
}

export type Figure = keyof QueryFigures;
export const figures: readonly Figure[] = ["recall1", "recall5", "recall10", "ndcg10"];

/** Asks every query (every `step`-th of a large set) and returns the figures of each, in order. */
export async function measureRanking(
  set: LabelledSet,
  ask: (query: string) => Promise<readonly string[]>,
  step = 1,
): Promise<readonly QueryFigures[]> {
  const measured: QueryFigures[] = [];
  for (const [at, { query, relevant }] of set.queries.entries()) {
    if (at % step === 0) measured.push(judge(await ask(query), new Set(relevant)));
  }
  return measured;
}

function judge(ranked: readonly string[], relevant: ReadonlySet<string>): QueryFigures {
  const recall = (depth: number): number =>
    ranked.slice(0, depth).filter((name) => relevant.has(name)).length / relevant.size;
  let gained = 0;
  let ideal = 0;
  for (let at = 0; at < 10; at++) {
    if (relevant.has(ranked[at] ?? "")) gained += 1 / Math.log2(at + 2);
    if (at < relevant.size) ideal += 1 / Math.log2(at + 2);
  }
  return { recall1: recall(1), recall5: recall(5), recall10: recall(10), ndcg10: gained / ideal };
}

export function mean(measured: readonly QueryFigures[], figure: Figure): number {
  return measured.reduce((sum, query) => sum + query[figure], 0) / Math.max(1, measured.length);
}

/** The 95% interval of the mean difference `ours - theirs`, by paired bootstrap with a fixed seed. */
export function pairedInterval(
  ours: readonly QueryFigures[],
  theirs: readonly QueryFigures[],
  figure: Figure,
): { readonly difference: number; readonly low: number; readonly high: number } {
  const gains = ours.map((query, at) => query[figure] - (theirs[at]?.[figure] ?? 0));
  const random = seeded(20_250_131);
  const means: number[] = [];
  for (let round = 0; round < 2000; round++) {
    let sum = 0;
    for (let at = 0; at < gains.length; at++) sum += gains[Math.floor(random() * gains.length)] ?? 0;
    means.push(sum / gains.length);
  }
  means.sort((a, b) => a - b);
  const at = (part: number): number => means[Math.floor(part * (means.length - 1))] ?? 0;
  return {
    difference: gains.reduce((sum, gain) => sum + gain, 0) / gains.length,
    low: at(0.025),
    high: at(0.975),
  };
}

/** Mulberry32: the same numbers on every machine. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
