/** A small source beside a very large one, and where an answer's room goes. */
import { expect, it } from "vitest";
import { buildCatalog } from "../catalog/build-catalog.ts";
import type { ToolDefinition } from "../spec/tool.ts";
import { createSearch } from "./create-search.ts";
import { searchAnswerToText } from "./search-answer-to-text.ts";

const { search } = createSearch({
  signature: () => ({ signature: "(args: {}) => Promise<any>", types: [], truncated: false }),
});

function tools(descriptions: { readonly [name: string]: string }): ToolDefinition[] {
  return Object.entries(descriptions).map(([name, description]) => ({
    upstreamName: name,
    name: [name],
    description,
    input: { type: "object" },
    raw: { name, description },
  }));
}

const verbs = ["list", "get", "create", "update", "delete", "search", "share", "copy"];
const office = Object.fromEntries(
  ["calendar", "calendar_event", "calendar_view", "calendar_permission", "online_meeting"].flatMap((noun) =>
    verbs.map((verb) => [`${verb}_${noun}`, `${verb} a ${noun.replace("_", " ")} of the user or the team`]),
  ),
);
const catalog = buildCatalog(
  Object.entries({
    office,
    ci: Object.fromEntries(
      verbs.map((verb) => [`${verb}_pipeline_schedule`, `${verb} a pipeline schedule in a project`]),
    ),
    calendar: {
      create_event: "Create an event in a calendar",
      list_events: "List events",
      book_room: "Give an event a room",
    },
    shop: {
      get_exchange_rates: "Exchange rates to EUR of a day",
      list_rate_limits: "How many requests may be made",
      list_orders: "List orders",
    },
  }).map(([name, described]) => ({ name, listing: { tools: tools(described), issues: [] } })),
);

it("finds the one of the small source", async () => {
  const { results } = await search(catalog, { query: "Book a meeting in the team calendar" });
  expect(results.map((hit) => hit.path)).toContain("calendar.create_event");
});

it("gives types to the clear winner and its siblings, and only names to what is far behind", async () => {
  const { results } = await search(catalog, { query: "exchange rates" });
  expect(results[0]).toMatchObject({ path: "shop.get_exchange_rates" });
  for (const { path, signature } of results) expect(signature !== "", path).toBe(path.startsWith("shop."));
});

it("gives types to five hits at most", async () => {
  const { results } = await search(catalog, { query: "calendar event" });
  expect(results.length).toBe(8);
  expect(results.filter(({ signature }) => signature !== "").length).toBeLessThanOrEqual(5);
});

it("lists every tool that a glob names, as names where there is no room for more", async () => {
  const answer = await search(catalog, { query: "office.*", detail: "names", limit: 50 });
  const text = searchAnswerToText(answer);
  expect(answer.total).toBe(40);
  for (const { path } of catalog.sources.find(({ name }) => name === "office")?.tools ?? [])
    expect(text).toContain(`tools.${path} `);
  expect(text).not.toContain("more match");
});
