/**
 * What a fleet costs a model's context until its first correct call, by kind of surface: for `doctor`, which says
 * so where a small fleet would be cheaper natively.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { Catalog, Tool } from "../spec/tool.ts";
import { catalogToInline, type InlineOptions } from "./catalog-to-inline.ts";
import { catalogToOverview } from "./catalog-to-overview.ts";

export interface SurfaceCostOptions extends InlineOptions {
  /** Tokens of the definitions of `search` and `execute` as they are served. */
  readonly searchDefinitions: number;
  /** Tokens of the definition of `execute` alone. */
  readonly executeDefinition: number;
  /** Tokens of the overview in the server's instructions. Default 400. */
  readonly overviewTokens?: number;
}

/** Estimated o200k tokens. */
export interface SurfaceCost {
  readonly tools: number;
  /** Both definitions, the overview and the answer to one search. */
  readonly search: number;
  /** `execute` with all signatures in its description; absent when they do not fit. */
  readonly inline?: number;
  /** Every tool's name, description and input schema, as a client without code mode sends them. */
  readonly native: number;
  readonly cheapest: "search" | "inline" | "native";
}

/** What an answer to a search takes at the median (bench/search). */
const answerTokens = 600;

export function surfaceCost(catalog: Catalog, options: SurfaceCostOptions): SurfaceCost {
  const overview = catalogToOverview(catalog, { tokens: options.overviewTokens ?? 400 });
  const search = options.searchDefinitions + estimateTokens(overview) + answerTokens;
  const inlined = catalogToInline(catalog, options);
  const inline = inlined === undefined ? undefined : options.executeDefinition + estimateTokens(inlined);
  const native = [...catalog.tools.values()].reduce((sum, tool) => sum + nativeTokens(tool), 0);
  const ours = Math.min(search, inline ?? Infinity);
  return {
    tools: catalog.tools.size,
    search,
    ...(inline === undefined ? {} : { inline }),
    native,
    cheapest: native < ours ? "native" : inline !== undefined && inline <= search ? "inline" : "search",
  };
}

/** References stay references: where a source shares definitions, a native client would pay still more. */
function nativeTokens(tool: Tool): number {
  const definition = { name: tool.upstreamName, description: tool.description, inputSchema: tool.input };
  return estimateTokens(JSON.stringify(definition));
}
