/**
 * A search answer as text for a model: callable paths with their types, near misses as names, and how to
 * refine. Stays within a token budget by saying less about the last hits.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { SearchAnswer, SearchHit } from "../spec/search.ts";
import { hitLine } from "./hit-line.ts";
import { modelTokens } from "./model-tokens.ts";

const defaultTokens = 800;
const mostNearMisses = 8;
const mostSources = 6;

/** `answer` as text of at most `tokens` o200k tokens, by estimate with a margin. Default: the answer's own, or 800. */
export function searchAnswerToText(answer: SearchAnswer, options: { readonly tokens?: number } = {}): string {
  if (answer.overview !== undefined) return answer.overview;
  if (answer.results.length === 0) return nothingFound(answer);
  const tokens = modelTokens(options.tokens ?? answer.tokens ?? defaultTokens);
  const footer = footerText(answer, 0);
  const fitted = fitHits(answer, tokens - estimateTokens(footer) - 2);
  const left = answer.results.length - fitted.blocks.length;
  const parts = [fitted.blocks.join("\n"), fitted.types, left === 0 ? footer : footerText(answer, left)];
  return parts.filter((part) => part !== "").join("\n\n");
}

interface Fitted {
  readonly blocks: readonly string[];
  readonly types: string;
}

/** Gives up, in this order: signatures from the last hit on, shared types, descriptions and whole hits. */
function fitHits({ results, types }: SearchAnswer, tokens: number): Fitted {
  const blocks = results.map((hit) => ({ hit, text: hitBlock(hit) }));
  const cost = (): number => blocks.reduce((sum, block) => sum + estimateTokens(block.text) + 1, 0);
  let typed = types;
  let total = cost() + estimateTokens(typed);
  for (const shorten of [hitLine, (hit: SearchHit) => `tools.${hit.path} [${hit.effect}]`]) {
    for (let at = blocks.length - 1; at >= 0 && total > tokens; at--) {
      const block = blocks[at];
      if (block === undefined) continue;
      total += estimateTokens(shorten(block.hit)) - estimateTokens(block.text);
      block.text = shorten(block.hit);
    }
    // Without any signature left, nothing names the types.
    if (typed !== "" && blocks.every((block) => !block.text.includes("\n"))) {
      total -= estimateTokens(typed);
      typed = "";
    }
  }
  while (blocks.length > 1 && total > tokens) total -= estimateTokens(blocks.pop()?.text ?? "") + 1;
  return { blocks: blocks.map((block) => block.text), types: typed };
}

function hitBlock(hit: SearchHit): string {
  return hit.signature === "" ? hitLine(hit) : `${hitLine(hit)}\n  ${hit.signature.replaceAll("\n", "\n  ")}`;
}

function footerText(answer: SearchAnswer, left: number): string {
  const lines: string[] = [];
  const cut = answer.results.find((hit) => hit.signature.includes("/* …") || hit.signature.includes("/* +"));
  if (cut !== undefined) lines.push(`Cut types in full: codemode.describe("${cut.path}").`);
  const near = [...answer.results.slice(answer.results.length - left).map((hit) => hit.path), ...answer.more];
  const named = left === 0 ? answer.more.slice(0, mostNearMisses) : near.slice(0, mostNearMisses);
  if (named.length > 0) lines.push(`Also: ${named.join(", ")}`);
  const further = answer.total - answer.results.length + left - named.length;
  if (further > 0) {
    const refine = `Refine with more words, \`source\`, or a path glob such as "${exampleGlob(answer)}".`;
    lines.push(`${further} more match (${countsText(answer)}). ${refine}`);
  }
  return lines.join("\n");
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

function nothingFound({ more }: SearchAnswer): string {
  const near = more.length > 0 ? ` Nearest names: ${more.slice(0, mostNearMisses).join(", ")}.` : "";
  return `Nothing matched.${near} Use other words, or search with an empty query for an overview.`;
}
