/** Turns terms by tool into tools by term, with the weight of each meeting already worked out. */
import { fieldWeights, saturation } from "./field-weights.ts";
import { entryCount, entryField, entryWord, type SourceTerms } from "./source-terms.ts";

export interface Postings {
  /** By term, where its postings begin; one more than there are terms. */
  readonly starts: Uint32Array;
  readonly postingTools: Uint32Array;
  /** Saturated, field-weighted frequency of the term in the tool: 0 to 1. */
  readonly postingScores: Float32Array;
  /** By tool, where its name's terms begin in `nameTerms`; one more than there are tools. */
  readonly nameStarts: Uint32Array;
  readonly nameTerms: Uint32Array;
  /** The same for its title. */
  readonly titleStarts: Uint32Array;
  readonly titleTerms: Uint32Array;
}

export interface NumberedTerms {
  readonly terms: SourceTerms;
  /** The source's word numbers → numbers in the whole index. */
  readonly numbers: Uint32Array;
}

const nameField = 0;
const titleField = 1;

export function invertTerms(parts: readonly NumberedTerms[], terms: number): Postings {
  const measured = measure(parts, terms);
  const { starts, lengths, averages } = measured;
  const width = fieldWeights.length;
  const next = starts.slice();
  const last = new Int32Array(terms).fill(-1);
  const postingTools = new Uint32Array(starts[terms] ?? 0);
  const postingScores = new Float32Array(starts[terms] ?? 0);
  eachEntry(parts, (tool, term, entry) => {
    if (last[term] !== tool) {
      last[term] = tool;
      postingTools[next[term] ?? 0] = tool;
      next[term] = (next[term] ?? 0) + 1;
    }
    const slot = (next[term] ?? 1) - 1;
    const field = entryField(entry);
    const { weight = 0, discount = 0 } = fieldWeights[field] ?? {};
    const length = (lengths[tool * width + field] ?? 0) / (averages[field] ?? 1);
    const value = (weight * entryCount(entry)) / (1 - discount + discount * length);
    postingScores[slot] = (postingScores[slot] ?? 0) + value;
  });
  for (let slot = 0; slot < postingScores.length; slot++) {
    const value = postingScores[slot] ?? 0;
    postingScores[slot] = value / (saturation + value);
  }
  return {
    starts,
    postingTools,
    postingScores,
    nameStarts: measured.nameStarts,
    nameTerms: measured.nameTerms,
    titleStarts: measured.titleStarts,
    titleTerms: measured.titleTerms,
  };
}

interface Measured {
  readonly starts: Uint32Array;
  readonly nameStarts: Uint32Array;
  readonly nameTerms: Uint32Array;
  readonly titleStarts: Uint32Array;
  readonly titleTerms: Uint32Array;
  /** Tool × field: words. */
  readonly lengths: Uint16Array;
  /** By field, over the tools that have it. */
  readonly averages: Float64Array;
}

function measure(parts: readonly NumberedTerms[], terms: number): Measured {
  const width = fieldWeights.length;
  const tools = parts.reduce((sum, part) => sum + part.terms.starts.length - 1, 0);
  const starts = new Uint32Array(terms + 1);
  const last = new Int32Array(terms).fill(-1);
  const lengths = new Uint16Array(tools * width);
  const nameStarts = new Uint32Array(tools + 1);
  const nameTerms: number[] = [];
  const titleStarts = new Uint32Array(tools + 1);
  const titleTerms: number[] = [];
  eachEntry(parts, (tool, term, entry) => {
    if (last[term] !== tool) starts[term + 1] = (starts[term + 1] ?? 0) + 1;
    last[term] = tool;
    const slot = tool * width + entryField(entry);
    lengths[slot] = (lengths[slot] ?? 0) + entryCount(entry);
    if (entryField(entry) === nameField) nameTerms.push(term);
    nameStarts[tool + 1] = nameTerms.length;
    if (entryField(entry) === titleField) titleTerms.push(term);
    titleStarts[tool + 1] = titleTerms.length;
  });
  for (let term = 0; term < terms; term++) starts[term + 1] = (starts[term + 1] ?? 0) + (starts[term] ?? 0);
  return {
    starts,
    nameStarts,
    nameTerms: Uint32Array.from(nameTerms),
    titleStarts,
    titleTerms: Uint32Array.from(titleTerms),
    lengths,
    averages: toAverages(lengths),
  };
}

function toAverages(lengths: Uint16Array): Float64Array {
  const width = fieldWeights.length;
  const averages = new Float64Array(width).fill(1);
  for (let field = 0; field < width; field++) {
    let words = 0;
    let filled = 0;
    for (let slot = field; slot < lengths.length; slot += width) {
      words += lengths[slot] ?? 0;
      if ((lengths[slot] ?? 0) > 0) filled++;
    }
    if (filled > 0) averages[field] = words / filled;
  }
  return averages;
}

/** Every entry, tool by tool. A tool has at least the entry of its source's name. */
function eachEntry(
  parts: readonly NumberedTerms[],
  visit: (tool: number, term: number, entry: number) => void,
): void {
  let tool = 0;
  for (const { terms, numbers } of parts) {
    for (let own = 0; own + 1 < terms.starts.length; own++, tool++) {
      for (let at = terms.starts[own] ?? 0; at < (terms.starts[own + 1] ?? 0); at++) {
        const entry = terms.entries[at] ?? 0;
        visit(tool, numbers[entryWord(entry)] ?? 0, entry);
      }
    }
  }
}
