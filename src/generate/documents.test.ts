import { Validator } from "@cfworker/json-schema";
import { describe, expect, test } from "vitest";
import { createDemoCodemode, demoCatalog, serveDemo } from "../../test/fixtures/generate/demo-codemode.ts";
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

  test("is what the server answers: calls go through our own connector and back", async () => {
    const spec = JSON.parse(textOf("openapi", await demoCatalog()));
    const baseUrl = (await serveDemo(createDemoCodemode())).replace(/\/mcp$/, "");
    await using source = createOpenApiSource("demo", { spec, baseUrl });
    const context = {
      signal: AbortSignal.timeout(20_000),
      timeoutMs: 20_000,
      principal: "local",
      runId: "run",
      seq: 1,
      maxResultBytes: 2 ** 23,
    };
    const call = (upstreamName: string, body: { [name: string]: string } = {}) =>
      source.call({ upstreamName, args: { body } }, context);
    expect(await call("hub.issues.create_issue", { title: "t" })).toMatchObject({
      value: { number: 7, title: "t", state: "open" },
    });
    await expect(call("hub.fail")).rejects.toMatchObject({
      code: "tool_failed",
      message: expect.stringContaining("no such repository"),
    });
    await expect(call("hub.issues.create_issue")).rejects.toThrow(/title/);
  });
});

describe("the endpoint of tools", () => {
  const post = (url: string, init: RequestInit = {}) =>
    fetch(url, { method: "POST", body: "{}", headers: { "content-type": "application/json" }, ...init });

  test.each<[string, string, RequestInit, [number, string]]>([
    ["an unknown tool", "hub/nowhere", {}, [404, "tool_not_found"]],
    ["a name that objects inherit", "constructor/constructor", {}, [404, "tool_not_found"]],
    ["a slash within a name", "hub%2Fnothing", {}, [404, "tool_not_found"]],
    ["a body that is no JSON", "hub/nothing", { body: "{" }, [400, "tool_arguments_invalid"]],
    [
      "arguments that do not fit",
      "hub/issues/create_issue",
      { body: '{"title":1}' },
      [400, "tool_arguments_invalid"],
    ],
    ["a tool that fails", "hub/fail", {}, [502, "tool_failed"]],
    ["what a form could send", "hub/nothing", { headers: { "content-type": "text/plain" } }, [415, "usage"]],
  ])("refuses %s", async (_what, path, init, [status, code]) => {
    const url = (await serveDemo(createDemoCodemode())).replace(/mcp$/, `tools/${path}`);
    const response = await post(url, init);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  test("wants the token, takes no page of another origin and no body beyond its bound, and waits for a person", async () => {
    const url = (await serveDemo(createDemoCodemode("ask-writes"), "token")).replace(/mcp$/, "tools/hub/");
    const headers = { "content-type": "application/json", authorization: "Bearer token" };
    expect((await post(`${url}nothing`)).status).toBe(401);
    expect(
      (await post(`${url}nothing`, { headers: { ...headers, origin: "https://evil.example" } })).status,
    ).toBe(403);
    expect((await post(`${url}nothing`, { headers, body: " ".repeat(4 * 2 ** 20 + 1) })).status).toBe(413);
    expect((await post(`${url}nothing`, { headers, body: " ".repeat(2 ** 20) })).status).toBe(200);
    const paused = await post(`${url}issues/create_issue`, { headers, body: '{"title":"x"}' });
    expect(paused.status).toBe(409);
    expect(await paused.json()).toMatchObject({
      runId: expect.stringMatching(/^run_/),
      error: { code: "run_paused" },
      pending: [{ path: "hub.issues.create_issue" }],
    });
  });
});
