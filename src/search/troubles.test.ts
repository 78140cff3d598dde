import { expect, test } from "vitest";
import { buildCatalog } from "../catalog/build-catalog.ts";
import type { Catalog } from "../spec/tool.ts";
import { catalogToOverview } from "./catalog-to-overview.ts";
import { createSearch } from "./create-search.ts";
import { describePath } from "./describe-path.ts";
import { searchAnswerToText } from "./search-answer-to-text.ts";
import { troublesToText } from "./troubles-to-text.ts";

const troubles = [
  { name: "github", state: "down", text: "down, set GITHUB_TOKEN" },
  { name: "crm", state: "starting", text: "starting" },
] as const;
const ready = buildCatalog([
  {
    name: "docs",
    listing: { tools: [{ upstreamName: "find_page", name: ["find_page"], input: {}, raw: {} }], issues: [] },
  },
]);
const some: Catalog = { ...ready, troubles };
const none: Catalog = { ...buildCatalog([]), troubles };
const words = "Not available now: github: down, set GITHUB_TOKEN; crm: starting. Ask again in a moment.";
const search = createSearch({
  signature: () => ({ signature: "() => Promise<any>", types: [], truncated: false }),
});

test.each([
  ["something", { query: "find page" }, `\n\n${words}`],
  ["nothing", { query: "zebra" }, `Nothing matched in the sources that are ready. ${words}`],
  [
    "one that is down",
    { query: "page", source: "github" },
    "Nothing matched in the sources that are ready. Not available now: github: down, set GITHUB_TOKEN.",
  ],
  ["an overview", { query: "" }, `\n${words}`],
])("a search that finds %s says what it has not searched", async (_what, request, end) => {
  const answer = await search.search(some, request);
  expect(searchAnswerToText(answer).endsWith(end)).toBe(true);
  expect(answer.troubles?.length).toBe("source" in request ? 1 : 2);
});

test("an overview of a cold start names the sources", () => {
  expect(catalogToOverview(none)).toBe(words);
  expect(catalogToOverview(buildCatalog([]))).toBe("No source offers any tool.");
});

test("describe says the same of a source that is down, and of what is below it", () => {
  for (const path of ["github", "github.issues.create", "tools.github"])
    expect(() => describePath(some, path)).toThrow(
      expect.objectContaining({
        code: "source_unavailable",
        message: "Not available now: github: down, set GITHUB_TOKEN.",
      }),
    );
  expect(() => describePath(some, "gitlab")).toThrow(expect.objectContaining({ code: "tool_not_found" }));
});

test("many are counted", () => {
  const many = Array.from(
    { length: 20 },
    (_each, at) => ({ name: `s${at}`, state: "down", text: "down" }) as const,
  );
  expect(troublesToText({ troubles: many })).toMatch(/s7: down; 12 more\.$/);
});
