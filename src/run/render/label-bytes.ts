/**
 * Finds bytes written as text (data URLs, base64 and its URL form, broken into lines or not) and puts a label with
 * their size in their place: no model reads base64, and it costs a token per two characters.
 */
import { countToText } from "./count-to-text.ts";

/** Shorter runs are keys and hashes that a program may need to see. */
const least = 100;
/** Lines of base64 are 60 characters and more. */
const leastRun = 60;

const candidates =
  /data:([\w.+-]{1,100}\/[\w.+-]{1,100})?(?:;[\w=.+-]{1,100}){0,4};base64,([A-Za-z0-9+/_%-]*={0,2})|[A-Za-z0-9+/_-]{60,}(?:(?:\r?\n|\\n)[A-Za-z0-9+/_-]+)*={0,2}/g;

export type TextPart = { readonly text: string } | { readonly label: string };

/** The text in order, with labels where bytes stood; one part when there were none. */
export function labelBytes(text: string): readonly TextPart[] {
  const bytes = text.startsWith("<") ? /^<(\d{1,15}) bytes>$/.exec(text) : null;
  if (bytes !== null) return [{ label: `<bytes ${countToText(Number(bytes[1]))}>` }];
  if (!hasLongRun(text) && !text.includes(";base64,")) return [{ text }];
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(candidates)) {
    const [found, mime, payload] = match;
    if (payload === undefined && !isBase64(found)) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    const length = countToText((payload ?? found).length);
    parts.push({ label: `<base64 ${length} characters${mime === undefined ? "" : `, ${mime}`}>` });
    from = match.index + found.length;
  }
  if (from < text.length || parts.length === 0) parts.push({ text: text.slice(from) });
  return parts;
}

/** The label of a long text that is bytes from begin to end, judged by its begin; nothing for any other. */
export function labelOfWhole(text: string): string | undefined {
  const begin = text.slice(0, 4_000);
  const [only, ...more] = labelBytes(begin);
  if (only === undefined || more.length > 0 || !("label" in only)) return undefined;
  return only.label.replace(/[\d,]+ characters/, `${countToText(text.length)} characters`);
}

/** The text with its labels in line. */
export function withLabels(text: string): string {
  const parts = labelBytes(text);
  return parts.map((part) => ("text" in part ? part.text : part.label)).join("");
}

/** Whether so many characters of base64 stand in a row: one in every so many is looked at, so this costs nearly nothing. */
function hasLongRun(text: string): boolean {
  for (let at = leastRun - 1; at < text.length; at += leastRun) {
    const before = codedRun(text, at, -1);
    if (before > 0 && before + codedRun(text, at + 1, 1) >= leastRun) return true;
  }
  return false;
}

/** How many such characters stand from `at` on in one direction; no more than matter. */
function codedRun(text: string, at: number, step: 1 | -1): number {
  let length = 0;
  while (length < leastRun && isCoded(text.charCodeAt(at + length * step))) length += 1;
  return length;
}

function isCoded(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 47 && code <= 57) ||
    code === 43 ||
    code === 45 ||
    code === 95
  );
}

/** Long, of all kinds of characters in turn, many capitals: a path and a name in camelCase have fewer of both. */
function isBase64(found: string): boolean {
  const body = found.slice(0, 4_000).replaceAll(/\s|\\n|=+$/g, "");
  if (body.length < least) return false;
  if (!/[a-z]/.test(body) || !/[A-Z]/.test(body) || !/\d/.test(body)) return isMonotone(body);
  let turns = 0;
  for (let at = 1; at < body.length; at += 1) if (kindOf(body, at) !== kindOf(body, at - 1)) turns += 1;
  const capitals = body.replaceAll(/[^A-Z]/g, "").length;
  return turns >= body.length * 0.35 && capitals >= body.length * 0.26;
}

/** Nothing but zero bytes, or nothing but ones: `AAAA…` and `////…`. */
function isMonotone(body: string): boolean {
  return body.length >= 1_000 && /^(?:A+|\/+)$/.test(body);
}

function kindOf(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 97) return 0;
  if (code >= 65) return code === 95 ? 3 : 1;
  return code >= 48 ? 2 : 3;
}
