/**
 * Turns a tag into the groups its operations stand in: `admin.conversations` nests as written, and a tag in
 * prose nests where the paths of its operations show that its first words are a thing of their own:
 * `Radar Attacks` at `/radar/attacks/…` is `radar.attacks`, `Page Rules` at `/pagerules` is `pageRules`.
 */
import { prepositions, splitWords, stem, withoutArticles } from "./words.ts";

export interface TaggedOperation {
  readonly path: string;
  readonly tags: readonly string[];
}

/** The words of each group of a tag; `undefined` for a tag without any letter or digit. */
export type GroupOf = (tag: string) => readonly (readonly string[])[] | undefined;

/** `parents`: OpenAPI 3.2 lets a tag name the one it belongs to. */
export function createGroups(
  operations: readonly TaggedOperation[],
  parents: ReadonlyMap<string, string>,
): GroupOf {
  const tagged = operations.filter(({ tags }) => tags[0] !== undefined);
  const pathsOf = Map.groupBy(tagged, ({ tags }) => tags[0] ?? "");
  const shared = sharedWords([...pathsOf.keys()]);
  const forms = new Map([...pathsOf.keys()].map((tag) => [sound(splitWords(tag)), splitWords(tag)]));
  const made = new Map<string, string[][] | undefined>();

  function make(tag: string): string[][] | undefined {
    const nouns = nounsOf(pathsOf.get(tag) ?? []);
    const segments = lineage(tag, parents)
      .flatMap(separate)
      .map((text, index) => (index === 0 ? toTokens(text).slice(shared) : toTokens(text)))
      .flatMap((tokens) => nest(tokens, nouns))
      .map((words) => forms.get(sound(words)) ?? words)
      .filter((words) => words.length > 0);
    return segments.length === 0 ? undefined : segments;
  }

  return (tag) => {
    if (!made.has(tag)) made.set(tag, make(tag));
    return made.get(tag);
  };
}

/** Leading words that all tags have and that therefore say nothing. */
function sharedWords(tags: readonly string[]): number {
  const tokens = tags.map(toTokens);
  const first = tokens[0]?.[0]?.join(" ");
  return tokens.length > 2 && tokens.every((own) => own.length > 1 && own[0]?.join(" ") === first) ? 1 : 0;
}

const maxParents = 4;

function lineage(tag: string, parents: ReadonlyMap<string, string>): string[] {
  const chain = [tag];
  for (let parent = parents.get(tag); parent !== undefined; parent = parents.get(parent)) {
    if (chain.length > maxParents || chain.includes(parent)) break;
    chain.unshift(parent);
  }
  return chain;
}

/** Dots and slashes nest in a tag without spaces (`admin.users`); in prose they do not (`SSL/TLS mode`). */
function separate(tag: string): string[] {
  if (!/\s/.test(tag.trim())) return tag.split(/[./:]/);
  return tag.split(/\s+(?:[-–>/|]|::)\s+/);
}

/** What may not be torn apart: `Zone-Level` in prose, single words where the tag is one word. */
function toTokens(text: string): string[][] {
  const chunks = text.trim().split(/\s+/).map(splitWords);
  const tokens = chunks.length === 1 ? (chunks[0] ?? []).map((word) => [word]) : chunks;
  const words = withoutArticles(tokens.map((token) => token.join(" ")));
  return words.map((token) => token.split(" ")).filter((token) => token[0] !== "");
}

/** The segments that most of these paths have. */
function nounsOf(operations: readonly TaggedOperation[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { path } of operations) {
    const segments = path.split("/").filter((segment) => !segment.includes("{"));
    for (const noun of new Set(segments.map((segment) => sound(splitWords(segment.replace(/\.\w+$/, "")))))) {
      counts.set(noun, (counts.get(noun) ?? 0) + 1);
    }
  }
  return new Set(
    [...counts].filter(([noun, count]) => noun !== "" && count * 2 > operations.length).map(([noun]) => noun),
  );
}

/** Splits off the longest beginning that is a noun, and goes on with the rest. */
function nest(tokens: readonly (readonly string[])[], nouns: ReadonlySet<string>): string[][] {
  for (let length = tokens.length - 1; length > 0; length -= 1) {
    const rest = tokens.slice(length);
    const noun = tokens.slice(0, length).flat();
    if (!nouns.has(sound(noun)) || prepositions.has(rest[0]?.[0]?.toLowerCase() ?? "")) continue;
    return [noun, ...nest(rest, nouns)];
  }
  return [tokens.flat()];
}

/** Equal for names that differ in spaces, case or number only. */
function sound(words: readonly string[]): string {
  return words.map(stem).join("");
}
