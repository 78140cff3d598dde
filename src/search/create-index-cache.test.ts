import { describe, expect, it } from "vitest";
import { loadListing } from "../../test/fixtures/search/load-fleet.ts";
import { buildSource, joinSources } from "../catalog/build-catalog.ts";
import type { CatalogSource } from "../spec/tool.ts";
import { createIndexCache, type KeepTerms } from "./create-index-cache.ts";
import { sourceToKey } from "./source-to-key.ts";
import { sourceToTerms } from "./source-terms.ts";
import { bytesToTerms, termsToBytes } from "./terms-to-bytes.ts";

function largeSource(name: string, description = "A tool of many"): CatalogSource {
  const { tools } = loadListing("tracker");
  const many = [0, 1, 2].flatMap((part) =>
    tools.map((tool) => ({
      ...tool,
      upstreamName: `${part}/${tool.upstreamName}`,
      name: [`part${part}`, ...tool.name],
    })),
  );
  return buildSource({
    name,
    listing: {
      tools: [...many, { upstreamName: "own", name: ["own"], description, input: {}, raw: description }],
      issues: [],
    },
  });
}

function memoryKeep(): KeepTerms & { readonly kept: Map<string, Uint8Array>; readonly loads: string[] } {
  const kept = new Map<string, Uint8Array>();
  const loads: string[] = [];
  return {
    kept,
    loads,
    load: async (key) => {
      loads.push(key);
      return kept.get(key);
    },
    save: async (key, bytes) => void kept.set(key, bytes),
  };
}

describe("createIndexCache", () => {
  it("keeps the terms of a large source and takes them up again", async () => {
    const keep = memoryKeep();
    const catalog = joinSources([largeSource("big")]);
    const made = (await createIndexCache(keep).scorerOf(catalog)).index;
    expect([...keep.kept.keys()]).toEqual([sourceToKey(largeSource("big"))]);
    const again = (await createIndexCache(keep).scorerOf(joinSources([largeSource("big")]))).index;
    expect(keep.loads).toHaveLength(2);
    expect(keep.kept.size).toBe(1);
    expect(again.postingScores).toEqual(made.postingScores);
    expect(again.vocabulary).toEqual(made.vocabulary);
  });

  it("makes terms anew for a source that changed, and only for that one", async () => {
    const keep = memoryKeep();
    const cache = createIndexCache(keep);
    const steady = largeSource("steady");
    await cache.scorerOf(joinSources([steady, largeSource("big")]));
    expect(keep.loads).toHaveLength(2);
    const changed = joinSources([steady, largeSource("big", "An okapi instead")]);
    const { index } = await cache.scorerOf(changed);
    expect(keep.loads).toHaveLength(3);
    expect(index.terms.has("okapi")).toBe(true);
  });

  it("builds once for searches that come together", async () => {
    const keep = memoryKeep();
    const cache = createIndexCache(keep);
    const catalog = joinSources([largeSource("big")]);
    const [a, b] = await Promise.all([cache.scorerOf(catalog), cache.scorerOf(catalog)]);
    expect(a).toBe(b);
    expect(keep.loads).toHaveLength(1);
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["other bytes", new Uint8Array(5000).fill(7)],
    ["a cut file", termsToBytes(sourceToTerms(largeSource("big"))).slice(0, -9)],
    [
      "another source's terms",
      termsToBytes(sourceToTerms(buildSource({ name: "shop", listing: loadListing("shop") }))),
    ],
  ])("makes terms anew when the disk holds %s", async (_name, bytes) => {
    const cache = createIndexCache({ load: async () => bytes, save: async () => undefined });
    const { index } = await cache.scorerOf(joinSources([largeSource("big")]));
    expect(index.tools).toHaveLength(67);
    expect(index.terms.has("webhook")).toBe(true);
  });

  it("goes on when the disk fails", async () => {
    const fails = async (): Promise<never> => Promise.reject(new Error("disk"));
    const { index } = await createIndexCache({ load: fails, save: fails }).scorerOf(
      joinSources([largeSource("big")]),
    );
    expect(index.tools).toHaveLength(67);
  });
});

describe("termsToBytes", () => {
  it("comes back as it went, and not for another number of tools", () => {
    const terms = sourceToTerms(largeSource("big"));
    expect(bytesToTerms(termsToBytes(terms), 67)).toEqual(terms);
    expect(bytesToTerms(termsToBytes(terms), 66)).toBeUndefined();
  });

  it("refuses entries that point outside", () => {
    const bytes = termsToBytes(sourceToTerms(largeSource("big")));
    for (const at of [16, 20, bytes.length / 2]) {
      const broken = bytes.slice();
      broken.fill(255, Math.floor(at), Math.floor(at) + 8);
      expect(bytesToTerms(broken, 67)).toBeUndefined();
    }
  });
});
