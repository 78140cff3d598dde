/**
 * Turns a tag into the group its operations stand in: `Radar Attacks` → `radarAttacks`,
 * `admin.conversations` → `admin.conversations`.
 */
import { splitWords, withoutArticles } from "./words.ts";

export interface TagHabits {
  /** Leading words that all tags share and that therefore say nothing. */
  readonly sharedTagWords: number;
  /** OpenAPI 3.2 lets a tag name the one it belongs to. */
  readonly tagParents: ReadonlyMap<string, string>;
}

const maxParents = 4;

export function tagHabits(tags: readonly string[], tagParents: ReadonlyMap<string, string>): TagHabits {
  const distinct = [...new Set(tags)].map(splitWords);
  const [first] = distinct;
  const shares =
    first !== undefined &&
    distinct.length > 2 &&
    distinct.every((words) => words.length > 1 && words[0] === first[0]);
  return { sharedTagWords: shares ? 1 : 0, tagParents };
}

/** The words of each segment; `undefined` for a tag without any letter or digit. */
export function groupFromTag(tag: string, habits: TagHabits): string[][] | undefined {
  const chain = [tag];
  for (
    let parent = habits.tagParents.get(tag);
    parent !== undefined;
    parent = habits.tagParents.get(parent)
  ) {
    if (chain.length > maxParents || chain.includes(parent)) break;
    chain.unshift(parent);
  }
  const segments = chain
    .flatMap(separate)
    .map(splitWords)
    .map(withoutArticles)
    .filter((words) => words.length > 0);
  if (segments[0] !== undefined && segments[0].length > habits.sharedTagWords) {
    segments[0] = segments[0].slice(habits.sharedTagWords);
  }
  return segments.length === 0 ? undefined : segments;
}

/** Dots and slashes nest in a tag without spaces (`admin.users`); in prose they do not (`SSL/TLS mode`). */
function separate(tag: string): string[] {
  if (!/\s/.test(tag.trim())) return tag.split(/[./:]/);
  return tag.split(/\s+(?:[-–>/|]|::)\s+/);
}
