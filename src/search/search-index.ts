/**
 * The inverted index over a whole catalog, merged from the terms of its sources. Holds numbers only; how
 * they make a score is said in `rank-tools.ts`.
 */
import type { Tool } from "../spec/tool.ts";
import { searchFields } from "./tool-to-fields.ts";
import type { SourceTerms } from "./source-terms.ts";

/** How much a word counts by the field it stands in, and how strongly long fields are discounted. */
const fieldWeights = [3, 1.5, 2, 1.6, 0.9, 0.5, 1.2, 0.2] as const;
const fieldDiscounts = [0.4, 0.2, 0.4, 0.6, 0.7, 0.8, 0.5, 0.8] as const;
const saturation = 1.4;

export interface SearchIndex {
  readonly tools: readonly Tool[];
  /** Term → its number. */
  readonly terms: ReadonlyMap<string, number>;
  readonly vocabulary: readonly string[];
  /** By term: how rare it is. */
  readonly rarity: Float32Array;
  /** By term, where its postings begin. */
  readonly starts: Uint32Array;
  readonly postingTools: Uint32Array;
  /** Saturated, field-weighted frequency of the term in the tool: 0 to 1. */
  readonly postingScores: Float32Array;
  /** By tool, where its name's terms begin in `nameTerms`. */
  readonly nameStarts: Uint32Array;
  readonly nameTerms: Uint32Array;
  /** By tool, the number of its source. */
  readonly sourceOf: Uint16Array;
  readonly sources: readonly string[];
}

export interface IndexPart {
  readonly source: string;
  readonly tools: readonly Tool[];
  readonly terms: SourceTerms;
}

export function partsToIndex(parts: readonly IndexPart[]): SearchIndex {
  const vocabulary = new Map<string, number>();
  const numbers = parts.map((part) =>
    Uint32Array.from(part.terms.words, (word) => numberOf(word, vocabulary)),
  );
  const lengths = measureFields(parts);
  const postings = invert(parts, numbers, { size: vocabulary.size, lengths });
  const count = lengths.tools;
  const rarity = new Float32Array(vocabulary.size);
  for (let term = 0; term < vocabulary.size; term++) {
    const frequency = (postings.starts[term + 1] ?? 0) - (postings.starts[term] ?? 0);
    rarity[term] = Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
  }
  return {
    tools: parts.flatMap((part) => part.tools),
    terms: vocabulary,
    vocabulary: [...vocabulary.keys()],
    rarity,
    ...postings,
    sourceOf: Uint16Array.from(parts.flatMap((part, at) => part.tools.map(() => at))),
    sources: parts.map((part) => part.source),
  };
}

function numberOf(word: string, vocabulary: Map<string, number>): number {
  const known = vocabulary.get(word);
  if (known !== undefined) return known;
  vocabulary.set(word, vocabulary.size);
  return vocabulary.size - 1;
}

interface FieldLengths {
  readonly tools: number;
  /** Tool × field: words. */
  readonly words: Uint16Array;
  readonly averages: Float64Array;
}

function measureFields(parts: readonly IndexPart[]): FieldLengths {
  const width = searchFields.length;
  const tools = parts.reduce((sum, part) => sum + part.tools.length, 0);
  const words = new Uint16Array(tools * width);
  const averages = new Float64Array(width);
  let tool = 0;
  for (const { terms } of parts) {
    for (let at = 0; at + 1 < terms.starts.length; at++, tool++) {
      for (let entry = terms.starts[at] ?? 0; entry < (terms.starts[at + 1] ?? 0); entry++) {
        const packed = terms.entries[entry] ?? 0;
        const slot = tool * width + ((packed >>> 4) & 15);
        words[slot] = (words[slot] ?? 0) + (packed & 15);
      }
    }
  }
  for (let field = 0; field < width; field++) {
    let sum = 0;
    let filled = 0;
    for (let slot = field; slot < words.length; slot += width) {
      sum += words[slot] ?? 0;
      if ((words[slot] ?? 0) > 0) filled++;
    }
    averages[field] = filled === 0 ? 1 : sum / filled;
  }
  return { tools, words, averages };
}

type Postings = Pick<SearchIndex, "starts" | "postingTools" | "postingScores" | "nameStarts" | "nameTerms">;

function invert(
  parts: readonly IndexPart[],
  numbers: readonly Uint32Array[],
  { size, lengths }: { readonly size: number; readonly lengths: FieldLengths },
): Postings {
  const width = searchFields.length;
  const last = new Int32Array(size).fill(-1);
  const counts = new Uint32Array(size + 1);
  const nameStarts = new Uint32Array(lengths.tools + 1);
  const nameTerms: number[] = [];
  eachEntry(parts, numbers, (tool, term, packed) => {
    if (last[term] !== tool) counts[term + 1] = (counts[term + 1] ?? 0) + 1;
    last[term] = tool;
    if (((packed >>> 4) & 15) === 0) {
      nameTerms.push(term);
      nameStarts[tool + 1] = nameTerms.length;
    }
  });
  for (let tool = 1; tool <= lengths.tools; tool++)
    nameStarts[tool] = Math.max(nameStarts[tool] ?? 0, nameStarts[tool - 1] ?? 0);
  for (let term = 0; term < size; term++) counts[term + 1] = (counts[term + 1] ?? 0) + (counts[term] ?? 0);
  const starts = counts.slice();
  const postingTools = new Uint32Array(counts[size] ?? 0);
  const postingScores = new Float32Array(counts[size] ?? 0);
  last.fill(-1);
  eachEntry(parts, numbers, (tool, term, packed) => {
    const field = (packed >>> 4) & 15;
    if (last[term] !== tool) {
      last[term] = tool;
      counts[term] = (counts[term] ?? 0) + 1;
      postingTools[(counts[term] ?? 1) - 1] = tool;
    }
    const discount = fieldDiscounts[field] ?? 0;
    const length = (lengths.words[tool * width + field] ?? 0) / (lengths.averages[field] ?? 1);
    const weight = ((fieldWeights[field] ?? 0) * (packed & 15)) / (1 - discount + discount * length);
    const slot = (counts[term] ?? 1) - 1;
    postingScores[slot] = (postingScores[slot] ?? 0) + weight;
  });
  for (let slot = 0; slot < postingScores.length; slot++) {
    const weight = postingScores[slot] ?? 0;
    postingScores[slot] = weight / (saturation + weight);
  }
  return { starts, postingTools, postingScores, nameStarts, nameTerms: Uint32Array.from(nameTerms) };
}

function eachEntry(
  parts: readonly IndexPart[],
  numbers: readonly Uint32Array[],
  visit: (tool: number, term: number, packed: number) => void,
): void {
  let tool = 0;
  for (const [at, { terms }] of parts.entries()) {
    const own = numbers[at] ?? new Uint32Array();
    for (let local = 0; local + 1 < terms.starts.length; local++, tool++) {
      for (let entry = terms.starts[local] ?? 0; entry < (terms.starts[local + 1] ?? 0); entry++) {
        const packed = terms.entries[entry] ?? 0;
        visit(tool, own[packed >>> 8] ?? 0, packed);
      }
    }
  }
}
