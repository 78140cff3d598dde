/**
 * Estimates how many o200k tokens a text costs a model, without a tokenizer in the product.
 * A test holds it to at most 10 percent below the real tokenizer on prose, code, JSON, tables and other scripts. What
 * must never pass a budget is counted by `run/render/most-tokens.ts` instead.
 */

/** Runs of: CJK and other wide letters, words, digits, spaces with newlines, punctuation. */
const pieces = /[\u2E80-\uFFFD]|[\p{L}\p{M}]+|\p{N}+|\s+|[^\s\p{L}\p{M}\p{N}]+/gu;

/** Estimated tokens of `text`; 0 for the empty text. Linear in its length. */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(pieces)) tokens += pieceTokens(piece);
  return Math.ceil(tokens);
}

function pieceTokens(piece: string): number {
  const first = piece.charCodeAt(0);
  if (first >= 0x2e80) return 1.1;
  if (first <= 32) return piece === " " ? 0 : piece.includes("\n") ? 1 : 0.6;
  if (first >= 48 && first <= 57) return Math.ceil(piece.length / 3);
  if (/^\p{L}/u.test(piece)) return wordTokens(piece);
  return piece.length <= 2 ? 0.85 : piece.length / 2;
}

/** camelCase and ALLCAPS words split where case changes; long words cost about a token per six letters. */
function wordTokens(word: string): number {
  if (word.charCodeAt(0) > 0x24f) return word.length / 2.5;
  const humps = word.match(/\p{Lu}?\p{Ll}+|\p{Lu}+/gu) ?? [word];
  let tokens = 0;
  for (const hump of humps) tokens += hump.length <= 8 ? 1 : hump.length / 6;
  return tokens;
}
