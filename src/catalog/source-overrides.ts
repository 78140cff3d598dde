/**
 * What an operator says about one source's tools: which to take, how to call them, what they do. Keys are
 * globs over the upstream's name or over the tool's dotted name.
 */
import type { Effect, ToolDefinition } from "../spec/tool.ts";
import { matchGlob } from "../match-glob.ts";

export interface SourceOverrides {
  /** Globs of tools to take; default all. */
  readonly include?: readonly string[];
  /** Globs of tools to leave out; wins over `include`. */
  readonly exclude?: readonly string[];
  /** New names by exact upstream name; dots nest. */
  readonly rename?: { readonly [upstreamName: string]: string };
  /** Effects by glob; the first glob that fits wins. */
  readonly effects?: { readonly [glob: string]: Effect };
  /** Effects by glob for tools whose source says nothing; what it says that is stricter holds. */
  readonly unstated?: { readonly [glob: string]: Effect };
  /** Descriptions by glob. */
  readonly descriptions?: { readonly [glob: string]: string };
}

export function isIncluded(tool: ToolDefinition, overrides: SourceOverrides): boolean {
  const fits = (glob: string): boolean => toolFits(glob, tool);
  if (overrides.exclude?.some(fits)) return false;
  return overrides.include === undefined || overrides.include.some(fits);
}

/** The value of the first glob that fits the tool. */
export function findOverride<T>(
  table: { readonly [glob: string]: T } | undefined,
  tool: ToolDefinition,
): T | undefined {
  if (table === undefined) return undefined;
  for (const [glob, value] of Object.entries(table)) if (toolFits(glob, tool)) return value;
  return undefined;
}

export function renamed(tool: ToolDefinition, overrides: SourceOverrides): readonly string[] {
  const table = overrides.rename;
  if (table === undefined) return tool.name;
  const dotted = tool.name.join(".");
  const to = Object.hasOwn(table, tool.upstreamName)
    ? table[tool.upstreamName]
    : Object.hasOwn(table, dotted)
      ? table[dotted]
      : undefined;
  return to === undefined ? tool.name : to.split(".");
}

function toolFits(glob: string, tool: ToolDefinition): boolean {
  return matchGlob(glob, tool.upstreamName) || matchGlob(glob, tool.name.join("."));
}
