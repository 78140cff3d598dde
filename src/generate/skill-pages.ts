/**
 * Parts the tools of a source into pages that a model can afford to read: by their groups, and within a group
 * by size. A tool that is larger than a page stands on one alone.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { toolToFunction } from "../typegen/tool-to-function.ts";
import { createFileNames } from "./file-names.ts";

/** Tokens of the declarations on one page. */
export const pageTokens = 4_000;

export interface SkillPage {
  /** The group's name, with a number where it takes several pages; empty where there are no groups. */
  readonly title: string;
  /** The name of its file, without the ending. */
  readonly file: string;
  readonly tools: readonly Tool[];
}

export function skillPages(source: CatalogSource): readonly SkillPage[] {
  const groups = new Map<string, Tool[]>();
  for (const tool of source.tools) {
    const group = tool.segments.slice(0, -1)[0] ?? "";
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [tool]);
    else known.push(tool);
  }
  const names = createFileNames();
  return [...groups].flatMap(([group, tools]) => {
    const parts = partBySize(tools, source);
    return parts.map((part, at): SkillPage => {
      const number = parts.length === 1 ? "" : `${at + 1}`;
      return {
        title: [group, number].filter((word) => word !== "").join(" "),
        file: names.take([group === "" ? "tools" : group, number].filter((word) => word !== "").join("-")),
        tools: part,
      };
    });
  });
}

function partBySize(tools: readonly Tool[], source: CatalogSource): readonly (readonly Tool[])[] {
  const parts: Tool[][] = [];
  let left = 0;
  for (const tool of tools) {
    const size = tokensOf(tool, source);
    const last = parts.at(-1);
    if (last === undefined || size > left) {
      parts.push([tool]);
      left = pageTokens - size;
    } else {
      last.push(tool);
      left -= size;
    }
  }
  return parts;
}

/** What it takes alone; beside others it takes less, since types are shared. */
function tokensOf(tool: Tool, source: CatalogSource): number {
  const { comment, signature, declarations } = toolToFunction(tool, source);
  return estimateTokens([comment, tool.segments.at(-1) ?? "", signature, ...declarations].join("\n"));
}
