/** The stem under which a word is indexed: Porter's algorithm for English, other words as they are. */
import { stemmer } from "stemmer";

const stems = new Map<string, string>();
const mostStems = 100_000;

/** `word` is one lower-case word. */
export function stemWord(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const stem = /^[a-z]{3,}$/.test(word) ? stemmer(word) : word;
  if (stems.size >= mostStems) stems.clear();
  stems.set(word, stem);
  return stem;
}
