/**
 * Marks sources and tools whose names only look like another of the catalog: `lіnear` with a Cyrillic letter beside
 * `linear`, `get_I` beside `get_l`. Which of the two is the one that was meant, nobody here knows: both are marked.
 */
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { toSkeleton } from "./to-skeleton.ts";

/** Sources that share no look with another stay the very objects they were. */
export function markLookalikes(sources: readonly CatalogSource[]): readonly CatalogSource[] {
  const names = firstTwo(sources.map(({ name }) => name));
  const paths = firstTwo(sources.flatMap(({ tools }) => tools.map(({ path }) => path)));
  return sources.map((source) => {
    const other = otherOf(source.name, names);
    const tools = source.tools.map((tool) => markTool(tool, otherOf(tool.path, paths), other));
    if (other === undefined && tools.every((tool, at) => tool === source.tools[at])) return source;
    return Object.freeze({
      ...source,
      ...(other === undefined ? {} : { looksLike: other }),
      tools: Object.freeze(tools),
    });
  });
}

function markTool(tool: Tool, path: string | undefined, source: string | undefined): Tool {
  const looksLike = path ?? (source === undefined ? undefined : `${source}.…`);
  return looksLike === undefined ? tool : Object.freeze({ ...tool, looksLike });
}

/** By look, the names that have it: two are enough to name another for each. */
function firstTwo(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byLook = new Map<string, string[]>();
  for (const name of names) {
    const look = toSkeleton(name);
    const known = byLook.get(look);
    if (known === undefined) byLook.set(look, [name]);
    else if (known.length < 2) known.push(name);
  }
  return byLook;
}

function otherOf(name: string, byLook: ReadonlyMap<string, readonly string[]>): string | undefined {
  return byLook.get(toSkeleton(name))?.find((each) => each !== name);
}
