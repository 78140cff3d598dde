/**
 * The part of a catalog that a path names: a source, a group or a tool.
 */
import { CodemodeError } from "../errors.ts";
import type { Catalog, Tool } from "../spec/tool.ts";

/** The sources that matter for a path: its own, or all. */
export function sourcesOf(path: string | undefined): (source: string) => boolean {
  return (source) => path === undefined || source === path.split(".", 1)[0];
}

/** The whole catalog without a path. Throws `tool_not_found` when nothing is called so. */
export function catalogBelow(catalog: Catalog, path: string | undefined): Catalog {
  if (path === undefined) return catalog;
  const fits = (tool: Tool): boolean => tool.path === path || tool.path.startsWith(`${path}.`);
  const sources = catalog.sources.flatMap((source) => {
    const tools = source.tools.filter(fits);
    return tools.length === 0 ? [] : [{ ...source, tools }];
  });
  const trouble = catalog.troubles?.find(({ name }) => name === path.split(".", 1)[0]);
  if (sources.length === 0 && trouble !== undefined)
    throw new CodemodeError(
      "source_unavailable",
      `The source "${trouble.name}" offers nothing now: ${trouble.text}.`,
    );
  if (sources.length === 0) {
    throw new CodemodeError("tool_not_found", `Nothing is called "${path}".`, {
      hint: "Give a source, a group or a tool, such as github or github.issues.",
    });
  }
  return {
    ...catalog,
    sources,
    tools: new Map(sources.flatMap(({ tools }) => tools.map((tool) => [tool.path, tool]))),
  };
}
