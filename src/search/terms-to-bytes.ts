/**
 * Source terms as bytes and back, so that an index survives a restart. What comes back from a disk is
 * checked like any stranger's bytes: a wrong one is `undefined`, and the terms are made again.
 */
import type { SourceTerms } from "./source-terms.ts";

/** Part of the key under which terms are kept. Raise it when words, stems, fields or this format change. */
export const termsFormat = "terms-2";

const magic = 0x434d5331;
const headerWords = 4;

/** Magic, bytes of the words, numbers of starts and entries; then starts, entries, words split by newlines. */
export function termsToBytes({ words, starts, entries }: SourceTerms): Uint8Array {
  const text = new TextEncoder().encode(words.join("\n"));
  const bytes = new Uint8Array((headerWords + starts.length + entries.length) * 4 + text.length);
  const numbers = new Uint32Array(bytes.buffer, 0, headerWords + starts.length + entries.length);
  numbers.set([magic, text.length, starts.length, entries.length]);
  numbers.set(starts, headerWords);
  numbers.set(entries, headerWords + starts.length);
  bytes.set(text, numbers.byteLength);
  return bytes;
}

/** `undefined` for anything that `termsToBytes` has not written for a source of `tools` tools. */
export function bytesToTerms(bytes: Uint8Array, tools: number): SourceTerms | undefined {
  if (bytes.length < headerWords * 4) return undefined;
  // A copy, since a file's bytes may start anywhere in a pool.
  const own = Uint8Array.from(bytes);
  const [found, textBytes = 0, startCount = 0, entryCount = 0] = new Uint32Array(own.buffer, 0, headerWords);
  const textAt = (headerWords + startCount + entryCount) * 4;
  if (found !== magic || startCount !== tools + 1 || textAt + textBytes !== own.length) return undefined;
  const starts = new Uint32Array(own.buffer, headerWords * 4, startCount);
  const entries = new Uint32Array(own.buffer, (headerWords + startCount) * 4, entryCount);
  const words = new TextDecoder().decode(own.subarray(textAt)).split("\n");
  const ordered = starts.every((start, at) => start <= entryCount && start >= (starts[at - 1] ?? 0));
  const known = entries.every((entry) => entry >>> 8 < words.length);
  return ordered && known && starts[tools] === entryCount ? { words, starts, entries } : undefined;
}
