/**
 * Splits text of any kind (prose, camelCase, snake_case, paths) into lower-case words. Knows nothing of
 * stems or meaning.
 */

interface Letters {
  /** Runs of letters and digits. */
  readonly runs: RegExp;
  /** A run that is one word already. */
  readonly simple: RegExp;
  /** `HTTPServer2` is `HTTP`, `Server`, `2`. */
  readonly humps: RegExp;
}

/** The same three for text that is plain ASCII, where they are several times as fast. */
const ascii: Letters = {
  runs: /[A-Za-z0-9]+/g,
  simple: /^(?:[a-z]+|[A-Z][a-z]*|[A-Z]+|[0-9]+)$/,
  humps: /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g,
};
const anyScript: Letters = {
  runs: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+|[\p{L}\p{M}\p{N}]+/gu,
  simple: /^(?:\p{Ll}+|\p{Lu}\p{Ll}*|\p{Lu}+|\p{N}+)$/u,
  humps: /\p{Lu}+(?!\p{Ll})\p{M}*|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+|\p{N}+|\p{L}/gu,
};
/** Scripts that are written without spaces. */
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const longestWord = 64;

/** The words of `text`, in order, lower case and without accents. Never more than `limit`. */
export function splitWords(text: string, limit = 100_000): string[] {
  const isAscii = /^\p{ASCII}*$/u.test(text);
  const plain = isAscii
    ? text.replaceAll("'", "")
    : text.normalize("NFKD").replaceAll(/[\u0300-\u036F'’]/g, "");
  const letters = isAscii ? ascii : anyScript;
  const words: string[] = [];
  for (const run of plain.match(letters.runs) ?? []) {
    if (letters.simple.test(run)) words.push(run.toLowerCase().slice(0, longestWord));
    else if (!isAscii && unspaced.test(run)) pushPairs(run, words);
    else pushHumps(run, letters, words);
    if (words.length >= limit) return words.slice(0, limit);
  }
  return words;
}

/** Without spaces, every pair of neighbours is a word. */
function pushPairs(run: string, words: string[]): void {
  const letters = Array.from(run);
  if (letters.length === 1) words.push(run);
  for (let at = 0; at + 1 < letters.length; at++) words.push(`${letters[at]}${letters[at + 1]}`);
}

function pushHumps(run: string, letters: Letters, words: string[]): void {
  const parts = run.match(letters.humps) ?? [run];
  // Short names with a digit (`s3`, `ec2`, `oauth2`, `v4`) are words of their own as well.
  if (run.length <= 8 && parts.length > 1 && /\d/.test(run)) words.push(run.toLowerCase());
  for (const part of parts) words.push(part.toLowerCase().slice(0, longestWord));
}
