/** What must hold for every tool and every query, whatever the ranking. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fleetSources, loadFleet, loadListing } from "../../test/fixtures/search/load-fleet.ts";
import { buildCatalog } from "../catalog/build-catalog.ts";
import type { Catalog, ToolDefinition } from "../spec/tool.ts";
import { createSearch } from "./create-search.ts";

const { search } = createSearch({ signature: () => ({ signature: "", types: [], truncated: false }) });
const fleet = loadFleet();
const tools = [...fleet.tools.values()];

async function pathsFor(catalog: Catalog, query: string, limit: number): Promise<string[]> {
  return (await search(catalog, { query, limit, detail: "names" })).results.map((hit) => hit.path);
}

function definition(name: string, description: string): ToolDefinition {
  return {
    upstreamName: name,
    name: [name],
    description,
    input: { type: "object" },
    raw: { name, description },
  };
}

describe("every tool", () => {
  it.each(tools.map((tool) => [tool.path, tool] as const))("%s is found first by its path", async (path) => {
    expect((await pathsFor(fleet, path, 1))[0]).toBe(path);
    expect((await pathsFor(fleet, `tools.${path}`, 1))[0]).toBe(path);
    expect((await pathsFor(fleet, `await tools.${path}({})`, 1))[0]).toBe(path);
  });

  it.each(tools.map((tool) => [tool.path, tool] as const))(
    "%s is found by its own name",
    async (path, tool) => {
      expect(await pathsFor(fleet, tool.segments.join(" "), 5)).toContain(path);
      expect(await pathsFor(fleet, tool.upstreamName, 5)).toContain(path);
    },
  );

  it.each(tools.map((tool) => [tool.path, tool] as const))(
    "%s is found by its description",
    async (path, tool) => {
      const sentence = tool.description.split(". ")[0] ?? tool.description;
      expect(await pathsFor(fleet, sentence, 8)).toContain(path);
    },
  );

  it("is found by a distinct word of its description", async () => {
    const word = fc.stringMatching(/^[a-z]{5,12}$/);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(word, { minLength: 2, maxLength: 30 }), async (words) => {
        const catalog = buildCatalog([
          {
            name: "made",
            listing: {
              tools: words.map((each, at) => definition(`tool_${at}`, `Does ${each} well`)),
              issues: [],
            },
          },
        ]);
        for (const [at, each] of words.entries())
          expect(await pathsFor(catalog, each, 8)).toContain(`made.tool_${at}`);
      }),
      { numRuns: 30 },
    );
  });
});

describe("a fleet that grows", () => {
  it("keeps an exact name among the first five whatever unrelated sources join", async () => {
    const names = fc.stringMatching(/^[a-z]{3,9}(_[a-z]{3,9}){0,2}$/);
    const source = fc.record({
      name: fc.stringMatching(/^x[a-z]{2,8}$/),
      tools: fc.array(fc.tuple(names, fc.lorem({ maxCount: 12 })), { minLength: 1, maxLength: 25 }),
    });
    const sources = fc.uniqueArray(source, { minLength: 1, maxLength: 12, selector: (each) => each.name });
    const taken = new Set(tools.map((tool) => tool.segments.at(-1)?.toLowerCase()));
    await fc.assert(
      fc.asyncProperty(sources, fc.constantFrom(...tools), async (joined, tool) => {
        const catalog = buildCatalog([
          ...fleetSources.map((name) => ({ name, listing: loadListing(name) })),
          ...joined.map(({ name, tools: made }) => ({
            name,
            listing: {
              // Unrelated: no tool of the same name, but any words in the descriptions, the name's own included.
              tools: made
                .filter(([each]) => !taken.has(each))
                .map(([each, text]) => definition(each, `${text} ${tool.segments.join(" ")}`)),
              issues: [],
            },
          })),
        ]);
        expect(await pathsFor(catalog, tool.segments.join("."), 5)).toContain(tool.path);
        expect((await pathsFor(catalog, tool.path, 5))[0]).toBe(tool.path);
      }),
      { numRuns: 25 },
    );
  });

  it("answers within the same budget with 10 sources or 500", async () => {
    const grown = (count: number): Catalog =>
      buildCatalog(
        Array.from({ length: count }, (_, at) => ({ name: `copy${at}`, listing: loadListing("tracker") })),
      );
    for (const count of [10, 500]) {
      const answer = await search(grown(count), { query: "create issue" });
      expect(answer.results).toHaveLength(8);
      expect(answer.total).toBeGreaterThanOrEqual(count);
      expect(answer.sources).toHaveLength(count);
      expect(answer.more.length).toBeLessThanOrEqual(20);
    }
  });
});

describe("determinism", () => {
  it("answers the same whatever the order in which sources are configured", async () => {
    const queries = ["create", "list files", "send the report to Ann and file an issue", "x", "tracker.*"];
    const reversed = loadFleet(fleetSources.toReversed());
    const other = createSearch({ signature: () => ({ signature: "", types: [], truncated: false }) });
    for (const query of queries) {
      const answer = await search(fleet, { query, limit: 50 });
      expect(await search(fleet, { query, limit: 50 })).toEqual(answer);
      expect(await other.search(reversed, { query, limit: 50 })).toEqual(answer);
    }
  });
});
