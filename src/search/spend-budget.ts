/**
 * Turns ranked tools into hits, spending a token budget on the best ones first: every hit gets its line,
 * then signatures take what is left in order of rank.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { SearchDetail, SearchHit } from "../spec/search.ts";
import type { Tool } from "../spec/tool.ts";
import type { RenderSignature } from "./tool-signature.ts";
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
  readonly truncated: boolean;
}

/** Fewer tokens than this say nothing about a tool's arguments. */
const leastForSignature = 24;
const descriptionChars: { readonly [detail in SearchDetail]: number } = {
  names: 100,
  signatures: 140,
  full: 1200,
};

export function spendBudget(ranked: readonly ScoredTool[], spending: Spending): Spent {
  const hits: SearchHit[] = [];
  const types = new Set<string>();
  let left = spending.tokens;
  let truncated = false;
  // Lines first, so that a long signature never hides that a further tool exists.
  const lines: SearchHit[] = [];
  for (const scored of ranked) {
    const line = toLine(scored, spending.detail);
    const cost = estimateTokens(lineText(line));
    if (lines.length > 0 && cost > left) break;
    left -= cost;
    lines.push(line);
  }
  for (const [at, line] of lines.entries()) {
    const tool = ranked[at]?.tool;
    const share = Math.floor(left * (at === lines.length - 1 ? 1 : bestShare(lines.length - at)));
    if (spending.detail === "names" || tool === undefined || share < leastForSignature) {
      if (spending.detail !== "names") truncated = true;
      hits.push(line);
      continue;
    }
    const rendered = spending.signature(tool, { tokens: share });
    const fresh = rendered.types.filter((type) => !types.has(type));
    const cost =
      estimateTokens(rendered.signature) + fresh.reduce((sum, type) => sum + estimateTokens(type), 0);
    if (cost > left) {
      truncated = true;
      hits.push(line);
      continue;
    }
    for (const type of fresh) types.add(type);
    left -= cost;
    truncated ||= rendered.truncated;
    hits.push({ ...line, signature: rendered.signature });
  }
  return {
    hits,

    types: [...types],
    truncated: truncated || lines.length < ranked.length,
  };
}

/** The best of `hits` gets up to half of what is left, more when few follow. */
function bestShare(hits: number): number {
  return Math.max(0.4, 1.2 / hits);
}

function toLine({ tool, score, raisedBy }: ScoredTool, detail: SearchDetail): SearchHit {
  const text = tool.description === "" ? (tool.title ?? "") : tool.description;
  const chars = descriptionChars[detail];
  const description = detail === "full" ? toOneLine(text, chars) : firstSentence(text, chars);
  return {
    path: tool.path,
    description: tool.deprecated ? `Deprecated. ${description}` : description,
    effect: tool.effect,
    signature: "",
    score: Math.round(score * 1000) / 1000,
    ...(raisedBy === undefined ? {} : { raisedBy }),
  };
}

/** The first line of a hit, as it stands in the text for a model. */
export function lineText(hit: SearchHit): string {
  const description = hit.description === "" ? "" : ` — ${hit.description}`;
  return `tools.${hit.path} [${hit.effect}]${description}`;
}
