/**
 * The margin between a budget in real o200k tokens and the estimate it is held by: names and signatures are
 * dense, and the estimate may be some way below what the tokenizer counts (bench/search measures how far).
 */
const margin = 0.9;

/** How many estimated tokens may be spent where `tokens` real ones are allowed. */
export function modelTokens(tokens: number): number {
  return Math.floor(tokens * margin);
}
