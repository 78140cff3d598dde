/**
 * How many o200k tokens a text costs at most, without the tokenizer's whole vocabulary: its own algorithm with the
 * first merges alone. A tokenizer merges in the order of its ranks, so one that stops early has merged less and
 * never counts fewer; measured, it counts 14 to 20 percent more on JSON, prose and code, and up to 70 on other scripts.
 */
import { brotliDecompressSync } from "node:zlib";
import { pieceEnd } from "./split-pieces.ts";
import { tokenMerges } from "./token-merges.ts";

/** Beyond it a piece counts a token per byte, which is right only for noise and never too few. */
const mostMerged = 512;
const mostKept = 40_000;

/** Token as bytes in a string → its rank. */
let ranks: Map<string, number> | undefined;
/** Piece → its tokens. */
const kept = new Map<string, number>();

/** An answer is measured as a part and then as the whole, which is often the same text. */
let last = { text: "", tokens: 0 };

/** Never less than the tokenizer's count. Counts on only until `limit` is passed. */
export function mostTokens(text: string, limit = Infinity): number {
  if (text === last.text) return last.tokens;
  let tokens = 0;
  for (let at = 0; at < text.length && tokens <= limit;) {
    const end = pieceEnd(text, at);
    tokens += pieceTokens(text.slice(at, end));
    at = end;
  }
  if (tokens <= limit) last = { text, tokens };
  return tokens;
}

export function fitsTokens(text: string, tokens: number): boolean {
  return mostTokens(text, tokens) <= tokens;
}

function pieceTokens(piece: string): number {
  const known = kept.get(piece);
  if (known !== undefined) return known;
  const tokens = countMerged(toByteString(piece));
  if (piece.length > 64) return tokens;
  if (kept.size >= mostKept) kept.clear();
  kept.set(piece, tokens);
  return tokens;
}

function toByteString(piece: string): string {
  // oxlint-disable-next-line no-control-regex -- ASCII is its own encoding
  return /^[\0-\x7F]*$/.test(piece) ? piece : Buffer.from(piece, "utf8").toString("latin1");
}

/** Merges the neighbours of the lowest rank, the leftmost first, until none is left that may be merged. */
function countMerged(bytes: string): number {
  ranks ??= readRanks();
  if (bytes.length < 2 || ranks.has(bytes)) return 1;
  if (bytes.length > mostMerged) return bytes.length;
  const parts = bytes.split("");
  const pairs = parts.map((_, at) => rankOf(parts, at));
  for (;;) {
    let at = -1;
    let best = Infinity;
    for (let each = 0; each < parts.length - 1; each += 1) {
      const rank = pairs[each] ?? Infinity;
      if (rank >= best) continue;
      best = rank;
      at = each;
    }
    if (at < 0) return parts.length;
    parts.splice(at, 2, `${parts[at]}${parts[at + 1]}`);
    pairs.splice(at, 2, rankOf(parts, at));
    if (at > 0) pairs[at - 1] = rankOf(parts, at - 1);
  }
}

function rankOf(parts: readonly string[], at: number): number {
  const next = parts[at + 1];
  return next === undefined ? Infinity : (ranks?.get(`${parts[at]}${next}`) ?? Infinity);
}

function readRanks(): Map<string, number> {
  const packed = brotliDecompressSync(Buffer.from(tokenMerges, "base64"));
  const bytes = packed.toString("latin1");
  const read = new Map<string, number>();
  for (let at = 0; at < packed.length;) {
    const next = at + 1 + (packed[at] ?? 0);
    read.set(bytes.slice(at + 1, next), read.size);
    at = next;
  }
  return read;
}
