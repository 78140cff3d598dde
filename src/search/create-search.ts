/**
 * Tool search over a catalog: finds tools by words, name or glob and answers within a token budget. Types
 * come from outside; meaning (vectors) and memory of use are options.
 */
import { CodemodeError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { SearchAnswer, SearchDetail, SearchRequest } from "../spec/search.ts";
import type { Catalog } from "../spec/tool.ts";
import { catalogToOverview } from "./catalog-to-overview.ts";
import { createEmbedding, type Embed } from "./create-embedding.ts";
import { createIndexCache, type KeepTerms } from "./create-index-cache.ts";
import type { Scorer } from "./create-scorer.ts";
import type { UseMemory } from "./create-use-memory.ts";
import { describePath, nearestPaths } from "./describe-path.ts";
import { findTools, sortCounts, type Found, type Hints } from "./find-tools.ts";
import { modelTokens } from "./model-tokens.ts";
import { parseQuery, type Query } from "./parse-query.ts";
import { foldName } from "./search-index.ts";
import { spendBudget } from "./spend-budget.ts";
import { spreadSources } from "./spread-sources.ts";
import type { RenderSignature } from "./tool-signature.ts";

export interface SearchOptions {
  readonly signature: RenderSignature;
  /** Estimated o200k tokens of an answer's text, by detail. Default 800, 800 and 2,000. */
  readonly tokens?: { readonly [detail in SearchDetail]?: number };
  /** Keeps what is expensive to make between starts. */
  readonly keep?: KeepTerms;
  /** Adds tools that are near in meaning. Off without it; nothing is downloaded. */
  readonly embed?: Embed;
  /** Hears why vectors were missing from an answer. */
  readonly onEmbedFailure?: (error: unknown) => void;
  /** Tools called after a search rise a little for the same principal. Off without it. */
  readonly memory?: UseMemory;
}

export interface Search {
  /** Throws `usage` for options out of range and an unknown source. */
  readonly search: (catalog: Catalog, request: SearchRequest) => Promise<SearchAnswer>;
  /** Builds the index ahead of the first search. */
  readonly prepare: (catalog: Catalog) => Promise<void>;
}

const defaultTokens: { readonly [detail in SearchDetail]: number } = {
  names: 800,
  signatures: 800,
  full: 2000,
};
/** What the text has besides hits and types: near misses and how to refine. */
const footerTokens = 120;
const mostNearMisses = 20;
const nearestByMeaning = 100;

export function createSearch(options: SearchOptions): Search {
  const cache = createIndexCache(options.keep);
  const embedding = options.embed && createEmbedding(options.embed, options.onEmbedFailure);

  async function hintsFor(scorer: Scorer, query: Query): Promise<Hints> {
    if (query.kind !== "words") return {};
    const near = await embedding?.nearestTools(scorer.index.tools, query.text, nearestByMeaning);
    const rises = options.memory?.recall(query.principal, query.text);
    return { ...(near === undefined ? {} : { nearest: near }), ...(rises === undefined ? {} : { rises }) };
  }

  return {
    async search(catalog, request) {
      const query = withKnownSource(parseQuery(request), catalog);
      if (query.source !== undefined && !catalog.sources.some(({ name }) => name === query.source))
        return { ...nothing, ...troublesOf(catalog, query.source) };
      const tokens = options.tokens?.[query.detail] ?? defaultTokens[query.detail];
      if (query.kind === "overview") return overviewAnswer(catalog, query.source, tokens);
      const scorer = await cache.scorerOf(catalog);
      const found = findTools(scorer, query, await hintsFor(scorer, query));
      return foundAnswer(catalog, found, { query, tokens, signature: options.signature });
    },
    async prepare(catalog) {
      await cache.scorerOf(catalog);
    },
  };
}

/** A source may be named as the operator wrote it: `brave-search` is `brave_search`. */
function withKnownSource(query: Query, catalog: Catalog): Query {
  if (query.source === undefined) return query;
  const wanted = foldName(query.source);
  const names = [...catalog.sources, ...(catalog.troubles ?? [])].map((source) => source.name);
  const source =
    names.find((name) => name === query.source) ?? names.find((name) => foldName(name) === wanted);
  if (source !== undefined) return { ...query, source };
  const near = nearest(query.source, names);
  throw new CodemodeError("usage", `search: there is no source "${query.source.slice(0, 100)}".`, {
    hint:
      near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Sources: ${names.slice(0, 30).join(", ")}.`,
  });
}

const nothing: SearchAnswer = { results: [], total: 0, truncated: false, more: [], sources: [], types: "" };

function troublesOf({ troubles = [] }: Catalog, source: string | undefined): Pick<SearchAnswer, "troubles"> {
  const found = troubles.filter(({ name }) => source === undefined || name === source);
  return found.length === 0 ? {} : { troubles: found };
}

function foundAnswer(
  catalog: Catalog,
  found: Found,
  {
    query,
    tokens,
    signature,
  }: { readonly query: Query; readonly tokens: number; readonly signature: RenderSignature },
): SearchAnswer {
  // An index may be older than the catalog in what it does not index: the tool itself is taken anew.
  const ordered = spreadSources(found.tools, query.limit);
  const best = ordered
    .slice(0, query.limit)
    .map((each) => ({ ...each, tool: catalog.tools.get(each.tool.path) ?? each.tool }));
  const spent = spendBudget(best, {
    detail: query.detail,
    tokens: modelTokens(tokens) - footerTokens,
    signature,
  });
  const near = ordered
    .slice(spent.hits.length, spent.hits.length + mostNearMisses)
    .map((each) => each.tool.path);
  return {
    results: spent.hits,
    total: found.tools.length,
    ...(query.unread === 0 ? {} : { unread: query.unread }),
    truncated: spent.truncated || found.tools.length > spent.hits.length,
    more: best.length > 0 ? near : nearestPaths(catalog, query.text),
    sources: found.sources,
    types: spent.types.join("\n"),
    tokens,
    ...troublesOf(catalog, query.source),
  };
}

function overviewAnswer(catalog: Catalog, source: string | undefined, tokens: number): SearchAnswer {
  const sources = catalog.sources.filter((each) => source === undefined || each.name === source);
  return {
    results: [],
    total: sources.reduce((sum, each) => sum + each.tools.length, 0),
    truncated: false,
    more: [],
    sources: sortCounts(new Map(sources.map((each) => [each.name, each.tools.length]))),
    types: "",
    ...troublesOf(catalog, source),
    overview:
      source === undefined
        ? catalogToOverview(catalog, { tokens })
        : describePath(catalog, source, { tokens }),
  };
}
