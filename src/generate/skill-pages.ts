/**
 * Parts the tools of a source into pages that a model can afford to read: by their groups, and within a group
 * by size; small groups share a page. Of a tool whose types are very large, what a first call needs is kept and
 * the cuts are marked.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { toolToBriefDeclarations } from "../typegen/tool-to-brief-declarations.ts";
import { toolToFunction } from "../typegen/tool-to-function.ts";
import { createFileNames } from "./file-names.ts";

/** Tokens of the declarations on one page. */
const pageTokens = 4_000;
/** Tokens from which a tool's types are cut: it would push others off its page. */
const toolTokens = 1_200;

export interface SkillPage {
  /** `issues`, `issues 2`, or `issues to repos`; empty where there are no groups. */
  readonly title: string;
  /** The name of its file, without the ending. */
  readonly file: string;
  readonly tools: readonly Tool[];
  /** The declarations of those whose types are cut. */
  readonly brief: ReadonlyMap<Tool, string>;
}

interface Part {
  readonly groups: string[];
  readonly tools: Tool[];
  readonly brief: Map<Tool, string>;
  size: number;
}

export function skillPages(source: CatalogSource): readonly SkillPage[] {
  const groups = new Map<string, Tool[]>();
  for (const tool of source.tools) {
    const group = tool.segments.slice(0, -1)[0] ?? "";
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [tool]);
    else known.push(tool);
  }
  const parts: Part[] = [];
  for (const [group, tools] of groups) addGroup(parts, partBySize(group, tools, source));
  const names = createFileNames();
  return parts.map(({ groups: of, tools, brief }, at): SkillPage => {
    const title = toTitle(of, at, parts);
    return { title, file: names.take(title === "" ? "tools" : title.replaceAll(" ", "-")), tools, brief };
  });
}

/** A group that is small joins the page before it, where that has room and is not part of a larger group. */
function addGroup(parts: Part[], group: readonly Part[]): void {
  const last = parts.at(-1);
  const [only, ...more] = group;
  const isFree =
    last !== undefined && parts.filter(({ groups }) => groups[0] === last.groups[0]).length === 1;
  if (only === undefined || more.length > 0 || !isFree || last.size + only.size > pageTokens) {
    parts.push(...group);
    return;
  }
  last.groups.push(...only.groups);
  last.tools.push(...only.tools);
  for (const [tool, text] of only.brief) last.brief.set(tool, text);
  last.size += only.size;
}

function toTitle(groups: readonly string[], at: number, parts: readonly Part[]): string {
  const [first = "", ...others] = groups;
  const last = others.at(-1);
  if (last !== undefined) return [first === "" ? "tools" : first, last].join(" to ");
  const same = parts.flatMap((part, index) => (part.groups[0] === first ? [index] : []));
  return [first, same.length === 1 ? "" : `${same.indexOf(at) + 1}`].filter((word) => word !== "").join(" ");
}

function partBySize(group: string, tools: readonly Tool[], source: CatalogSource): readonly Part[] {
  const parts: Part[] = [];
  for (const tool of tools) {
    const { text, truncated } = toolToBriefDeclarations(tool, source, toolTokens);
    // What is cut is large; measuring all of it would take longer than writing the page.
    const whole = truncated ? Number.POSITIVE_INFINITY : tokensOf(tool, source);
    const isBrief = whole > 2 * toolTokens;
    const size = isBrief ? estimateTokens(text) : whole;
    let last = parts.at(-1);
    if (last === undefined || last.size + size > pageTokens) {
      last = { groups: [group], tools: [], brief: new Map(), size: 0 };
      parts.push(last);
    }
    last.tools.push(tool);
    if (isBrief) last.brief.set(tool, text);
    last.size += size;
  }
  return parts;
}

/** What it takes alone; beside others it takes less, since types are shared. */
function tokensOf(tool: Tool, source: CatalogSource): number {
  const { comment, signature, declarations } = toolToFunction(tool, source);
  return estimateTokens([comment, tool.segments.at(-1) ?? "", signature, ...declarations].join("\n"));
}
