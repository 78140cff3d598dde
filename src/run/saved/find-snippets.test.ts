import { afterEach, describe, expect, it } from "vitest";
import { createCodemode } from "../../codemode.ts";
import { createFunctionsSource } from "../../connectors/functions/create-functions-source.ts";
import { createWorkerdEngine } from "../../sandbox/workerd/create-workerd-engine.ts";
import type { Codemode } from "../../spec/codemode.ts";

const open: Codemode[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((codemode) => codemode.close()));
});

async function start(): Promise<Codemode> {
  const input = { type: "object" } as const;
  const source = createFunctionsSource("github", {
    list_issues: { description: "Lists issues.", effect: "read", input, run: () => [] },
    close_issue: { description: "Closes an issue.", effect: "destructive", input, run: () => null },
  });
  const codemode = createCodemode({ sources: [source], engine: createWorkerdEngine(), check: "off" });
  open.push(codemode);
  await codemode.snippets.save({
    name: "stale-tickets",
    description: "Closes tickets that nobody has touched.",
    code: "async (input: { repo: string; days?: number }) => { await tools.github.list_issues({}); await tools.github.close_issue({}); }",
  });
  return codemode;
}

describe("saved snippets in search", () => {
  it("are named in the overview of whoever has some", async () => {
    const codemode = await start();
    expect(await codemode.searchText({ query: "" })).toMatch(
      /- codemode\.snippets \(1\): .*codemode\.run\("name", input\)/,
    );
    expect(await codemode.searchText({ query: "", principal: "other" })).not.toContain("nippets");
  });

  it("are found by what they do, with how to call them and what they do to the world", async () => {
    const codemode = await start();
    const { results } = await codemode.search({ query: "tickets nobody touched" });
    expect(results[0]).toMatchObject({
      path: "codemode.snippets.stale-tickets",
      kind: "snippet",
      effect: "destructive",
      signature: expect.stringContaining("repo: string") as string,
    });
    const text = await codemode.searchText({ query: "tickets nobody touched" });
    expect(text).toContain('codemode.run("stale-tickets", input) [destructive]');
    const inside = await codemode.execute({
      code: 'return (await codemode.search("stale tickets")).results[0].kind',
    });
    expect(inside.document.result).toBe("snippet");
  });

  it("are found by nobody else, and are no tools", async () => {
    const codemode = await start();
    const { results } = await codemode.search({ query: "tickets nobody touched", principal: "other" });
    expect(results.filter((each) => each.kind === "snippet")).toEqual([]);
    const { tools } = await codemode.catalog();
    expect([...tools.keys()]).toEqual(["github.close_issue", "github.list_issues"]);
    const { document } = await codemode.execute({
      code: 'return (tools as any).codemode.snippets["stale-tickets"]({})',
    });
    expect(document.error?.code).toBe("tool_not_found");
  });

  it("are described by path and by name, to whom they belong", async () => {
    const codemode = await start();
    for (const path of ["codemode.snippets.stale-tickets", "stale-tickets"]) {
      expect(await codemode.describe(path)).toContain("tools.github.close_issue");
      await expect(codemode.describe(path, { principal: "other" })).rejects.toMatchObject({
        code: "tool_not_found",
      });
    }
  });

  it("change with each version, and are gone once removed", async () => {
    const codemode = await start();
    await codemode.snippets.save({ name: "stale-tickets", description: "Renews passports.", code: "1" });
    const { results } = await codemode.search({ query: "passports" });
    expect(results[0]).toMatchObject({ path: "codemode.snippets.stale-tickets", effect: "read" });
    await codemode.snippets.remove({ name: "stale-tickets" });
    expect((await codemode.search({ query: "passports" })).results).toEqual([]);
  });
});
