/**
 * A search answer as text for a model: callable paths with their types, near misses as names, and how to
 * refine. Stays within a token budget by saying less about the last hits.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { SearchAnswer, SearchHit } from "../spec/search.ts";
import { countFitting } from "./catalog-to-overview.ts";
import { hitLine } from "./hit-line.ts";
import { modelTokens } from "./model-tokens.ts";
import { troublesToText } from "./troubles-to-text.ts";

const defaultTokens = 800;
const mostNearMisses = 6;
/** Near misses take at most this part of the budget. */
const nearShare = 0.2;
const mostSources = 5;

/** `answer` as text of at most `tokens` o200k tokens, by estimate with a margin. Default: the answer's own, or 800. */
export function searchAnswerToText(answer: SearchAnswer, options: { readonly tokens?: number } = {}): string {
  if (answer.overview !== undefined) return answer.overview;
  const missing = troublesToText(answer);
  if (answer.results.length === 0) return nothingFound(answer, missing);
  if (missing === "") return foundText(answer, options.tokens ?? answer.tokens ?? defaultTokens);
  const tokens = (options.tokens ?? answer.tokens ?? defaultTokens) - estimateTokens(missing) - 2;
  return `${foundText(answer, tokens)}\n\n${missing}`;
}

function foundText(answer: SearchAnswer, mostTokens: number): string {
  const tokens = modelTokens(mostTokens);
  // The footer grows when hits are left out; room is kept for the longest.
  const last = answer.results.length - 1;
  const reserved = Math.max(...[0, last].map((left) => estimateTokens(footerText(answer, left, tokens)) + 2));
  const fitted = fitHits(answer, tokens - reserved);
  const left = answer.results.length - fitted.blocks.length;
  const parts = [fitted.blocks.join("\n"), fitted.types, footerText(answer, left, tokens)];
  return parts.filter((part) => part !== "").join("\n\n");
}

interface Fitted {
  readonly blocks: readonly string[];
  readonly types: string;
}

/** Says less, step by step, until the hits and their types fit. */
function fitHits({ results, types }: SearchAnswer, tokens: number): Fitted {
  const texts = results.map((hit): string | undefined => hitBlock(hit));
  let total = texts.reduce((sum, text) => sum + cost(text), estimateTokens(types));
  for (const { at, shorten } of stepsDown(results.length)) {
    const hit = results[at];
    if (total <= tokens || hit === undefined) break;
    const shorter = shorten(hit);
    total += cost(shorter) - cost(texts[at]);
    texts[at] = shorter;
  }
  const blocks = texts.filter((text) => text !== undefined);
  // Without a signature nothing names the types.
  return { blocks, types: blocks.some((block) => block.includes("\n")) ? types : "" };
}

function cost(text: string | undefined): number {
  return text === undefined ? 0 : estimateTokens(text) + 1;
}

interface StepDown {
  readonly at: number;
  readonly shorten: (hit: SearchHit) => string | undefined;
}

/** The first hits are said in full for as long as there is room for them. */
const surelyFull = 3;

/**
 * From the last hit on: signatures beyond the first hits, then whole hits beyond them, then the signatures
 * and descriptions of the first ones as well. The best one keeps its name.
 */
function stepsDown(hits: number): StepDown[] {
  const from = (last: number, first: number, shorten: StepDown["shorten"]): StepDown[] =>
    Array.from({ length: Math.max(0, last - first + 1) }, (_, step) => ({ at: last - step, shorten }));
  const last = hits - 1;
  const best = Math.min(surelyFull, hits) - 1;
  return [
    ...from(last, surelyFull, hitLine),
    ...from(last, surelyFull, (hit) => hitLine({ ...hit, description: "" })),
    ...from(last, surelyFull, () => undefined),
    ...from(best, 0, hitLine),
    ...from(best, 0, (hit) => hitLine({ ...hit, description: "" })),
    ...from(best, 1, () => undefined),
  ];
}

function hitBlock(hit: SearchHit): string {
  return hit.signature === "" ? hitLine(hit) : `${hitLine(hit)}\n  ${hit.signature.replaceAll("\n", "\n  ")}`;
}

/** `left`: hits that had no room and are named with the near misses. */
function footerText(answer: SearchAnswer, left: number, tokens: number): string {
  const lines: string[] = [];
  const cut = answer.results.find((hit) => hit.signature.includes("/* …") || hit.signature.includes("/* +"));
  if (cut !== undefined) lines.push(`Cut types in full: codemode.describe("${cut.path}").`);
  const unsaid = answer.results.slice(answer.results.length - left).map((hit) => hit.path);
  const near = [...unsaid, ...answer.more].slice(0, mostNearMisses);
  const named = near.slice(0, countFitting(near, tokens * nearShare));
  if (named.length > 0) lines.push(`Also: ${named.join(", ")}`);
  const further = answer.total - answer.results.length + left - named.length;
  if (further > 0) {
    const refine = `Refine with more words, \`source\`, or a path glob such as "${exampleGlob(answer)}".`;
    lines.push(`${further} more match (${countsText(answer)}). ${refine}`);
  }
  if (answer.unread !== undefined) lines.push(unreadText(answer.unread));
  return lines.join("\n");
}

function unreadText(unread: number): string {
  return `The query is longer than what counts: its last ${unread} characters were not read. A few words of what the tool should do find more.`;
}

function countsText({ sources }: SearchAnswer): string {
  const counts = sources.slice(0, mostSources).map((source) => `${source.name} ${source.matches}`);
  const others = sources.length - mostSources;
  return others > 0 ? `${counts.join(", ")}, ${others} more sources` : counts.join(", ");
}

function exampleGlob({ results }: SearchAnswer): string {
  const path = results[0]?.path ?? "";
  return `${path.slice(0, path.lastIndexOf("."))}.*`;
}

function nothingFound({ more, unread }: SearchAnswer, missing: string): string {
  const near = more.length > 0 ? ` Nearest names: ${more.slice(0, mostNearMisses).join(", ")}.` : "";
  const cut = unread === undefined ? "" : ` ${unreadText(unread)}`;
  if (missing !== "") return `Nothing matched in the sources that are ready.${near} ${missing}${cut}`;
  return `Nothing matched.${near} Use other words, or search with an empty query for an overview.${cut}`;
}
