/**
 * A search answer as text for a model: callable paths with their types, near misses as names, and how to
 * refine. Stays within a token budget by dropping from the end.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { SearchAnswer, SearchHit } from "../spec/search.ts";
import { lineText } from "./spend-budget.ts";

const defaultTokens = 800;
const mostNearMisses = 12;

/** `answer` as text of at most `tokens` estimated o200k tokens (default 800). */
export function searchAnswerToText(answer: SearchAnswer, options: { readonly tokens?: number } = {}): string {
  const tokens = options.tokens ?? defaultTokens;
  if (answer.overview !== undefined) return answer.overview;
  if (answer.results.length === 0) return nothingFound(answer);
  const footer = footerText(answer);
  let left = tokens - estimateTokens(footer) - estimateTokens(answer.types) - 2;
  const blocks: string[] = [];
  let withTypes = answer.types !== "";
  if (left < tokens / 4) {
    left += estimateTokens(answer.types);
    withTypes = false;
  }
  const dropped: string[] = [];
  for (const hit of answer.results) {
    const block = [hitText(hit), lineText(hit), `tools.${hit.path}`].find(
      (text) => estimateTokens(text) + 1 <= left,
    );
    if (block === undefined) {
      dropped.push(hit.path);
      continue;
    }
    left -= estimateTokens(block) + 1;
    blocks.push(block);
  }
  const parts = [blocks.join("\n")];
  if (withTypes) parts.push(answer.types);
  parts.push(
    footer === "" && dropped.length > 0 ? `${dropped.length} more left out: ask with a lower limit.` : footer,
  );
  return parts.filter((part) => part !== "").join("\n\n");
}

function hitText(hit: SearchHit): string {
  return hit.signature === ""
    ? lineText(hit)
    : `${lineText(hit)}\n  ${hit.signature.replaceAll("\n", "\n  ")}`;
}

function footerText(answer: SearchAnswer): string {
  const lines: string[] = [];
  const near = answer.more.slice(0, mostNearMisses);
  if (near.length > 0) lines.push(`Also: ${near.join(", ")}`);
  const further = answer.total - answer.results.length - near.length;
  if (further > 0) {
    const counts = answer.sources.slice(0, 6).map((source) => `${source.name} ${source.matches}`);
    const others = answer.sources.length > 6 ? `, ${answer.sources.length - 6} more sources` : "";
    lines.push(
      `${further} more match (${counts.join(", ")}${others}). Refine with more words, \`source\`, or a path glob such as "${exampleGlob(answer)}".`,
    );
  }
  return lines.join("\n");
}

function exampleGlob(answer: SearchAnswer): string {
  const path = answer.results[0]?.path ?? "";
  return `${path.slice(0, path.lastIndexOf("."))}.*`;
}

function nothingFound(answer: SearchAnswer): string {
  const near =
    answer.more.length > 0 ? ` Nearest names: ${answer.more.slice(0, mostNearMisses).join(", ")}.` : "";
  const sources = answer.sources.slice(0, 20).map((source) => source.name);
  const listed =
    sources.length > 0 ? ` Sources: ${sources.join(", ")}${answer.sources.length > 20 ? ", …" : ""}.` : "";
  return `Nothing matched.${near}${listed} Search with an empty query for an overview.`;
}
