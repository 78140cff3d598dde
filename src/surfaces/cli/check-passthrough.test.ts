import { expect, it } from "vitest";
import { buildCatalog } from "../../catalog/build-catalog.ts";
import type { Catalog, ToolDefinition } from "../../spec/tool.ts";
import { checkPassthrough } from "./check-passthrough.ts";

function catalogOf(sources: { readonly [name: string]: readonly ToolDefinition[] }): Catalog {
  return buildCatalog(
    Object.entries(sources).map(([name, tools]) => ({ name, listing: { tools, issues: [] } })),
  );
}

function tool(upstreamName: string, properties: object = {}): ToolDefinition {
  const raw = { name: upstreamName };
  return { upstreamName, name: [upstreamName], input: { type: "object", properties }, raw };
}

const code = { code: { type: "string" } };
const catalog = catalogOf({ docs: [tool("read"), tool("search")], shop: [tool("read")] });

it("says nothing where nothing is shown", () => {
  expect(checkPassthrough(catalog)).toEqual([]);
});

it("lists what is shown, by the names under which it is", () => {
  const [check] = checkPassthrough(catalog, ["docs.*", "shop.read"]);
  expect(check).toMatchObject({
    ok: true,
    detail: expect.stringContaining("docs_read, docs_search, shop_read"),
  });
});

it("finds an entry that fits nothing", () => {
  const [check] = checkPassthrough(catalog, ["docs.read", "dogs.*"]);
  expect(check).toMatchObject({ ok: false, detail: expect.stringContaining("dogs.* fits no tool") });
});

it.each([
  ["the pair of such servers", [tool("search", code), tool("execute", code)], true],
  ["their one tool", [tool("code", code)], true],
  ["a pair without code", [tool("search"), tool("execute", { command: { type: "string" } })], false],
  ["the pair among others", [tool("search", code), tool("execute", code), tool("more")], false],
  [
    "our own mark",
    [{ ...tool("execute"), raw: { _meta: { "codemode/execute": true } } }, tool("more")],
    true,
  ],
])("tells a Code Mode server by %s", (_what, tools, nested) => {
  const told = checkPassthrough(catalogOf({ other: tools })).map(({ detail }) => detail);
  expect(told.join().includes("other is a Code Mode server itself")).toBe(nested);
});
