/**
 * Which tools a program names: read from its text, since a saved snippet states what it needs before it runs.
 */
import type { Catalog } from "../../spec/tool.ts";
import type { RequiredTool } from "../../spec/workspace.ts";

const chain = /\btools((?:\s*\??\.\s*[\p{L}_$][\p{L}\p{N}_$]*)+)/gu;

/** Those of the catalog that the text calls by path, and those that a run of it called, by path. */
export function findRequiredTools(
  code: string,
  catalog: Catalog,
  called: readonly RequiredTool[] = [],
): RequiredTool[] {
  const found = new Map(called.map((tool) => [tool.path, tool]));
  for (const [, steps = ""] of code.matchAll(chain)) {
    const names = steps.split(/\s*\??\.\s*/).slice(1);
    for (let length = names.length; length > 1; length -= 1) {
      const tool = catalog.tools.get(names.slice(0, length).join(".").trim());
      if (tool === undefined) continue;
      if (!found.has(tool.path)) found.set(tool.path, { path: tool.path, hash: tool.hash });
      break;
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
