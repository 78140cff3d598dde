import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { loadFleet, loadListing } from "../../test/fixtures/search/load-fleet.ts";
import { buildCatalog } from "../catalog/build-catalog.ts";
import { catalogToOverview, sourcePhrase } from "./catalog-to-overview.ts";

const fleet = loadFleet();
const large = buildCatalog(
  Array.from({ length: 500 }, (_, at) => ({ name: `service_${at}`, listing: loadListing("shop") })),
);

describe("catalogToOverview", () => {
  it("names every source, then says what each is for, then its groups", () => {
    expect(catalogToOverview(fleet, { tokens: 50 })).toBe(
      "6 sources, 95 tools: everything (13), filesystem (14), memory (9), office (18), shop (19), tracker (22)",
    );
    const full = catalogToOverview(fleet);
    expect(full).toContain(
      "- office (18): Mail, calendar, contacts and documents of one person [mail 5, calendar 4",
    );
    expect(full).toContain("- memory (9): add_observations, create_entities");
  });

  it("says how many sources are left and how to list them", () => {
    const text = catalogToOverview(large, { tokens: 100 });
    expect(text).toMatch(/^500 sources, 9500 tools: service_0 \(19\), /);
    expect(text).toMatch(/\n4\d\d more: search "ab\*" lists/);
  });

  it.each([40, 100, 400, 1000])("keeps within %i tokens, with a handful of sources or 500", (tokens) => {
    for (const catalog of [fleet, large]) {
      expect(countTokens(catalogToOverview(catalog, { tokens }))).toBeLessThanOrEqual(tokens);
    }
  });

  it("is the same for equal catalogs", () => {
    expect(catalogToOverview(loadFleet())).toBe(catalogToOverview(fleet));
  });
});

it.each([
  [
    "its instructions before its title",
    { title: "Notion", instructions: "Pages and databases. More." },
    "Pages and databases",
  ],
  ["a title that is a phrase", { title: "Lumen Shop API" }, "Lumen Shop API"],
  ["no package's name", { title: "notion-mcp-server" }, ""],
  ["no title that only repeats the name", { title: "Notion API" }, ""],
  ["instructions below a heading", { instructions: "# Notion\n\nPages of a team." }, "Pages of a team"],
  ["nothing", {}, ""],
])("says %s of a source", (_, said, phrase) => {
  expect(sourcePhrase({ name: "notion", definitions: {}, tools: [], issues: [], ...said })).toBe(phrase);
});
