/** How long an index takes to build, to load from its kept form and to answer, and what it weighs. */
import type { Catalog, CatalogSource } from "../../src/spec/tool.ts";
import { createSearch, type Search } from "../../src/search/create-search.ts";
import type { KeepTerms } from "../../src/search/create-index-cache.ts";
import { searchAnswerToText } from "../../src/search/search-answer-to-text.ts";
import { toolToSignature } from "../../src/typegen/tool-to-signature.ts";
import { growCatalog } from "./grow-catalog.ts";
import { loadSet, setNames } from "./load-sets.ts";

export interface SpeedRow {
  readonly tools: number;
  readonly buildMs: number;
  readonly loadMs: number;
  readonly oneSourceMs: number;
  readonly keptMb: number;
  readonly heapMb: number;
  readonly short: Percentiles;
  readonly long: Percentiles;
  readonly text: Percentiles;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

export async function measureSpeed(size: number): Promise<SpeedRow> {
  const catalog = growCatalog(size);
  const kept = new Map<string, Uint8Array>();
  const keep: KeepTerms = {
    load: async (key) => kept.get(key),
    save: async (key, bytes) => void kept.set(key, bytes),
  };
  const before = heapMb();
  const search = searchFor(catalog, keep);
  const buildMs = await timed(() => search.prepare(catalog));
  const heap = heapMb() - before;
  const loadMs = await timed(() => searchFor(catalog, keep).prepare(catalog));
  const changed = withOneSourceAnew(catalog);
  const oneSourceMs = await timed(() => search.prepare(changed));
  const { shortQueries, longQueries } = sampleQueries();
  const ask = (query: string) => search.search(catalog, { query, detail: "names" });
  for (const query of [...shortQueries, ...longQueries].slice(0, 100)) await ask(query);
  return {
    tools: size,
    buildMs,
    loadMs,
    oneSourceMs,
    keptMb: [...kept.values()].reduce((sum, bytes) => sum + bytes.length, 0) / 2 ** 20,
    heapMb: heap,
    short: await percentiles(shortQueries, ask),
    long: await percentiles(longQueries, ask),
    text: await percentiles(shortQueries, async (query) =>
      searchAnswerToText(await search.search(catalog, { query })),
    ),
  };
}

function searchFor(catalog: Catalog, keep: KeepTerms): Search {
  const sources = new Map(catalog.sources.map((source) => [source.name, source]));
  return createSearch({
    keep,
    signature: (tool, options) => {
      const source = sources.get(tool.source);
      return source === undefined
        ? { signature: "", types: [], truncated: true }
        : toolToSignature(tool, source, options);
    },
  });
}

/** The same catalog with its first source listed again: what a `list_changed` costs. */
function withOneSourceAnew(catalog: Catalog): Catalog {
  const [first, ...others] = catalog.sources;
  const again: CatalogSource[] = first === undefined ? [] : [{ ...first }];
  return { ...catalog, version: `${catalog.version}+`, sources: [...again, ...others] };
}

/** Names and descriptions as someone would type them, and whole tasks from the labelled sets. */
function sampleQueries(): {
  readonly shortQueries: readonly string[];
  readonly longQueries: readonly string[];
} {
  const sets = setNames.map(loadSet);
  const shortQueries = sets.flatMap((set) => {
    return set.tools
      .filter((_, at) => at % 25 === 0)
      .map((tool) => tool.description.split(/\s+/).slice(0, 6).join(" "));
  });
  const longQueries = sets.flatMap((set) =>
    set.queries.filter((_, at) => at % 20 === 0).map((each) => each.query),
  );
  return { shortQueries: shortQueries.filter((query) => query.trim() !== ""), longQueries };
}

async function percentiles(
  queries: readonly string[],
  ask: (query: string) => Promise<unknown>,
): Promise<Percentiles> {
  const times: number[] = [];
  for (const query of queries) {
    // The median of three: what a query costs, not what else the machine did meanwhile.
    const tries = [
      await timed(() => ask(query)),
      await timed(() => ask(query)),
      await timed(() => ask(query)),
    ];
    times.push(tries.sort((a, b) => a - b)[1] ?? 0);
  }
  times.sort((a, b) => a - b);
  return { p50: at(times, 0.5), p99: at(times, 0.99) };
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function heapMb(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}
