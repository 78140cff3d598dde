/**
 * The index of the catalog asked about last. Terms are made once per source and shared by later catalogs in
 * which that source is unchanged; with a place to keep them, by later starts as well.
 */
import type { Catalog, CatalogSource } from "../spec/tool.ts";
import { createScorer, type Scorer } from "./create-scorer.ts";
import { partsToIndex } from "./search-index.ts";
import { sourceToKey } from "./source-to-key.ts";
import { sourceToTerms, type SourceTerms } from "./source-terms.ts";
import { bytesToTerms, termsToBytes } from "./terms-to-bytes.ts";

/** Where terms are kept between starts. Both may reject: search goes on without. */
export interface KeepTerms {
  load(key: string): Promise<Uint8Array | undefined>;
  save(key: string, bytes: Uint8Array): Promise<void>;
}

export interface IndexCache {
  scorerOf(catalog: Catalog): Promise<Scorer>;
}

/** Sources smaller than this are analysed faster than they are read. */
const fewTools = 50;

export function createIndexCache(keep?: KeepTerms): IndexCache {
  const known = new WeakMap<CatalogSource, Promise<SourceTerms>>();
  let current: { readonly catalog: Catalog; readonly scorer: Promise<Scorer> } | undefined;

  function termsOf(source: CatalogSource): Promise<SourceTerms> {
    const terms = known.get(source) ?? readTerms(source, keep);
    known.set(source, terms);
    return terms;
  }

  async function build(catalog: Catalog): Promise<Scorer> {
    const parts = [];
    for (const source of catalog.sources) parts.push({ tools: source.tools, terms: await termsOf(source) });
    return createScorer(partsToIndex(parts));
  }

  return {
    scorerOf(catalog) {
      if (current === undefined || !isSame(current.catalog, catalog)) {
        current = { catalog, scorer: build(catalog) };
      }
      return current.scorer;
    },
  };
}

function isSame(a: Catalog, b: Catalog): boolean {
  return a === b || (a.version === b.version && a.tools.size === b.tools.size);
}

async function readTerms(source: CatalogSource, keep: KeepTerms | undefined): Promise<SourceTerms> {
  // Between sources the event loop gets its turn: analysing a large fleet takes a while.
  await new Promise((resolve) => setImmediate(resolve));
  if (keep === undefined || source.tools.length < fewTools) return sourceToTerms(source);
  const key = sourceToKey(source);
  const bytes = await keep.load(key).catch(() => undefined);
  const kept = bytes === undefined ? undefined : bytesToTerms(bytes, source.tools.length);
  if (kept !== undefined) return kept;
  const terms = sourceToTerms(source);
  // Losing what is kept costs time at the next start, nothing else.
  keep.save(key, termsToBytes(terms)).catch(() => undefined);
  return terms;
}
