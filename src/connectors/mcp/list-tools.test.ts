/** Lists that are wrong: one tool costs itself, pages without end cost what comes after the bound. */
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { listTools } from "../../../test/fixtures/mcp/call-context.ts";
import { createMcpSource } from "./create-mcp-source.ts";
import type { McpLimits } from "./mcp-source-options.ts";

const script = join(import.meta.dirname, "../../../test/fixtures/mcp/malformed-server.ts");

async function list(way: string, limits: Partial<McpLimits> = {}) {
  const args = [script, way];
  const source = createMcpSource("odd", { transport: "stdio", command: process.execPath, args, limits });
  onTestFinished(() => source[Symbol.asyncDispose]());
  const { tools, issues } = await listTools(source);
  return { tools, issues, names: tools.map((tool) => tool.upstreamName) };
}

test("malformed tools are mended or cost themselves alone", async () => {
  const { tools, issues, names } = await list("malformed");
  expect(names.join(" ")).toBe(
    "first untyped schemaless array_schema string_schema broken_ref bad_parts __proto__ last",
  );
  expect(
    issues.map(({ upstreamName, kind, reason }) => `${kind} ${upstreamName.slice(0, 20)}: ${reason}`),
  ).toEqual([
    'repaired untyped: its input schema has no type: taken as "object"',
    "left_out (tool 3): it has no name",
    "left_out (tool 4): it has no name",
    "left_out (tool 5): it has no name",
    "left_out (tool 6): it is no object",
    "left_out (tool 7): it is no object",
    "repaired schemaless: it has no input schema: any arguments are let through",
    "repaired array_schema: its input schema is no schema: any arguments are let through",
    'repaired string_schema: its input schema is of type "string", which no arguments are: any are let through',
    'repaired broken_ref: properties.lost refers to "#/$defs/Gone", where nothing is: anything is let through',
    'repaired broken_ref: properties.remote refers to "https://example.com/schema.json", where nothing is: anything is let through',
    "repaired bad_parts: properties.a is no schema: anything is let through",
    'repaired bad_parts: properties.b.type names no type ("int"): left away',
    "repaired bad_parts: properties.c.enum is no list: left away",
    "repaired bad_parts: properties.d.items is no schema: left away",
    "repaired bad_parts: properties.e.anyOf is no list of schemas: left away",
    "repaired bad_parts: and 1 more",
    "repaired bad_parts: its output schema is no schema: left away",
    "repaired bad_parts: its description is no text: left away",
    "left_out first: another tool of the same name comes before it",
    "left_out xxxxxxxxxxxxxxxxxxxx: its name is longer than 512 characters",
    "left_out fat: its definition takes 2097215 bytes, more than 1048576",
  ]);
  const byName = new Map(tools.map((tool) => [tool.upstreamName, tool]));
  expect(byName.get("untyped")?.input).toEqual({
    type: "object",
    properties: { a: { type: "string" } },
    required: ["a"],
  });
  expect(byName.get("broken_ref")?.input).toEqual({
    type: "object",
    properties: {
      lost: { description: "stays" },
      remote: {},
      found: { $ref: "#/$defs/Here" },
      $ref: { type: "string" },
    },
    $defs: { Here: { type: "integer" } },
  });
  expect(byName.get("bad_parts")).toMatchObject({ input: { required: ["a"] }, raw: { description: 5 } });
  expect(byName.get("bad_parts")).not.toHaveProperty("output");
});

describe("pages", () => {
  test("are all read", async () => {
    expect(await list("pages")).toMatchObject({ names: ["tool0", "tool1", "tool2", "tool3"], issues: [] });
  });

  test.each<[string, Partial<McpLimits>, number, RegExp]>([
    ["circle", {}, 3, /the pages go in a circle/],
    ["odd_cursor", {}, 1, /something that is no cursor/],
    ["endless", { pages: 7 }, 7, /more than 7 pages/],
    ["endless", { tools: 5 }, 5, /more than 5 tools/],
    ["endless", { listingBytes: 239 }, 4, /more than 239 bytes/],
    ["many", { tools: 499 }, 499, /more than 499 tools/],
  ])("%s within %o keep %i tools", async (way, limits, count, reason) => {
    const { tools, issues } = await list(way, limits);
    expect(tools).toHaveLength(count);
    expect(issues).toEqual([
      { upstreamName: "tools/list", kind: "left_out", reason: expect.stringMatching(reason) },
    ]);
  });

  test("exactly at the bounds are no issue", async () => {
    expect(await list("pages", { pages: 4, tools: 4 })).toMatchObject({ issues: [], tools: { length: 4 } });
    expect((await list("many", { tools: 500 })).issues).toEqual([]);
    expect(await list("pages", { listingBytes: 192 })).toMatchObject({ issues: [] });
    expect((await list("empty")).tools).toEqual([]);
  });

  test("that are no list fail, and so does a later page", async () => {
    await expect(list("no_list")).rejects.toMatchObject({ code: "source_invalid" });
    await expect(list("fails_later")).rejects.toMatchObject({ code: "source_unavailable" });
  });

  test("larger than a message may be fail", async () => {
    await expect(list("huge", { messageBytes: 2 ** 20, toolBytes: 2 ** 23 })).rejects.toMatchObject({
      code: "source_invalid",
      message: expect.stringContaining("1048576 bytes"),
    });
    expect(await list("huge", { toolBytes: 2 ** 23 })).toMatchObject({ names: ["one"] });
  });
});
