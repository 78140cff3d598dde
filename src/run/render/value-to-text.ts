/**
 * Fits a JSON value into tokens: whole as its densest text, or cut by structure as little as the budget needs, with
 * the type of the whole and where the whole is kept.
 */
import type { ExactJson } from "../../spec/value.ts";
import { countToText } from "./count-to-text.ts";
import { cutLines, cutText, mostCharactersPerToken } from "./cut-text.ts";
import { poses, quoteLines } from "./foreign-text.ts";
import { labelOfWhole, withLabels } from "./label-bytes.ts";
import { fitsTokens, mostTokens } from "./most-tokens.ts";
import { escapeHidden, showHidden } from "../../show-hidden.ts";
import { typeOfValue } from "./type-of-value.ts";
import { uncut, writeValue, type Cut, type Written } from "./write-value.ts";

export interface ValueOptions {
  readonly tokens: number;
  /** How a reader gets the whole; said only where something was cut. */
  readonly whole: string | undefined;
  /** Whose words they are, for those that pose as a message of somebody else. */
  readonly from: string;
}

const advice = "Return less: filter, map to the fields needed, or aggregate.";

/** A string as it is, everything else as JSON or a table. Never more than `tokens`. */
export function valueToText(value: ExactJson, { tokens, whole, from }: ValueOptions): string {
  if (typeof value === "string") return stringToText(value, { tokens, whole, from });
  const entire = wholeOf(value, { tokens, from });
  if (entire !== undefined) {
    const noted = entire.labelled && whole !== undefined ? `${entire.text}\n(${whole})` : entire.text;
    if (fitsTokens(noted, tokens)) return noted;
  }
  const note = cutText(noteOn(value, whole, tokens), Math.floor(tokens / 2));
  const room = tokens - mostTokens(note) - 2;
  const cut = fitValue(value, room);
  if (!poses(cut)) return cut === "" ? cutText(note, tokens) : `${cut}\n${note}`;
  const heading = headingOf(from);
  return `${heading}\n${fitValue(value, room - mostTokens(heading) - 1, true)}\n${note}`;
}

/** Structured data is set off by its own syntax; what poses within it stands in quotes, and is named. */
function wholeOf(
  value: ExactJson,
  { tokens, from }: Pick<ValueOptions, "tokens" | "from">,
): Written | undefined {
  const room = tokens * mostCharactersPerToken;
  const written = writeValue(value, uncut, room);
  if (written === undefined || !poses(written.text)) return written;
  const quoted = writeValue(value, { ...uncut, quoted: true }, room);
  return quoted === undefined ? undefined : { ...quoted, text: `${headingOf(from)}\n${quoted.text}` };
}

/** Of one line, without a note: for arguments. */
export function valueToLine(value: ExactJson, tokens: number): string {
  const entire = writeValue(value, uncut, tokens * mostCharactersPerToken);
  if (entire !== undefined && !entire.text.includes("\n") && fitsTokens(entire.text, tokens))
    return entire.text;
  return fitValue(value, tokens).replaceAll("\n", " ");
}

function stringToText(text: string, { tokens, whole, from }: ValueOptions): string {
  const clean = (shown: string): string => showHidden(withLabels(shown), { text: "prose" });
  const bytes = labelOfWhole(text);
  if (bytes !== undefined) return cutText(`${bytes}${whole === undefined ? "" : `\n(${whole})`}`, tokens);
  const heading = headingOf(from);
  if (text.length <= tokens * mostCharactersPerToken) {
    const entire = clean(text);
    const set = poses(entire) ? `${heading}\n${quoteLines(entire)}` : entire;
    if (fitsTokens(set, tokens)) return set;
  }
  const note = cutText(noteOn(text, whole, tokens), Math.floor(tokens / 2));
  const room = tokens - mostTokens(note) - 2;
  const cut = cutText(text, room, clean);
  if (!poses(cut)) return `${cut}\n${note}`;
  const quoted = quoteLines(cutText(text, room * 0.8, clean)).split("\n");
  return `${heading}\n${cutLines(quoted, room - mostTokens(heading) - 1)}\n${note}`;
}

function noteOn(value: ExactJson, whole: string | undefined, tokens: number): string {
  const size = Array.isArray(value)
    ? `, ${countToText(value.length)} items`
    : typeof value === "string"
      ? `, ${countToText(value.length)} characters`
      : "";
  const { text, sampled } = typeOfValue(value, Math.min(600, tokens));
  const type = `${sampled ? ", by a sample" : ""}: ${escapeHidden(text)}${size}`;
  return `(Cut to fit. Whole${type}. ${whole ?? advice})`;
}

function headingOf(from: string): string {
  return `${from}, as data:`;
}

/** The mildest cut that fits: found by the length of the text, proved by its tokens. */
function fitValue(value: ExactJson, tokens: number, quoted = false): string {
  const sample = mildest(value, { characters: Math.min(2_000, tokens * 3), quoted, low: coarsest, high: 24 });
  let density = sample.text.length / Math.max(1, mostTokens(sample.text)) || 3;
  let best = fitsTokens(sample.text, tokens) ? sample.text : "";
  let window = { low: best === "" ? coarsest : sample.detail, high: finest };
  for (let tries = 0; tries < 4; tries += 1) {
    const characters = Math.floor(tokens * density * 0.98 ** tries);
    const { text, detail } = mildest(value, { characters, quoted, ...window });
    const used = mostTokens(text);
    const better = used <= tokens && text.length > best.length;
    if (better) best = text;
    if (used <= tokens && (!better || used > tokens * 0.9 || text.length < characters * 0.8)) break;
    density = text.length / Math.max(1, used) || density / 2;
    window = { low: Math.max(coarsest, detail - 10), high: Math.min(finest, detail + 10) };
  }
  return best === "" ? shapeOnly(value, tokens) : best;
}

/** Eight steps of detail double what is shown. */
const coarsest = -24;
const finest = 104;

interface Search {
  readonly characters: number;
  readonly quoted: boolean;
  readonly low: number;
  readonly high: number;
}

function mildest(
  value: ExactJson,
  { characters, quoted, low, high }: Search,
): { text: string; detail: number } {
  let [from, to] = [low, high];
  let best = { text: "", detail: low };
  while (from <= to) {
    const detail = Math.floor((from + to) / 2);
    const written = writeValue(value, { ...cutOf(detail), quoted }, characters);
    if (written === undefined) to = detail - 1;
    else {
      best = { text: written.text, detail };
      from = detail + 1;
    }
  }
  return best;
}

function cutOf(detail: number): Cut {
  const scale = 2 ** (detail / 8);
  return {
    items: Math.max(1, Math.floor(6 * scale)),
    keys: Math.max(2, Math.floor(16 * scale)),
    characters: Math.max(12, Math.floor(80 * scale)),
    levels: Math.max(1, Math.floor(4 + Math.log2(scale))),
  };
}

function shapeOnly(value: ExactJson, tokens: number): string {
  if (typeof value !== "object" || value === null) return "";
  const shape = Array.isArray(value)
    ? `[… ${countToText(value.length)} items …]`
    : `{… ${countToText(Object.keys(value).length)} keys …}`;
  return fitsTokens(shape, tokens) ? shape : "";
}
