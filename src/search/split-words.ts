/**
 * Splits text of any kind (prose, camelCase, snake_case, paths) into lower-case words. Knows nothing of
 * stems or meaning.
 */

/** A run of letters and digits, or one character of a script that is written without spaces. */
const runs = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+|[\p{L}\p{M}\p{N}]+/gu;
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** `HTTPServer2` is `HTTP`, `Server`, `2`. */
const humps = /\p{Lu}+(?!\p{Ll})\p{M}*|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+|\p{N}+|\p{L}/gu;
const longestWord = 64;

/** The words of `text`, in order, lower case and without accents. Never more than `limit`. */
export function splitWords(text: string, limit = 100_000): string[] {
  const words: string[] = [];
  for (const [run] of plain(text).matchAll(runs)) {
    if (unspaced.test(run)) pushPairs(run, words);
    else pushHumps(run, words);
    if (words.length >= limit) return words.slice(0, limit);
  }
  return words;
}

function plain(text: string): string {
  return /^[\x20-\x7E\s]*$/.test(text)
    ? text.replaceAll("'", "")
    : text.normalize("NFKD").replaceAll(/[\u0300-\u036F'’]/g, "");
}

/** Scripts without spaces: every pair of neighbours is a word. */
function pushPairs(run: string, words: string[]): void {
  const letters = Array.from(run);
  if (letters.length === 1) words.push(run);
  for (let at = 0; at + 1 < letters.length; at++) words.push(`${letters[at]}${letters[at + 1]}`);
}

function pushHumps(run: string, words: string[]): void {
  if (/^(?:\p{Ll}+|\p{Lu}?\p{Ll}*|\p{Lu}+|\p{N}+)$/u.test(run)) {
    words.push(run.toLowerCase().slice(0, longestWord));
    return;
  }
  const parts = run.match(humps) ?? [run];
  // Short names with a digit (`s3`, `ec2`, `oauth2`, `v4`) are words of their own as well.
  if (run.length <= 8 && /\p{N}/u.test(run) && parts.length > 1) words.push(run.toLowerCase());
  for (const part of parts) words.push(part.toLowerCase().slice(0, longestWord));
}
