import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { loadFleet, loadListing } from "../../test/fixtures/search/load-fleet.ts";
import { buildCatalog } from "../catalog/build-catalog.ts";
import type { CatalogSource } from "../spec/tool.ts";
import { describePath } from "./describe-path.ts";

const fleet = loadFleet();
const renderers = {
  tool: (tool: { readonly path: string }) => `types of ${tool.path}`,
  type: (source: { readonly name: string; readonly definitions: object }, name: string) =>
    Object.hasOwn(source.definitions, name) ? `interface ${name} {} // of ${source.name}` : undefined,
};

describe("describePath", () => {
  it("describes the fleet, a source, a group, a tool and a type", () => {
    expect(describePath(fleet, "")).toContain("6 sources, 95 tools");
    expect(describePath(fleet, "shop")).toMatch(
      /^shop: Online store: .*\(19 tools\)\nGroups: orders \(5\), customers \(4\)/,
    );
    expect(describePath(fleet, "tools.shop.orders.*")).toMatch(
      /^shop\.orders \(5 tools\)\n- tools\.shop\.orders\.cancel \[destructive\] — Cancel/,
    );
    expect(describePath(fleet, "shop.orders.cancel", renderers)).toBe("types of shop.orders.cancel");
    expect(describePath(fleet, "Issue", renderers)).toContain("interface Issue {} // of tracker");
    expect(describePath(fleet, "shop.Order", renderers)).toContain("interface Order {} // of shop");
  });

  it("shows a source's instructions as what they are", () => {
    expect(describePath(fleet, "everything")).toContain("The source says: # Everything Server");
  });

  it.each([
    ["shop.orders.cancle", "shop.orders.cancel"],
    ["office.issues.create", "tracker.issues.create"],
    ["trackr", "tracker"],
  ])("%s: did you mean %s", (path, meant) => {
    expect(() => describePath(fleet, path)).toThrow(
      expect.objectContaining({ code: "tool_not_found", hint: expect.stringContaining(meant) }),
    );
  });

  it.each([
    ["Isue", "tracker.Issue"],
    ["shop.Oder", "shop.Order"],
    ["tracker.Order", "shop.Order"],
  ])("%s: did you mean the type %s", (path, meant) => {
    const names: { readonly [source: string]: readonly string[] } = { tracker: ["Issue"], shop: ["Order"] };
    const typed = {
      ...renderers,
      type: () => undefined,
      typeNames: ({ name }: CatalogSource) => names[name] ?? [],
    };
    expect(() => describePath(fleet, path, typed)).toThrow(
      expect.objectContaining({ code: "tool_not_found", hint: expect.stringContaining(meant) }),
    );
  });

  it.each(["constructor", "__proto__", "shop.constructor", "shop.__proto__", "x".repeat(100_000), "\u202E"])(
    "finds nothing for %s",
    (path) => {
      expect(() => describePath(fleet, path, renderers)).toThrow(
        expect.objectContaining({ code: "tool_not_found" }),
      );
    },
  );

  it("falls back to names, then to as many as fit", () => {
    const { tools } = loadListing("shop");
    const many = Array.from({ length: 100 }, (_, at) =>
      tools.map((tool) => ({
        ...tool,
        upstreamName: `${at}/${tool.upstreamName}`,
        name: [`part${at}`, ...tool.name],
      })),
    ).flat();
    const catalog = buildCatalog([{ name: "big", listing: { tools: many, issues: [] } }]);
    const text = describePath(catalog, "big", { tokens: 500 });
    expect(text).toMatch(/\n\d+ more: search "big\.a\*"/);
    expect(countTokens(text)).toBeLessThanOrEqual(500);
    expect(countTokens(describePath(fleet, "shop", { tokens: 200 }))).toBeLessThanOrEqual(200);
  });
});
