/**
 * Text → index terms: words, stemmed, in order. Tools and queries go through the same function, or they
 * would not meet.
 */
import { splitWords } from "./split-words.ts";
import { stemWord } from "./stem-word.ts";

/** The terms of `text`, in order, repeats included; at most `limit`. */
export function analyseWords(text: string, limit?: number): string[] {
  return splitWords(text, limit).map(stemWord);
}
