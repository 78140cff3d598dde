/** Counts the tools of each group: a group is the first name segment that further ones follow. */
import type { Tool } from "../spec/tool.ts";

export interface GroupCount {
  readonly name: string;
  readonly tools: number;
}

/** Groups below the given depth of segments, most tools first; tools outside any group are not counted. */
export function countGroups(tools: readonly Tool[], depth = 0): GroupCount[] {
  const counts = new Map<string, number>();
  for (const tool of tools) {
    const group = tool.segments[depth];
    if (group === undefined || tool.segments.length < depth + 2) continue;
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, tools: count }))
    .sort((a, b) => b.tools - a.tools || (a.name < b.name ? -1 : 1));
}
