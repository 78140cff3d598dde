/**
 * Takes out of an operation's name what its group says already: `tasks` and `createTask` make
 * `tasks.create`. Different names stay different by nearly every rule, so that short names rarely collide.
 */
import type { NameChoice } from "./name-operations.ts";
import { verbs } from "./name-from-path.ts";
import { isPlural, prepositions, stem, toCamel, withoutArticles } from "./words.ts";

const verbsOfMany = new Set(["list", "search", "find", "count"]);

export interface NameGroup {
  /** The words of each of its segments. */
  readonly group: readonly (readonly string[])[];
  readonly answersList: boolean;
}

export function shortenName(words: readonly string[], { group, answersList }: NameGroup): NameChoice {
  const segments = group.map(toCamel);
  const groupWords = group.flat();
  const whole = withoutArticles(words);
  const own = withoutGroupPrefix(whole, groupWords);
  const action = withoutGroupNoun(own, groupWords);
  const lists =
    answersList && isPlural(own.at(-1) ?? "") && isAction(own, "get") && isAll(own.slice(1), groupWords);
  return {
    short: [...segments, lists ? "list" : toCamel(action)],
    long: [...segments, toCamel(whole)],
  };
}

/** `page-rules-delete-page-rule` in `Page Rules` → `delete page rule`; `radar-get-http-x` in `Radar Http` → `get http x`. */
function withoutGroupPrefix(words: readonly string[], group: readonly string[]): readonly string[] {
  let rest = words;
  for (let start = 0; start < group.length; start += 1) {
    const tail = group.slice(start);
    // A single shared word is only taken for the group's name when it is all of the group.
    if (tail.length === 1 && start > 0) break;
    const length = prefixLength(words, tail);
    if (length === 0 || length >= words.length) continue;
    rest = words.slice(length);
    break;
  }
  if (rest === words) {
    const shared = sharedLength(words, group);
    if (shared > 0 && isVerb(words[shared])) rest = words.slice(shared);
  }
  return /^v?\d+$/.test(rest[0] ?? "") && isVerb(rest[1]) ? rest.slice(1) : rest;
}

function withoutGroupNoun(words: readonly string[], group: readonly string[]): readonly string[] {
  const [verb = "", ...noun] = words;
  if (noun.length === 0 || !isVerb(verb)) return words;
  const many = verbsOfMany.has(verb.toLowerCase());
  for (const name of namesOf(group)) {
    const length = prefixLength(noun, name);
    if (length === 0) continue;
    const last = noun[length - 1] ?? "";
    const asWritten = last.toLowerCase() === name.at(-1)?.toLowerCase();
    if (length === noun.length && (many ? isPlural(last) || asWritten : !isPlural(last))) return [verb];
    // `createTaskForProject` creates one, while `get` may mean one or all.
    const clear = asWritten || (isPreposition(noun[length]) && verb.toLowerCase() !== "get");
    if (length < noun.length && clear) return [verb, ...noun.slice(length)];
  }
  return words;
}

function isAction(words: readonly string[], verb: string): boolean {
  return words.length > 1 && words[0]?.toLowerCase() === verb;
}

function isAll(noun: readonly string[], group: readonly string[]): boolean {
  return namesOf(group).some((name) => prefixLength(noun, name) === noun.length);
}

/** What the group's members may be called: all of its words, and the nouns at its end or before `for …`. */
function namesOf(group: readonly string[]): (readonly string[])[] {
  const at = group.findIndex(isPreposition);
  const heads = at > 0 ? [group, group.slice(0, at)] : [group];
  return heads.flatMap((head) => head.map((_, start) => head.slice(start)));
}

/** How many of the first words of `words` say the same as all of `name`; spaces and plurals do not matter. */
function prefixLength(words: readonly string[], name: readonly string[]): number {
  const wanted = name.map(stem).join("");
  let said = "";
  for (const [index, word] of words.entries()) {
    if (stem(said + word.toLowerCase()) === wanted || said + stem(word) === wanted) return index + 1;
    said += stem(word);
    if (said.length > wanted.length) return 0;
  }
  return 0;
}

function sharedLength(words: readonly string[], group: readonly string[]): number {
  let length = 0;
  while (length < group.length && stem(words[length] ?? "") === stem(group[length] ?? "")) length += 1;
  return length;
}

function isPreposition(word: string | undefined): boolean {
  return word !== undefined && prepositions.has(word.toLowerCase());
}

function isVerb(word: string | undefined): boolean {
  return word !== undefined && verbs.has(word.toLowerCase());
}
