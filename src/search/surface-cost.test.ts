import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { loadFleet, signaturesOf } from "../../test/fixtures/search/load-fleet.ts";
import { catalogToInline } from "./catalog-to-inline.ts";
import { surfaceCost } from "./surface-cost.ts";

const definitions = { searchDefinitions: 690, executeDefinition: 420 };

describe("catalogToInline", () => {
  it("writes every tool of a fleet that fits", () => {
    const catalog = loadFleet(["memory"]);
    const text = catalogToInline(catalog, { signature: signaturesOf(catalog) }) ?? "";
    for (const path of catalog.tools.keys()) expect(text).toContain(`tools.${path}: (`);
    expect(text).toContain("// Read the entire knowledge graph [read]\ntools.memory.read_graph: ()");
    expect(countTokens(text)).toBeLessThanOrEqual(1200);
  });

  it("is undefined for a fleet that does not fit, and for an empty one", () => {
    const large = loadFleet();
    expect(catalogToInline(large, { signature: signaturesOf(large) })).toBeUndefined();
    const empty = loadFleet([]);
    expect(catalogToInline(empty, { signature: signaturesOf(empty) })).toBeUndefined();
  });

  it("decides by the budget it is given, exactly", () => {
    const catalog = loadFleet(["memory"]);
    const signature = signaturesOf(catalog);
    let least = 1200;
    while (catalogToInline(catalog, { signature, tokens: least - 1 }) !== undefined) least--;
    expect(catalogToInline(catalog, { signature, tokens: least })).toBe(
      catalogToInline(catalog, { signature }),
    );
    expect(least).toBeGreaterThan(100);
  });

  it("does not pass off a cut signature as all there is", () => {
    const catalog = loadFleet(["memory"]);
    const cut = (): { signature: string; types: string[]; truncated: boolean } => ({
      signature: "(args: …)",
      types: [],
      truncated: true,
    });
    expect(catalogToInline(catalog, { signature: cut })).toBeUndefined();
  });
});

describe("surfaceCost", () => {
  it("says when a small fleet is cheaper natively or inlined, and a large one by search", () => {
    const cost = (names: string[], native = false): ReturnType<typeof surfaceCost> => {
      const catalog = loadFleet(names);
      return surfaceCost(catalog, {
        signature: signaturesOf(catalog),
        ...definitions,
        ...(native ? { executeDefinition: 9000, searchDefinitions: 9000 } : {}),
      });
    };
    expect(cost(["memory"])).toMatchObject({ tools: 9, cheapest: "inline" });
    expect(cost(["memory"], true).cheapest).toBe("native");
    const all = cost(["everything", "filesystem", "memory", "office", "shop", "tracker"]);
    expect(all).toMatchObject({ tools: 95, cheapest: "search" });
    expect(all.inline).toBeUndefined();
    expect(all.native).toBeGreaterThan(all.search * 3);
    expect(all.search).toBeLessThan(definitions.searchDefinitions + 1000);
  });
});
