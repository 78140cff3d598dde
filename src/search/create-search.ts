/**
 * Tool search over a catalog: builds the index when it first sees a catalog, keeps the terms of sources
 * that did not change, and answers within a token budget. Types come from outside.
 */
import type { SearchAnswer, SearchDetail, SearchRequest } from "../spec/search.ts";
import type { Catalog, CatalogSource } from "../spec/tool.ts";
import { createScorer, type Scorer } from "./create-scorer.ts";
import { catalogToOverview } from "./catalog-to-overview.ts";
import { findTools } from "./find-tools.ts";
import { parseQuery } from "./parse-query.ts";
import { partsToIndex } from "./search-index.ts";
import { sourceToTerms, type SourceTerms } from "./source-terms.ts";
import { spendBudget } from "./spend-budget.ts";
import type { RenderSignature } from "./tool-signature.ts";

export interface SearchOptions {
  readonly signature: RenderSignature;
  /** Estimated o200k tokens of an answer's text, by detail. Default 400, 800 and 2,000. */
  readonly tokens?: { readonly [detail in SearchDetail]?: number };
}

export interface Search {
  /** Throws `usage` for a query that is too long or options out of range. */
  search(catalog: Catalog, request: SearchRequest): Promise<SearchAnswer>;
}

const defaultTokens: { readonly [detail in SearchDetail]: number } = {
  names: 400,
  signatures: 800,
  full: 2000,
};
/** What the text has besides hits and types: near misses and how to refine. */
const footerTokens = 150;
const mostNearMisses = 12;

export function createSearch(options: SearchOptions): Search {
  const terms = new WeakMap<CatalogSource, SourceTerms>();
  let current: { readonly version: string; readonly scorer: Scorer } | undefined;

  function scorerOf(catalog: Catalog): Scorer {
    if (current?.version === catalog.version) return current.scorer;
    const parts = catalog.sources.map((source) => {
      const known = terms.get(source) ?? sourceToTerms(source);
      terms.set(source, known);
      return { tools: source.tools, terms: known };
    });
    current = { version: catalog.version, scorer: createScorer(partsToIndex(parts)) };
    return current.scorer;
  }

  return {
    async search(catalog, request) {
      const query = parseQuery(request);
      const tokens = options.tokens?.[query.detail] ?? defaultTokens[query.detail];
      if (query.kind === "overview") return overviewAnswer(catalog, tokens);
      const found = findTools(scorerOf(catalog), query);
      const spent = spendBudget(found.tools.slice(0, query.limit), {
        detail: query.detail,
        tokens: tokens - footerTokens,
        signature: options.signature,
      });
      const near = [...spent.left, ...found.tools.slice(query.limit)];
      return {
        results: spent.hits,
        total: found.tools.length,
        truncated: spent.truncated || found.tools.length > spent.hits.length,
        more: near.slice(0, mostNearMisses).map((scored) => scored.tool.path),
        sources: found.sources,
        types: spent.types.join("\n"),
      };
    },
  };
}

function overviewAnswer(catalog: Catalog, tokens: number): SearchAnswer {
  return {
    results: [],
    total: catalog.tools.size,
    truncated: false,
    more: [],
    sources: catalog.sources
      .map((source) => ({ name: source.name, matches: source.tools.length }))
      .sort((a, b) => b.matches - a.matches || (a.name < b.name ? -1 : 1)),
    types: "",
    overview: catalogToOverview(catalog, { tokens }),
  };
}
