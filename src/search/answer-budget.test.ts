/** The token budgets of answers, counted by the real tokenizer. */
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { loadFleet, signaturesOf } from "../../test/fixtures/search/load-fleet.ts";
import { createSearch } from "./create-search.ts";
import { searchAnswerToText } from "./search-answer-to-text.ts";

const fleet = loadFleet();
const signature = signaturesOf(fleet);
const queries = [
  ...[...fleet.tools.values()].map((tool) => tool.description.slice(0, 80)),
  "tracker.*",
  "*",
  "create",
  "list",
];

describe("the budget of an answer", () => {
  it("is at most 800 tokens by default, whatever is asked", async () => {
    const { search } = createSearch({ signature });
    for (const query of queries) {
      expect(countTokens(searchAnswerToText(await search(fleet, { query })))).toBeLessThanOrEqual(800);
      expect(countTokens(searchAnswerToText(await search(fleet, { query, limit: 50 })))).toBeLessThanOrEqual(
        800,
      );
    }
  });

  it.each([
    ["names", 300],
    ["signatures", 400],
    ["full", 1500],
  ] as const)("is configurable for %s: %i", async (detail, tokens) => {
    const { search } = createSearch({ signature, tokens: { [detail]: tokens } });
    for (const query of queries.filter((_, at) => at % 5 === 0)) {
      expect(
        countTokens(searchAnswerToText(await search(fleet, { query, detail, limit: 20 }))),
      ).toBeLessThanOrEqual(tokens);
    }
  });

  it("answers as many hits as were asked for as data, whatever the text has room for", async () => {
    const { search } = createSearch({ signature });
    const answer = await search(fleet, { query: "tracker.*", limit: 20 });
    expect(answer.results).toHaveLength(20);
    expect(answer.results[0]?.signature).not.toBe("");
    const text = searchAnswerToText(answer, { tokens: 250 });
    expect(countTokens(text)).toBeLessThanOrEqual(250);
    expect(text).toContain("more match");
    expect(text).toContain("args: {");
  });

  it("shows no types of hits that it shows only the name of", async () => {
    const { search } = createSearch({ signature });
    const answer = await search(fleet, { query: "create an issue" });
    expect(searchAnswerToText(answer)).toContain("interface Issue");
    expect(searchAnswerToText(answer, { tokens: 120 })).not.toContain("interface Issue");
  });

  it("gives the best hit its whole signature, and no types at detail names", async () => {
    const { search } = createSearch({ signature });
    const [best] = (await search(fleet, { query: "refund a payment" })).results;
    expect(best?.signature).toContain("payment_id: string");
    const named = await search(fleet, { query: "refund a payment", detail: "names" });
    expect(named.results.every((hit) => hit.signature === "")).toBe(true);
    expect(named.types).toBe("");
  });

  it("describes at greater length at detail full", async () => {
    const { search } = createSearch({ signature });
    const short = (await search(fleet, { query: "read_text_file" })).results[0];
    const full = (await search(fleet, { query: "read_text_file", detail: "full" })).results[0];
    expect(full?.description.length).toBeGreaterThan(short?.description.length ?? 0);
  });
});
