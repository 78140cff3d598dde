/**
 * The analysed words of one source's tools: the expensive half of an index, made once per source and kept
 * (in memory and, on request, on disk) while the source stays the same.
 */
import type { CatalogSource } from "../spec/tool.ts";
import { analyseWords } from "./analyse-words.ts";
import { searchFields, sourceToFields, toolToFields, type SearchField } from "./tool-to-fields.ts";

export interface SourceTerms {
  readonly words: readonly string[];
  /** Where each tool's entries begin; one more than there are tools. */
  readonly starts: Uint32Array;
  /** Word number << 8 | field << 4 | occurrences (15 at most), in order of first occurrence. */
  readonly entries: Uint32Array;
}

const mostWordsPerField = 400;
const mostOccurrences = 15;

export function sourceToTerms(source: CatalogSource): SourceTerms {
  const words = new Map<string, number>();
  const starts = new Uint32Array(source.tools.length + 1);
  const entries: number[] = [];
  const shared: number[] = [];
  pushFields(sourceToFields(source), words, shared);
  for (const [at, tool] of source.tools.entries()) {
    starts[at] = entries.length;
    pushFields(toolToFields(tool, source), words, entries);
    for (const entry of shared) entries.push(entry);
  }
  starts[source.tools.length] = entries.length;
  return { words: [...words.keys()], starts, entries: Uint32Array.from(entries) };
}

function pushFields(
  texts: { readonly [field in SearchField]?: string },
  words: Map<string, number>,
  entries: number[],
): void {
  for (const [field, name] of searchFields.entries()) {
    const text = texts[name];
    if (text === undefined || text === "") continue;
    for (const [word, count] of countWords(text, words)) {
      entries.push((word << 8) | (field << 4) | Math.min(count, mostOccurrences));
    }
  }
}

function countWords(text: string, words: Map<string, number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const term of analyseWords(text, mostWordsPerField)) {
    let number = words.get(term);
    if (number === undefined) {
      number = words.size;
      words.set(term, number);
    }
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  return counts;
}

export function entryWord(entry: number): number {
  return entry >>> 8;
}

export function entryField(entry: number): number {
  return (entry >>> 4) & 15;
}

export function entryCount(entry: number): number {
  return entry & 15;
}
