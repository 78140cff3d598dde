import { Validator } from "@cfworker/json-schema";
import { describe, expect, test } from "vitest";
import { demoCatalog } from "../../test/fixtures/generate/demo-codemode.ts";
import { sourceOf } from "../../test/fixtures/typegen/source-of.ts";
import { joinSources } from "../catalog/build-catalog.ts";
import { createOpenApiSource } from "../connectors/openapi/create-openapi-source.ts";
import type { Catalog } from "../spec/tool.ts";
import { generateFiles } from "./generate-files.ts";

/** References of every kind: shared and own definitions, itself, an anchor, a pointer into itself, nothing. */
const referring = joinSources([
  sourceOf(
    [
      {
        name: "use",
        input: {
          type: "object",
          properties: {
            shared: { $ref: "#/$defs/Shared" },
            own: { $ref: "#/$defs/Own" },
            again: { $ref: "#" },
            beside: { $ref: "#/properties/plain" },
            anchored: { $ref: "#spot" },
            broken: { $ref: "#/$defs/Nowhere" },
            remote: { $ref: "https://example.com/x.json" },
            plain: { type: "integer" },
            $ref: { type: "string" },
          },
          required: ["plain"],
          $defs: { Own: { enum: ["own"] }, "A/B": { $anchor: "spot", enum: ["spot"] } },
        },
        output: { $ref: "#/$defs/Shared" },
      },
    ],
    {
      Shared: {
        type: "object",
        properties: { next: { $ref: "#/$defs/Shared" }, other: { $ref: "#/$defs/Other" } },
      },
      Other: { const: 1 },
    },
  ),
]);

function textOf(kind: "schema" | "openapi", catalog: Catalog): string {
  const [text = ""] = generateFiles(kind, { catalog, name: "demo" }).values();
  return text;
}

describe("the JSON Schema of a catalog", () => {
  const validator = new Validator(JSON.parse(textOf("schema", referring)), "2020-12");
  const fits = (args: object, result: unknown = {}): boolean =>
    validator.validate({ "shop.use": { args, result } }).valid;

  test.each<[string, object]>([
    ["a shared definition", { shared: { next: { next: {} }, other: 1 } }],
    ["an own definition", { own: "own" }],
    ["the schema itself", { again: { plain: 1, again: { plain: 2 } } }],
    ["a pointer", { beside: 3 }],
    ["an anchor", { anchored: "spot" }],
    ["a reference to nothing", { broken: [1], remote: { x: 1 } }],
    ["a property that is called like a reference", { $ref: "text" }],
  ])("takes what fits %s", (_what, args) => {
    expect(fits({ plain: 1, ...args })).toBe(true);
  });

  test.each<[string, object]>([
    ["a shared definition", { shared: { next: { next: 1 } } }],
    ["a definition behind it", { shared: { next: { other: 2 } } }],
    ["an own definition", { own: "other" }],
    ["the schema itself", { again: { plain: 1, again: {} } }],
    ["a pointer", { beside: "3" }],
    ["an anchor", { anchored: "other" }],
    ["a property that is called like a reference", { $ref: 1 }],
  ])("refuses what does not fit %s", (_what, args) => {
    expect(fits({ plain: 1, ...args })).toBe(false);
  });

  test("knows the answers and no other tools", () => {
    expect(fits({ plain: 1 }, { other: 2 })).toBe(false);
    expect(validator.validate({ "shop.other": {} }).valid).toBe(false);
  });

  test("has every tool, whatever it is called", async () => {
    const catalog = await demoCatalog();
    const document = JSON.parse(textOf("schema", catalog));
    expect(Object.keys(document.properties).toSorted()).toEqual([...catalog.tools.keys()].toSorted());
  });
});

describe("the OpenAPI document of a catalog", () => {
  const list = async (catalog: Catalog) => {
    await using source = createOpenApiSource("demo", { spec: JSON.parse(textOf("openapi", catalog)) });
    return await source.list({ signal: AbortSignal.timeout(20_000) });
  };

  test("is read by our own connector: every tool, its arguments, its answer", async () => {
    const catalog = await demoCatalog();
    const { tools, issues } = await list(catalog);
    expect(issues).toEqual([]);
    expect(tools.map(({ upstreamName }) => upstreamName).toSorted()).toEqual(
      [...catalog.tools.keys()].toSorted(),
    );
    const create = tools.find(({ upstreamName }) => upstreamName === "hub.issues.create_issue");
    expect(create).toMatchObject({
      name: ["hub", "issues", "createIssue"],
      description: "Creates an issue.",
    });
    expect(create?.output).toBeDefined();
  });

  test("keeps references, recursive ones too", async () => {
    const { tools, definitions } = await list(referring);
    expect(tools).toHaveLength(1);
    const text = JSON.stringify([tools, definitions]);
    expect(text).toContain('"next":{"$ref":"#/$defs/ShopShared"}');
    expect(Object.keys(definitions ?? {}).length).toBeGreaterThanOrEqual(3);
  });
});
