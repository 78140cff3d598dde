/** What the benchmark asks of a search: take tools, answer queries with their names, best first. */
import type { SetTool } from "../load-sets.ts";

export interface Peer {
  readonly name: string;
  /** What was run: a package with its version, or semantics written again here and from which file. */
  readonly origin: string;
  build(tools: readonly SetTool[]): Promise<(query: string) => Promise<readonly string[]>>;
}

/** Numbers of the items with a score above zero, best first, ties in order. */
export function bestFirst(scores: ArrayLike<number>, count: number): number[] {
  const matched: number[] = [];
  for (let at = 0; at < scores.length; at++) if ((scores[at] ?? 0) > 0) matched.push(at);
  return matched.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, count);
}

export function parameterNames(tool: SetTool): string[] {
  return Object.keys(parameters(tool));
}

export function parameters(tool: SetTool): { readonly [name: string]: unknown } {
  if (typeof tool.inputSchema !== "object") return {};
  const properties = tool.inputSchema["properties"];
  return typeof properties === "object" && properties !== null ? { ...properties } : {};
}
