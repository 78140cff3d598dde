/**
 * From the words of a query to terms of the index: each word as it stands, with its synonyms, and, when the
 * index does not know it, with what was probably meant: a word it begins, one it is built of, or one that
 * differs by a typo.
 */
import { distance } from "fastest-levenshtein";
import { mostQueryWords } from "./parse-query.ts";
import { termSalience } from "./telling-words.ts";
import type { SearchIndex } from "./search-index.ts";
import { splitWords } from "./split-words.ts";
import { stemWord } from "./stem-word.ts";
import { synonyms } from "./synonyms.ts";

export interface QueryTerm {
  /** The stem, or stems that count together. */
  readonly key: string;
  /** How much the word counts in the query, its rarity among the tools apart. */
  readonly weight: number;
  /** What it may stand for in the index, never empty. */
  readonly alternatives: readonly Alternative[];
}

export interface Alternative {
  /** The term's number in the index. */
  readonly term: number;
  /** 1 for the word itself. */
  readonly weight: number;
  /** Rarity × weight: what a full match of it is worth. */
  readonly gain: number;
}

const synonymWeight = 0.5;
const beginningWeight = 0.7;
const partWeight = 0.7;
const typoWeight = 0.6;
const mostBeginnings = 8;
const repeatPower = 0.4;

/** `known` remembers the alternatives of words already looked up in this index. */
export function expandTerms(
  index: SearchIndex,
  text: string,
  known: Map<string, readonly Alternative[]>,
): QueryTerm[] {
  const terms: QueryTerm[] = [];
  for (const { stem, word, times, salience } of tellingWords(index, text)) {
    let alternatives = known.get(stem);
    if (alternatives === undefined) {
      alternatives = alternativesOf(index, stem, word);
      known.set(stem, alternatives);
    }
    if (alternatives.length > 0)
      terms.push({ key: stem, weight: times ** repeatPower * salience, alternatives });
  }
  return terms;
}

interface TellingWord {
  readonly stem: string;
  readonly word: string;
  readonly times: number;
  readonly salience: number;
}

/** The words that say what is wanted; all words, when none does. */
function tellingWords(index: SearchIndex, text: string): readonly TellingWord[] {
  const words = splitWords(text, mostQueryWords);
  const stems = words.map(stemWord);
  const found = new Map<string, TellingWord>();
  for (const [at, stem] of stems.entries()) {
    for (const key of [stem, ...joinNeighbours(index, words, stems, at)]) {
      const times = (found.get(key)?.times ?? 0) + 1;
      found.set(key, { stem: key, word: words[at] ?? key, times, salience: termSalience(key) });
    }
  }
  const all = [...found.values()];
  const telling = all.filter((word) => word.salience > 0);
  return telling.length > 0 ? telling : all.map((word) => ({ ...word, salience: 1 }));
}

/** `pull request` may have synonyms of its own; `web hook` may be known as `webhook`. */
function joinNeighbours(
  index: SearchIndex,
  words: readonly string[],
  stems: readonly string[],
  at: number,
): string[] {
  const [word, next] = [words[at] ?? "", words[at + 1] ?? ""];
  if (next === "") return [];
  const pair = `${stems[at]} ${stems[at + 1]}`;
  // "schedule a call" means what "schedule call" does.
  const apart = termSalience(stems[at + 1] ?? "") === 0 ? `${stems[at]} ${stems[at + 2]}` : pair;
  const keys = new Set([pair, apart, `${pair} ${stems[at + 2]}`]);
  const joined = [...keys].filter((key) => synonyms.has(key));
  const glued = stemWord(`${word}${next}`);
  if (word.length > 2 && next.length > 2 && index.terms.has(glued)) joined.push(glued);
  return joined;
}

function alternativesOf(index: SearchIndex, stem: string, word: string): readonly Alternative[] {
  const found = new Map<number, Alternative>();
  const own = index.terms.get(stem);
  // A rare synonym must not outweigh the word that was written.
  const cap = own === undefined ? Infinity : (index.rarity[own] ?? 0);
  const add = (term: number | undefined, weight: number): void => {
    if (term === undefined || (found.get(term)?.weight ?? 0) >= weight) return;
    found.set(term, { term, weight, gain: Math.min(index.rarity[term] ?? 0, cap) * weight });
  };
  add(own, 1);
  for (const meaning of synonyms.get(stem) ?? []) {
    for (const part of meaning)
      if (termSalience(part) > 0) add(index.terms.get(part), synonymWeight / meaning.length);
  }
  if (found.size === 0 && /^[a-z\d]{3,}$/.test(word)) {
    for (const [term, weight] of guessTerms(index, stem, word)) add(term, weight);
  }
  return [...found.values()];
}

/** What an unknown word may have meant, with weights: the first kind of guess that finds anything. */
function guessTerms(index: SearchIndex, stem: string, word: string): readonly (readonly [number, number])[] {
  const begun = index.beginningWith(stem).sort((a, b) => lengthOf(index, a) - lengthOf(index, b) || a - b);
  if (begun.length > 0) {
    const weight = (term: number): number => beginningWeight * Math.sqrt(stem.length / lengthOf(index, term));
    return begun.slice(0, mostBeginnings).map((term) => [term, weight(term)] as const);
  }
  for (let at = 4; at <= word.length - 4; at++) {
    const head = index.terms.get(stemWord(word.slice(0, at)));
    const tail = index.terms.get(stemWord(word.slice(at)));
    if (head !== undefined && tail !== undefined)
      return [head, tail].map((term) => [term, partWeight] as const);
  }
  return typos(index, stem).map((term) => [term, typoWeight] as const);
}

function lengthOf(index: SearchIndex, term: number): number {
  return index.vocabulary[term]?.length ?? 1;
}

/** Known terms at the smallest distance, with the same first letter. */
function typos(index: SearchIndex, stem: string): number[] {
  if (stem.length < 4) return [];
  let allowed = stem.length >= 8 ? 2 : 1;
  let close: number[] = [];
  for (const term of index.beginningWith(stem.slice(0, 1))) {
    const known = index.vocabulary[term] ?? "";
    if (Math.abs(known.length - stem.length) > allowed) continue;
    const far = distance(stem, known);
    if (far > allowed) continue;
    if (far < allowed) close = [];
    allowed = far;
    close.push(term);
  }
  return close.slice(0, 3);
}
