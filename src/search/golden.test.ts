/** Questions a user would ask over three public MCP servers and three APIs, and what they are to be told. */
import { describe, expect, it } from "vitest";
import { loadFleet, signaturesOf } from "../../test/fixtures/search/load-fleet.ts";
import { createSearch } from "./create-search.ts";
import { searchAnswerToText } from "./search-answer-to-text.ts";

const catalog = loadFleet();
const { search } = createSearch({ signature: signaturesOf(catalog) });

/** Plain language, single words, camelCase, synonyms, typos, paths: the first hit is the right one. */
const first: readonly [question: string, path: string][] = [
  ["create an issue", "tracker.issues.create"],
  ["createIssue", "tracker.issues.create"],
  ["list all open tickets", "tracker.issues.list"],
  ["merge PR", "tracker.pulls.merge"],
  ["which files does a pull request change", "tracker.pulls.listFiles"],
  ["get repo webhooks called on push", "tracker.repos.createWebhook"],
  ["remove a repository", "tracker.repos.delete_"],
  ["why did the build fail? show me the logs", "tracker.pipelines.getLogs"],
  ["tools.tracker.users.get", "tracker.users.get"],
  ["refund a customer", "shop.payments.refund"],
  ["give the money back for payment 42", "shop.payments.refund"],
  ["where is my parcel", "shop.shipments.track"],
  ["discount code", "shop.coupons.create"],
  ["cancel order", "shop.orders.cancel"],
  ["change delivery address of an order", "shop.orders.updateShippingAddress"],
  ["customer by email", "shop.customers.list"],
  ["pdf of an invoice", "shop.invoices.download"],
  ["which products are out of stock", "shop.products.list"],
  ["send a message to bob@example.com", "office.mail.send"],
  ["when are we both free", "office.calendar.findFreeTime"],
  ["phone number of a colleague", "office.contacts.search"],
  ["append a line to a spreadsheet", "office.spreadsheets.appendRows"],
  ["sharing a docment", "office.documents.share"],
  ["save text to notes.md", "filesystem.write_file"],
  ["find files named *.ts", "filesystem.search_files"],
  ["list files in a folder with sizes", "filesystem.list_directory_with_sizes"],
  ["rename a file", "filesystem.move_file"],
  ["read several files at once", "filesystem.read_multiple_files"],
  ["knowledge graph", "memory.read_graph"],
  ["forget an entity", "memory.delete_entities"],
  ["add two numbers", "everything.get_sum"],
  ["environment variables", "everything.get_env"],
  ["ECHO", "everything.echo"],
  ["isues.create", "tracker.issues.create"],
  ["tracker.issues.craete", "tracker.issues.create"],
  ["tools.shop.orders.cancle({ id: 1 })", "shop.orders.cancel"],
  ["filesystem.readFile", "filesystem.read_file"],
];

/** Where words alone cannot decide, the right one is still among the first four. */
const near: readonly [question: string, path: string][] = [
  ["close an issue", "tracker.issues.update"],
  ["open an issue about a bug", "tracker.issues.create"],
  ["schedule a meeting with Ann tomorrow", "office.calendar.createEvent"],
  ["make a new folder", "filesystem.create_directory"],
  ["remember a fact about a person", "memory.add_observations"],
];

describe("golden answers", () => {
  it.each(first)("%s → %s", async (query, path) => {
    const answer = await search(catalog, { query });
    expect(answer.results[0]?.path).toBe(path);
  });

  it.each(near)("%s → %s among the first four", async (query, path) => {
    const answer = await search(catalog, { query, limit: 4 });
    expect(answer.results.map((hit) => hit.path)).toContain(path);
  });

  it("puts no path first that is more than two letters away", async () => {
    const { results } = await search(catalog, { query: "shop.orders.cancellation" });
    const cancel = (await search(catalog, { query: "shop.orders.cancl" })).results[0];
    expect(cancel?.path).toBe("shop.orders.cancel");
    expect(results[0]?.score).toBeLessThan(cancel?.score ?? 0);
  });

  it("finds a tool for every clause of a longer task", async () => {
    const query =
      "Find the orders of customer c_17 that were cancelled, refund their payments, and email the customer. Then append a row to our spreadsheet.";
    const found = (await search(catalog, { query })).results.map((hit) => hit.path);
    expect(found).toEqual(expect.arrayContaining(["shop.payments.refund", "office.spreadsheets.appendRows"]));
    expect(found.some((path) => path.startsWith("shop.orders."))).toBe(true);
  });

  it("writes one answer for a model", async () => {
    const plain = createSearch({
      signature: (tool) => ({
        signature: `(args: { ${tool.segments.join("_")}: string }) => Promise<Shared> /* rest: codemode.describe("${tool.path}") */`,
        types: ["interface Shared { ok: boolean }"],
        truncated: false,
      }),
    });
    const answer = await plain.search(catalog, { query: "pull request branch", limit: 3 });
    expect(searchAnswerToText(answer)).toBe(`\
tools.tracker.pulls.create [write] — Open a pull request from one branch into another
  (args: { pulls_create: string }) => Promise<Shared>
tools.tracker.repos.listBranches [read] — List the branches of a repository
  (args: { repos_listBranches: string }) => Promise<Shared>
tools.tracker.pulls.merge [write] — Merge a pull request
  (args: { pulls_merge: string }) => Promise<Shared>

interface Shared { ok: boolean }

Also: tracker.pulls.get, tracker.pulls.list, tracker.pipelines.run, tracker.pulls.listFiles, tracker.issues.createComment, tracker.repos.getContent
6 more match (tracker 15). Refine with more words, \`source\`, or a path glob such as "tracker.pulls.*".`);
  });
});
