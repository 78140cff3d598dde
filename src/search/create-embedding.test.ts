import { describe, expect, it } from "vitest";
import { loadFleet } from "../../test/fixtures/search/load-fleet.ts";
import type { Embed } from "./create-embedding.ts";
import { createSearch } from "./create-search.ts";

const fleet = loadFleet();
const signature = (): { signature: string; types: string[]; truncated: boolean } => ({
  signature: "",
  types: [],
  truncated: false,
});

/** A provider that knows one thing: shipping and parcels are near to "Sendungsverfolgung". */
const embed: Embed = async (texts) =>
  texts.map((text) => (/shipment|Sendungsverfolgung/i.test(text) ? [1, 0, 0] : [0, text.length % 7, 1]));

describe("embeddings", () => {
  it("find what no word of the query names", async () => {
    const request = { query: "Sendungsverfolgung" };
    expect((await createSearch({ signature }).search(fleet, request)).results).toEqual([]);
    expect((await createSearch({ signature, embed }).search(fleet, request)).results[0]?.path).toBe(
      "shop.shipments.track",
    );
  });

  it("never outrank an exact name, and leave globs alone", async () => {
    const { search } = createSearch({ signature, embed });
    expect((await search(fleet, { query: "issues.create" })).results[0]?.path).toBe("tracker.issues.create");
    expect((await search(fleet, { query: "tracker.users.*" })).total).toBe(1);
  });

  it("are asked for once per tool, in batches", async () => {
    const sizes: number[] = [];
    const counting: Embed = async (texts) => {
      sizes.push(texts.length);
      return embed(texts);
    };
    const { search } = createSearch({ signature, embed: counting });
    await search(fleet, { query: "parcel" });
    await search(fleet, { query: "issue" });
    expect(sizes.every((size) => size <= 128)).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(fleet.tools.size + 2);
  });

  it.each<[string, Embed]>([
    ["throws", async () => Promise.reject(new Error("down"))],
    ["answers too few vectors", async () => []],
    ["answers what are no numbers", async (texts) => texts.map(() => [Number.NaN])],
  ])("cost their opinion and not the search when the provider %s", async (_name, broken) => {
    const failures: unknown[] = [];
    const { search } = createSearch({
      signature,
      embed: broken,
      onEmbedFailure: (error) => failures.push(error),
    });
    const answer = await search(fleet, { query: "where is my parcel" });
    expect(answer).toEqual(await createSearch({ signature }).search(fleet, { query: "where is my parcel" }));
    expect(failures).toHaveLength(1);
  });
});
