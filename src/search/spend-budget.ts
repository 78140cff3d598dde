/**
 * Turns ranked tools into hits. Every one gets its line; what is left of the token budget goes to
 * signatures, the best hits first. Near misses stay lines: their types would only cost.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import { snippetSource, type SearchDetail, type SearchHit } from "../spec/search.ts";
import type { Tool } from "../spec/tool.ts";
import { hitLine } from "./hit-line.ts";
import type { RenderSignature, ToolSignature } from "./tool-signature.ts";
import { firstSentence, toOneLine } from "./to-one-line.ts";

export interface ScoredTool {
  readonly tool: Tool;
  readonly score: number;
  /** Words of earlier searches that made it rise. */
  readonly raisedBy?: readonly string[];
}

export interface Spending {
  readonly detail: SearchDetail;
  /** Tokens for all hits together. */
  readonly tokens: number;
  readonly signature: RenderSignature;
}

export interface Spent {
  readonly hits: readonly SearchHit[];
  readonly types: readonly string[];
  /** A signature was cut or left out. */
  readonly truncated: boolean;
}

const descriptionChars: { readonly [detail in SearchDetail]: number } = {
  names: 80,
  signatures: 140,
  full: 1200,
};
/** Hits with a signature. More would leave too little for each: a model calls one of the first few, or searches again. */
const mostTyped = 5;
/** A hit gets a signature while it scores this part of the best, one of the first three while it scores that one. */
const closeToBest = 0.7;
const likely = 0.5;
/** What scores less than this part of the best leaves it as the clear winner: its siblings are worth more than others. */
const clearlyBehind = 0.6;
/** Tokens a signature may take: a few sizes, so that what was rendered once serves again. */
const sizes = [900, 600, 400, 320, 240, 180, 130, 90, 60, 40] as const;

export function spendBudget(ranked: readonly ScoredTool[], { detail, tokens, signature }: Spending): Spent {
  const lines = ranked.map((scored) => toHit(scored, detail));
  if (detail === "names") return { hits: lines, types: [], truncated: false };
  const types = new Set<string>();
  let left = tokens - lines.reduce((sum, line) => sum + estimateTokens(hitLine(line)) + 1, 0);
  let truncated = false;
  const typed = whichTyped(ranked);
  const hits = lines.map((line, at) => {
    const scored = ranked[at];
    if (scored === undefined || !typed.has(at)) return line;
    const rendered = renderWithin(scored.tool, shareOf(left, lines.length - at), signature);
    const fresh = rendered?.types.filter((type) => !types.has(type)) ?? [];
    const cost = rendered === undefined ? 0 : costOf(rendered.signature, fresh);
    if (rendered === undefined || cost > left) {
      truncated = true;
      return line;
    }
    for (const type of fresh) types.add(type);
    left -= cost;
    truncated ||= rendered.truncated;
    return { ...line, signature: rendered.signature };
  });
  return { hits, types: [...types], truncated };
}

/** Places of the hits that get a signature. */
function whichTyped(ranked: readonly ScoredTool[]): ReadonlySet<number> {
  const [winner, second] = ranked;
  const typed = new Set<number>();
  if (winner === undefined) return typed;
  const isClear = second !== undefined && second.score < winner.score * clearlyBehind;
  for (const [at, { tool, score }] of ranked.entries()) {
    if (typed.size >= mostTyped) break;
    const part = winner.score === 0 ? 1 : score / winner.score;
    const isSibling = isClear && tool.source === winner.tool.source;
    if (at === 0 || part >= closeToBest || (at < 3 && part >= likely) || isSibling) typed.add(at);
  }
  return typed;
}

/** More than half of what is left for the best, all of it for the last. */
function shareOf(left: number, hits: number): number {
  return left * Math.max(0.6, Math.min(1, 1.4 / hits));
}

function renderWithin(tool: Tool, share: number, signature: RenderSignature): ToolSignature | undefined {
  const size = sizes.find((each) => each <= share);
  if (size === undefined) return undefined;
  const rendered = signature(tool, { tokens: size });
  // How to see what was cut is said once per answer, not once per hit.
  return { ...rendered, signature: rendered.signature.replace(/ \/\* rest: [^*]* \*\/$/, "") };
}

function costOf(signature: string, types: readonly string[]): number {
  return types.reduce((sum, type) => sum + estimateTokens(type) + 1, estimateTokens(signature) + 1);
}

function toHit({ tool, score, raisedBy }: ScoredTool, detail: SearchDetail): SearchHit {
  const text = tool.description === "" ? (tool.title ?? "") : tool.description;
  const chars = descriptionChars[detail];
  const description = detail === "full" ? toOneLine(text, chars) : firstSentence(text, chars);
  return {
    path: tool.path,
    ...(tool.source === snippetSource ? { kind: "snippet" as const } : {}),
    description: tool.deprecated ? `Deprecated. ${description}` : description,
    effect: tool.effect,
    ...(tool.looksLike === undefined ? {} : { looksLike: tool.looksLike }),
    signature: "",
    score: Math.round(score * 1000) / 1000,
    ...(raisedBy === undefined ? {} : { raisedBy }),
  };
}
