/**
 * Proposes, for the tools of one source that say nothing of what they do, which may count as reads by their names. A
 * glob stands for several tools, and for none whose name also has a word of writing in it.
 */
import { matchGlob } from "../../match-glob.ts";
import type { Tool } from "../../spec/tool.ts";

/** Names that read, by far most of the time; the person is asked to look. */
const readGlobs = ["get_*", "list_*", "read_*", "search_*", "find_*", "describe_*"];

/** `find_and_replace` begins like a read. */
const writingWords = new Set(
  "add and apply approve append archive assign cancel clear close commit convert create delete deploy destroy disable drop edit enable execute exec fix import insert kill mark merge modify move or patch post publish purge push put remove rename replace reset resolve restart revoke rotate run save send set start stop submit swap then transfer truncate update upload upsert wipe write".split(
    " ",
  ),
);

/** For `sources.<name>.unstated`; empty where nothing is needed. */
export function proposeEffects(tools: readonly Tool[]): { [glob: string]: "read" } {
  const silent = tools.filter((tool) => tool.stated === undefined && tool.effectOrigin === "default");
  return Object.fromEntries(
    readGlobs.flatMap((glob) => {
      const fitting = silent.filter(({ upstreamName }) => matchGlob(glob, upstreamName));
      const reading = fitting.filter(({ upstreamName }) => !writes(upstreamName));
      const globbed = reading.length > 1 && reading.length === fitting.length;
      return (globbed ? [glob] : reading.map((tool) => tool.upstreamName)).map(
        (each) => [each, "read"] as const,
      );
    }),
  );
}

function writes(name: string): boolean {
  const words = name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
  return words.split(/[^a-z]+/).some((word) => writingWords.has(word));
}
