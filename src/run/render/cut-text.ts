/**
 * Fits text into tokens: head and tail with the number of characters or lines between them, since causes stand at
 * one end and outcomes at the other.
 */
import { gapMark } from "./count-to-text.ts";
import { fitsTokens, mostTokens } from "./most-tokens.ts";

/** No text is looked at as a whole that has more characters per token allowed than this. */
export const mostCharactersPerToken = 8;
const headShare = 0.65;

/**
 * The whole text, or its two ends; the empty text when not even the mark fits. `clean` is done to what is shown, so
 * that a text of megabytes is not cleaned for the sake of its ends.
 */
export function cutText(text: string, tokens: number, clean = (shown: string): string => shown): string {
  if (text.length <= tokens * mostCharactersPerToken) {
    const entire = clean(text);
    if (fitsTokens(entire, tokens)) return entire;
  }
  const sample = text.slice(0, Math.max(16, tokens * 4));
  const density = sample.length / Math.max(1, mostTokens(clean(sample)));
  let characters = Math.floor(Math.max(0, tokens - 12) * Math.min(density, mostCharactersPerToken));
  for (; characters >= 12; characters = Math.floor(characters * 0.85)) {
    if (characters >= text.length) continue;
    const cut = headAndTail(text, characters, clean);
    if (fitsTokens(cut, tokens)) return cut;
  }
  const mark = gapMark(text.length, "characters");
  return fitsTokens(mark, tokens) ? mark : "";
}

function headAndTail(text: string, characters: number, clean: (shown: string) => string): string {
  const head = wellFormedHead(text.slice(0, Math.ceil(characters * headShare)));
  const tail = wellFormedTail(text.slice(text.length - Math.floor(characters * (1 - headShare))));
  return `${clean(head)} ${gapMark(text.length - head.length - tail.length, "characters")} ${clean(tail)}`;
}

/** Without half a character at its end. */
export function wellFormedHead(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}

/** Without half a character at its begin. */
export function wellFormedTail(text: string): string {
  return /^[\uDC00-\uDFFF]/.test(text) ? text.slice(1) : text;
}

/** First and last lines in turn; a line that is too long for what is left is cut itself. */
export function cutLines(lines: readonly string[], tokens: number): string {
  const whole = wholeLines(lines, tokens);
  if (whole !== undefined) return whole;
  const head: string[] = [];
  const tail: string[] = [];
  let left = tokens - 12;
  let from = 0;
  let to = lines.length;
  while (from < to && left > 4) {
    const fromHead = head.length <= tail.length;
    const line = cutText(lines[fromHead ? from : to - 1] ?? "", Math.min(left, Math.max(64, tokens / 3)));
    const cost = mostTokens(line) + 1;
    if (cost > left) break;
    left -= cost;
    if (fromHead) head.push(line);
    else tail.unshift(line);
    if (fromHead) from += 1;
    else to -= 1;
  }
  const gap = to > from ? [gapMark(to - from, "lines")] : [];
  return cutText([...head, ...gap, ...tail].join("\n"), tokens);
}

function wholeLines(lines: readonly string[], tokens: number): string | undefined {
  let characters = 0;
  for (const line of lines) {
    characters += line.length + 1;
    if (characters > tokens * mostCharactersPerToken) return undefined;
  }
  const whole = lines.join("\n");
  return fitsTokens(whole, tokens) ? whole : undefined;
}
