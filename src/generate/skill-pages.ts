/**
 * Parts the tools of a source into pages that a model can afford to read: by their groups, and within a group
 * by size. Of a tool whose types are very large, what a first call needs is kept and the cuts are marked.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { toolToBriefDeclarations } from "../typegen/tool-to-brief-declarations.ts";
import { toolToFunction } from "../typegen/tool-to-function.ts";
import { createFileNames } from "./file-names.ts";

/** Tokens of the declarations on one page. */
export const pageTokens = 4_000;

/** Tokens from which a tool's types are cut: it would push others off its page. */
const toolTokens = 1_200;

interface Part {
  readonly tools: readonly Tool[];
  /** The declarations of those whose types are cut. */
  readonly brief: ReadonlyMap<Tool, string>;
}

export interface SkillPage extends Part {
  /** The group's name, with a number where it takes several pages; empty where there are no groups. */
  readonly title: string;
  /** The name of its file, without the ending. */
  readonly file: string;
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
        ...part,
      };
    });
  });
}

function partBySize(tools: readonly Tool[], source: CatalogSource): readonly Part[] {
  const parts: { tools: Tool[]; brief: Map<Tool, string> }[] = [];
  let left = 0;
  for (const tool of tools) {
    const { text, truncated } = toolToBriefDeclarations(tool, source, toolTokens);
    // What is cut is large; measuring all of it would take longer than writing the page.
    const whole = truncated ? Number.POSITIVE_INFINITY : tokensOf(tool, source);
    const isBrief = whole > 2 * toolTokens;
    const size = isBrief ? estimateTokens(text) : whole;
    let last = parts.at(-1);
    if (last === undefined || size > left) {
      last = { tools: [], brief: new Map() };
      parts.push(last);
      left = pageTokens;
    }
    last.tools.push(tool);
    if (isBrief) last.brief.set(tool, text);
    left -= size;
  }
  return parts;
}

/** What it takes alone; beside others it takes less, since types are shared. */
function tokensOf(tool: Tool, source: CatalogSource): number {
  const { comment, signature, declarations } = toolToFunction(tool, source);
  return estimateTokens([comment, tool.segments.at(-1) ?? "", signature, ...declarations].join("\n"));
}
