/**
 * Text → index terms: words, stemmed, in order. Tools and queries go through the same function, or they
 * would not meet.
 */
import { stemmer } from "stemmer";
import { splitWords } from "./split-words.ts";

const stems = new Map<string, string>();
const mostStems = 100_000;

/** The terms of `text`, in order, repeats included; at most `limit`. */
export function analyseWords(text: string, limit?: number): string[] {
  return splitWords(text, limit).map(stemWord);
}

/** The stem under which a lower-case word is indexed. */
export function stemWord(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const stem = /^[a-z]{3,}$/.test(word) ? stemmer(word) : word;
  if (stems.size >= mostStems) stems.clear();
  stems.set(word, stem);
  return stem;
}
