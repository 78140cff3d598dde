/**
 * The analysed words of one source's tools: the expensive half of an index, made once per source and kept
 * (in memory and, on request, on disk) while the source stays the same.
 */
import type { CatalogSource } from "../spec/tool.ts";
import { analyseWords } from "./analyse-words.ts";
import { searchFields, toolToFields } from "./tool-to-fields.ts";

export interface SourceTerms {
  readonly words: readonly string[];
  /** Where each tool's entries begin; one more than there are tools. */
  readonly starts: Uint32Array;
  /** Word number << 8 | field << 4 | occurrences (15 at most); in order of first occurrence. */
  readonly entries: Uint32Array;
}

const mostWordsPerField = 400;
const mostOccurrences = 15;

export function sourceToTerms(source: CatalogSource): SourceTerms {
  const words = new Map<string, number>();
  const starts = new Uint32Array(source.tools.length + 1);
  const entries: number[] = [];
  for (const [at, tool] of source.tools.entries()) {
    starts[at] = entries.length;
    const texts = toolToFields(tool, source);
    for (const [field, name] of searchFields.entries()) pushField(texts[name], field, words, entries);
  }
  starts[source.tools.length] = entries.length;
  return { words: [...words.keys()], starts, entries: Uint32Array.from(entries) };
}

function pushField(text: string, field: number, words: Map<string, number>, entries: number[]): void {
  if (text === "") return;
  const counts = new Map<number, number>();
  for (const term of analyseWords(text, mostWordsPerField)) {
    let number = words.get(term);
    if (number === undefined) {
      number = words.size;
      words.set(term, number);
    }
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  for (const [number, count] of counts)
    entries.push((number << 8) | (field << 4) | Math.min(count, mostOccurrences));
}
