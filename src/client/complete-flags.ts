/**
 * What may stand next on the command line of a tool: its flags that are not given yet, or the values of one.
 */
import type { ToolFlag } from "./command-types.ts";
import { findFlag } from "./parse-flags.ts";

/** `words` follow the tool; the last one, perhaps empty, is being typed. */
export function completeFlags(
  words: readonly string[],
  flags: readonly ToolFlag[],
  further: readonly string[],
): readonly string[] {
  const typed = words.at(-1) ?? "";
  const before = words.at(-2) ?? "";
  const awaited =
    before.startsWith("--") && !before.includes("=") ? findFlag(before.slice(2), flags) : undefined;
  if (awaited !== undefined && (awaited.kind !== "boolean" || awaited.list === true))
    return beginningWith(typed, (awaited.values ?? []).map(String));
  const given = new Set(words.slice(0, -1));
  const open = flags.filter((flag) => flag.list === true || !given.has(`--${flag.name}`));
  return beginningWith(typed, [...open.map((flag) => `--${flag.name}`), ...further]);
}

export function beginningWith(typed: string, candidates: readonly string[]): readonly string[] {
  return candidates.filter((each) => each.startsWith(typed)).slice(0, 500);
}
