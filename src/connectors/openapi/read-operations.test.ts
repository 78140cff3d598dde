/** Documents of every version, and documents with mistakes in them. */
import { describe, expect, test } from "vitest";
import type { ToolDefinition } from "../../spec/tool.ts";
import { compileDocument } from "./compile-document.ts";

function compile(document: object) {
  return compileDocument(JSON.stringify(document));
}

function only(document: object): ToolDefinition {
  const { tools } = compile(document).listing;
  expect(tools).toHaveLength(1);
  const [tool] = tools;
  if (tool === undefined) throw new Error("There is no tool.");
  return tool;
}

const info = { title: "API", version: "1" };

describe("versions", () => {
  test("Swagger 2.0 keeps what its parameters say", () => {
    const { input, output } = only({
      swagger: "2.0",
      info,
      host: "old.example",
      schemes: ["http", "https"],
      produces: ["application/json"],
      definitions: { Pet: { type: "object" } },
      responses: { Found: { description: "", schema: { $ref: "#/definitions/Pet" } } },
      parameters: { Limit: { name: "limit", in: "query", type: "integer", maximum: 9 } },
      paths: {
        "/x/{id}": {
          post: {
            consumes: ["application/x-www-form-urlencoded"],
            parameters: [
              { $ref: "#/parameters/Limit" },
              { name: "id", in: "path", required: true, type: "string" },
              { name: "kind", in: "formData", type: "string", enum: ["a", "b"], required: true },
            ],
            responses: { 200: { $ref: "#/responses/Found" } },
          },
        },
      },
    });
    expect(input).toMatchObject({
      properties: {
        id: { type: "string" },
        limit: { type: "integer", maximum: 9 },
        body: { properties: { kind: { enum: ["a", "b"] } }, required: ["kind"] },
      },
      required: ["id", "body"],
    });
    expect(output).toEqual({ $ref: "#/$defs/Pet" });
    expect(
      compile({
        swagger: "2.0",
        info,
        host: "old.example",
        basePath: "/v1",
        schemes: ["http", "https"],
        paths: {},
      }).servers,
    ).toEqual([{ url: "https://old.example/v1", variables: {} }]);
  });

  test("OpenAPI 3.2: the query method, further methods, tags in a tree", () => {
    const { tools } = compile({
      openapi: "3.2.0",
      info,
      tags: [{ name: "rules", parent: "network" }, { name: "network" }],
      paths: {
        "/x": {
          query: { operationId: "queryRules", tags: ["rules"], responses: {} },
          additionalOperations: {
            COPY: { operationId: "copyRules", tags: ["rules"], responses: {} },
            "B AD": {},
          },
        },
      },
    }).listing;
    expect(tools.map(({ name, effect }) => [name.join("."), effect])).toEqual([
      ["network.rules.queryRules", "read"],
      ["network.rules.copyRules", undefined],
    ]);
  });

  test("YAML is read as JSON is", () => {
    const yaml =
      "openapi: '3.0.0'\ninfo: {title: API, version: 1.0}\npaths:\n  /x:\n    get: &get\n      responses:\n        200: {description: on}\n    head: *get\n";
    expect(compileDocument(yaml).listing.tools).toHaveLength(2);
  });
});

describe("what is wrong is left out with its reason, and the rest stays", () => {
  const good = { get: { responses: {} } };

  const read = (path: string, item: unknown) =>
    compile({ openapi: "3.0.0", info, paths: { "/good": good, [path]: item } }).listing;

  test.each<[what: string, path: string, item: unknown, reason: RegExp]>([
    ["a path without a slash", "x", good, /does not start with a slash/],
    ["a path item that is nowhere", "/x", { $ref: "#/nowhere" }, /does not exist/],
    ["a path item elsewhere", "/x", { $ref: "https://evil.example/x.json" }, /never followed/],
    ["an operation that is none", "/x", { get: "text" }, /no object/],
    [
      "a body that is nowhere",
      "/x",
      { post: { requestBody: { $ref: "#/nowhere" }, responses: {} } },
      /request body cannot be read/,
    ],
  ])("without the operation: %s", (_what, path, item, reason) => {
    const { tools, issues } = read(path, item);
    expect(tools).toHaveLength(1);
    expect(issues).toEqual([
      {
        upstreamName: expect.stringContaining(path),
        kind: "left_out",
        reason: expect.stringMatching(reason),
      },
    ]);
  });

  test.each<[what: string, path: string, item: unknown, reason: RegExp]>([
    [
      "a parameter that is nowhere",
      "/x",
      { get: { parameters: [{ $ref: "#/nowhere" }], responses: {} } },
      /parameter was left out/,
    ],
    [
      "a parameter without a name",
      "/x",
      { get: { parameters: [{ in: "query" }], responses: {} } },
      /without a name/,
    ],
    ["parameters that are no list", "/x", { get: { parameters: "p", responses: {} } }, /no list/],
    [
      "a place nobody knows",
      "/x",
      { get: { parameters: [{ name: "a", in: "matrix" }], responses: {} } },
      /place "matrix" is unknown/,
    ],
    ["a path parameter not described", "/x/{id}", good, /"id" is not described/],
    [
      "a path parameter that is not in the path",
      "/x",
      { get: { parameters: [{ name: "a", in: "path" }], responses: {} } },
      /no \{a\}/,
    ],
    [
      "an answer that is nowhere",
      "/x",
      { get: { responses: { 200: { $ref: "#/nowhere" } } } },
      /answer 200 is not described/,
    ],
    [
      "a reference to itself",
      "/x",
      { get: { parameters: [{ $ref: "#/paths/~1x/get/parameters/0" }], responses: {} } },
      /refers to itself/,
    ],
  ])("without the part: %s", (_what, path, item, reason) => {
    const { tools, issues } = read(path, item);
    expect(tools).toHaveLength(2);
    expect(issues).toEqual([
      expect.objectContaining({ kind: "repaired", reason: expect.stringMatching(reason) }),
    ]);
  });

  test("ids given twice are told apart by method and path", () => {
    const { tools, issues } = compile({
      openapi: "3.0.0",
      info,
      paths: {
        "/a": { get: { operationId: "same", responses: {} } },
        "/b": { get: { operationId: "same", responses: {} } },
      },
    }).listing;
    expect(tools.map(({ upstreamName, name }) => [upstreamName, name.join(".")])).toEqual([
      ["GET /a", "same"],
      ["GET /b", "sameGet"],
    ]);
    expect(issues.map(({ kind }) => kind)).toEqual(["renamed", "renamed"]);
  });

  test.each([{}, { paths: null }, { paths: [] }, { paths: "x" }, { paths: {} }])(
    "%j has no tools",
    (over) => {
      expect(compile({ openapi: "3.0.0", info, ...over }).listing.tools).toEqual([]);
    },
  );
});
