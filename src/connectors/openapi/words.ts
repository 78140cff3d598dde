/**
 * Splits the names that API authors write (`create-in-org`, `listForRepo`, `IP Access rules`) into words and
 * joins words into identifiers.
 */

/**
 * Words in order; letters and digits of any script, nothing else. A word in capitals keeps them inside a
 * camelCase name (`byUUID`) and loses them elsewhere (`IP rules`).
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const [chunk] of text.replaceAll(/['’](?:-(?=s\b))?/g, "").matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const parts = chunk
      // `ACLs` is one word.
      .replaceAll(/\p{Lu}{2,}s(?!\p{Ll})/gu, (plural) => plural.charAt(0) + plural.slice(1).toLowerCase())
      .replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, " ")
      .split(" ");
    words.push(...(parts.length === 1 && chunk === chunk.toUpperCase() ? [chunk.toLowerCase()] : parts));
  }
  return words;
}

/** `["create", "in", "org"]` → `createInOrg`. */
export function toCamel(words: readonly string[]): string {
  return words.map((word, index) => (index === 0 ? lowerFirst(word) : upperFirst(word))).join("");
}

/** `["full", "repository"]` → `FullRepository`. */
export function toPascal(words: readonly string[]): string {
  return words.map(upperFirst).join("");
}

export const prepositions: ReadonlySet<string> = new Set("for of in on to from with by per".split(" "));

/** `get a classroom` says no more than `get classroom`; a letter at the end may be a name. */
export function withoutArticles(words: readonly string[]): string[] {
  return words.filter((word, index) => index === words.length - 1 || !/^(?:a|an|the)$/i.test(word));
}

/** The form in which words are compared: without case and plural. */
export function stem(word: string): string {
  const lower = word.toLowerCase();
  if (/(?:ss|us|is)$/.test(lower)) return lower;
  if (/[^aeiou]ies$/.test(lower)) return `${lower.slice(0, -3)}y`;
  if (/(?:s|x|z|ch|sh)es$/.test(lower)) return lower.slice(0, -2);
  return lower.length > 2 && lower.endsWith("s") ? lower.slice(0, -1) : lower;
}

export function isPlural(word: string): boolean {
  return stem(word) !== word.toLowerCase();
}

/** A first word in capitals is an acronym and becomes lower case as a whole. */
function lowerFirst(word: string): string {
  return word === word.toUpperCase() ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1);
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
