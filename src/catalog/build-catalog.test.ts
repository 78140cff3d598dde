import { describe, expect, it } from "vitest";
import type { SourceListing, ToolDefinition } from "../spec/tool.ts";
import { buildCatalog } from "./build-catalog.ts";
import type { SourceOverrides } from "./source-overrides.ts";

function tool(upstreamName: string, rest: Partial<ToolDefinition> = {}): ToolDefinition {
  return {
    upstreamName,
    name: [upstreamName],
    input: { type: "object" },
    raw: { name: upstreamName },
    ...rest,
  };
}

function listing(...tools: ToolDefinition[]): SourceListing {
  return { tools, issues: [] };
}

function paths(tools: ToolDefinition[], overrides: SourceOverrides = {}): string[] {
  return [...buildCatalog([{ name: "s", listing: listing(...tools), overrides }]).tools.keys()];
}

describe("names", () => {
  it("keeps the exact name and gives its rival a stable suffix, in either order", () => {
    const one = buildCatalog([{ name: "s", listing: listing(tool("get_sum"), tool("get-sum")) }]);
    const other = buildCatalog([{ name: "s", listing: listing(tool("get-sum"), tool("get_sum")) }]);
    expect([...one.tools.keys()]).toEqual([...other.tools.keys()]);
    expect(one.tools.get("s.get_sum")?.upstreamName).toBe("get_sum");
    expect([...one.tools.values()].find((each) => each.upstreamName === "get-sum")?.path).toMatch(
      /^s\.get_sum_[0-9a-f]{6}$/,
    );
    expect(one.sources[0]?.issues).toEqual([
      expect.objectContaining({ upstreamName: "get-sum", kind: "renamed" }),
    ]);
  });

  it("gives both rivals a suffix when neither name is exact", () => {
    expect(paths([tool("a-b"), tool("a b")]).every((path) => /^s\.a_b_[0-9a-f]{6}$/.test(path))).toBe(true);
  });

  it("renames a tool that is also a group", () => {
    const found = paths([tool("repos", { name: ["repos"] }), tool("create", { name: ["repos", "create"] })]);
    expect(found).toHaveLength(2);
    expect(found).toContain("s.repos.create");
    expect(found).not.toContain("s.repos");
  });

  it("leaves the second of two equal upstream names out, and says so", () => {
    const catalog = buildCatalog([
      { name: "s", listing: listing(tool("x"), tool("x", { description: "second" })) },
    ]);
    expect(catalog.tools.get("s.x")?.description).toBe("");
    expect(catalog.sources[0]?.issues[0]?.kind).toBe("left_out");
  });

  it("never lets a forged suffix take another tool's place", () => {
    const rival = [
      ...buildCatalog([{ name: "s", listing: listing(tool("a-b"), tool("a_b")) }]).tools.values(),
    ].find((each) => each.upstreamName === "a-b");
    const forged = rival?.segments[0] ?? "";
    const catalog = buildCatalog([{ name: "s", listing: listing(tool(forged), tool("a-b"), tool("a_b")) }]);
    expect(catalog.tools.get(`s.${forged}`)?.upstreamName).toBe(forged);
    expect(catalog.sources[0]?.issues).toContainEqual(
      expect.objectContaining({ upstreamName: "a-b", kind: "left_out" }),
    );
  });

  it("makes source names identifiers", () => {
    expect([...buildCatalog([{ name: "my-server", listing: listing(tool("x")) }]).tools.keys()]).toEqual([
      "my_server.x",
    ]);
  });
});

describe("overrides", () => {
  const tools = [tool("search_issues"), tool("create_issue"), tool("delete_issue")];
  const cases: [what: string, overrides: SourceOverrides, expected: string[]][] = [
    ["include", { include: ["*_issue"] }, ["s.create_issue", "s.delete_issue"]],
    ["exclude wins", { include: ["*"], exclude: ["delete_*"] }, ["s.create_issue", "s.search_issues"]],
    [
      "rename with dots nests",
      { rename: { create_issue: "issues.create" } },
      ["s.delete_issue", "s.issues.create", "s.search_issues"],
    ],
    ["an empty include takes none", { include: [] }, []],
  ];
  it.each(cases)("%s", (_, overrides, expected) => {
    expect(paths(tools, overrides)).toEqual(expected);
  });

  it("decides effects: config first, then the source, then write", () => {
    const catalog = buildCatalog([
      {
        name: "s",
        listing: listing(tool("a", { effect: "read" }), tool("b", { effect: "read" }), tool("c")),
        overrides: { effects: { a: "destructive" }, descriptions: { "c*": "Ours." } },
      },
    ]);
    expect([...catalog.tools.values()].map((each) => [each.effect, each.effectOrigin])).toEqual([
      ["destructive", "config"],
      ["read", "source"],
      ["write", "default"],
    ]);
    expect(catalog.tools.get("s.c")?.description).toBe("Ours.");
  });
});

describe("version", () => {
  const version = (...tools: ToolDefinition[]): string =>
    buildCatalog([{ name: "s", listing: listing(...tools) }]).version;
  it("is the same for the same content in another order, another for other content", () => {
    expect(version(tool("a"), tool("b"))).toBe(version(tool("b"), tool("a")));
    expect(version(tool("a"))).not.toBe(version(tool("b")));
    expect(version(tool("a"))).not.toBe(version(tool("a", { raw: { name: "a", changed: true } })));
    expect(version(tool("a"))).not.toBe(version(tool("a", { effect: "read" })));
  });

  it("hashes definitions whatever the order of their keys", () => {
    const hash = (raw: unknown): string | undefined =>
      buildCatalog([{ name: "s", listing: listing(tool("a", { raw })) }]).tools.get("s.a")?.hash;
    expect(hash({ x: 1, y: { b: 1, a: 2 } })).toBe(hash({ y: { a: 2, b: 1 }, x: 1 }));
    expect(hash({ x: 1 })).not.toBe(hash({ x: 2 }));
  });
});

it("handles 20,000 tools", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => tool(`tool-${index}`));
  expect(buildCatalog([{ name: "s", listing: listing(...many) }]).tools.size).toBe(20_000);
});
