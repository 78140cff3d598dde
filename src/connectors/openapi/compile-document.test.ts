import { describe, expect, test } from "vitest";
import type { ToolDefinition } from "../../spec/tool.ts";
import { compileDocument } from "./compile-document.ts";

function compile(document: object) {
  return compileDocument(JSON.stringify(document));
}

const info = { title: "API", version: "1", description: "What it is for." };
const json = (schema: object) => ({ description: "", content: { "application/json": { schema } } });

function only(document: object): ToolDefinition {
  const { tools } = compile(document).listing;
  expect(tools).toHaveLength(1);
  const [tool] = tools;
  if (tool === undefined) throw new Error("There is no tool.");
  return tool;
}

describe("a tool", () => {
  test("has its parameters flat by name and its body as `body`", () => {
    const tool = only({
      openapi: "3.0.3",
      info,
      paths: {
        "/orgs/{org}/repos": {
          parameters: [
            {
              name: "org",
              in: "path",
              required: true,
              schema: { type: "string" },
              description: "Organisation.",
            },
          ],
          post: {
            operationId: "repos/create-in-org",
            summary: "Create a repository",
            description: "In an organisation.",
            tags: ["repos"],
            deprecated: true,
            parameters: [
              { name: "dry", in: "query", schema: { type: "boolean" } },
              { name: "X-Trace", in: "header", schema: { type: "string" }, required: true },
            ],
            requestBody: {
              required: true,
              ...json({ type: "object", properties: { name: { type: "string" } } }),
            },
            responses: { 201: json({ type: "object" }), 404: json({ type: "string" }) },
          },
        },
      },
    });
    expect(tool).toMatchObject({
      upstreamName: "repos/create-in-org",
      name: ["repos", "createInOrg"],
      description: "Create a repository\n\nIn an organisation.",
      tags: ["repos"],
      deprecated: true,
      output: { type: "object" },
    });
    expect(tool.effect).toBeUndefined();
    expect(tool.input).toEqual({
      type: "object",
      properties: {
        org: { type: "string", description: "Organisation." },
        dry: { type: "boolean" },
        "X-Trace": { type: "string" },
        body: { type: "object", properties: { name: { type: "string" } }, description: undefined },
      },
      required: ["org", "X-Trace", "body"],
      additionalProperties: false,
    });
  });

  test("never has two arguments of one name", () => {
    const parameter = (where: string, name = "id") => ({
      name,
      in: where,
      required: where === "path",
      schema: { type: "string" },
    });
    const { listing, operations } = compile({
      openapi: "3.1.0",
      info,
      paths: {
        "/x/{id}": {
          put: {
            operationId: "put",
            parameters: [
              parameter("query"),
              parameter("path"),
              parameter("header"),
              parameter("cookie"),
              parameter("query", "body"),
              parameter("query", "idQuery"),
            ],
            requestBody: json({}),
            responses: {},
          },
        },
      },
    });
    expect(operations[0]?.parameters.map(({ key, name, place }) => [key, name, place])).toEqual([
      ["id", "id", "path"],
      ["idQuery", "id", "query"],
      ["bodyQuery", "body", "query"],
      ["idQueryQuery", "idQuery", "query"],
      ["idHeader", "id", "header"],
      ["idCookie", "id", "cookie"],
    ]);
    expect(operations[0]?.body?.key).toBe("body");
    expect(listing.issues.filter(({ kind }) => kind === "renamed")).toHaveLength(5);
  });

  test.each([
    ["get", "read"],
    ["head", "read"],
    ["options", "read"],
    ["delete", "destructive"],
    ["post", undefined],
    ["put", undefined],
    ["patch", undefined],
  ])("of %s has the effect %s", (method, effect) => {
    expect(only({ openapi: "3.0.0", info, paths: { "/x": { [method]: { responses: {} } } } }).effect).toBe(
      effect,
    );
  });

  test.each<[what: string, responses: object, output: unknown]>([
    ["one schema", { 200: json({ type: "string" }) }, { type: "string" }],
    [
      "a union over statuses",
      { 200: json({ type: "string" }), 202: json({ type: "number" }), 400: json({}) },
      { anyOf: [{ type: "string" }, { type: "number" }] },
    ],
    ["nothing", { 204: { description: "" } }, { type: "null" }],
    [
      "something or nothing",
      { 200: json({ type: "string" }), 204: { description: "" } },
      { anyOf: [{ type: "string" }, { type: "null" }] },
    ],
    ["a range", { "2XX": json({ type: "string" }) }, { type: "string" }],
    ["the default alone", { default: json({ type: "string" }) }, { type: "string" }],
    ["no word of it", { 200: { description: "" } }, undefined],
    ["JSON without a schema", { 200: { description: "", content: { "application/json": {} } } }, undefined],
    [
      "text",
      { 200: { description: "", content: { "text/csv": { schema: { type: "string" } } } } },
      { type: "string" },
    ],
    [
      "bytes",
      { 200: { description: "", content: { "application/pdf": {} } } },
      { type: "string", format: "binary" },
    ],
    [
      "XML beside JSON",
      {
        200: {
          description: "",
          content: {
            "application/xml": { schema: { type: "object" } },
            "application/json": { schema: { type: "object" } },
          },
        },
      },
      { type: "object" },
    ],
    [
      "a mistake for a media type",
      {
        200: { description: "", content: { string: {}, "application/json": { schema: { type: "object" } } } },
      },
      { type: "object" },
    ],
  ])("answers with %s", (_what, responses, output) => {
    expect(only({ openapi: "3.0.0", info, paths: { "/x": { get: { responses } } } }).output).toEqual(output);
  });

  test("lets one choose where contents differ", () => {
    const document = {
      openapi: "3.0.0",
      info,
      paths: {
        "/x": {
          post: {
            requestBody: {
              content: { "application/json": { schema: { type: "object" } }, "text/plain": {} },
            },
            responses: {
              200: {
                description: "",
                content: { "text/csv": {}, "application/json": { schema: { type: "array" } } },
              },
            },
          },
        },
      },
    };
    expect(only(document).input).toMatchObject({
      properties: {
        body: { anyOf: [{ type: "object" }, { type: "string" }] },
        contentType: { enum: ["application/json", "text/plain"] },
        accept: { enum: ["application/json", "text/csv"] },
      },
    });
    expect(compile(document).operations[0]).toMatchObject({
      acceptKey: "accept",
      body: { contentTypeKey: "contentType" },
    });
  });

  test("takes files with their names in multipart bodies", () => {
    const components = {
      schemas: {
        Upload: {
          type: "object",
          properties: {
            file: { type: "string", format: "binary" },
            files: { type: "array", items: { type: "string", format: "binary" } },
          },
        },
      },
    };
    const content = { "multipart/form-data": { schema: { $ref: "#/components/schemas/Upload" } } };
    const { input } = only({
      openapi: "3.0.0",
      info,
      components,
      paths: { "/x": { post: { requestBody: { content }, responses: {} } } },
    });
    const file = {
      anyOf: [
        { type: "string", format: "binary" },
        { type: "object", properties: { filename: { type: "string" } }, required: ["data"] },
      ],
    };
    expect(input).toMatchObject({
      properties: { body: { properties: { file, files: { type: "array", items: file } } } },
    });
  });

  test("changes its digest with anything that the document says of it", () => {
    const digest = (over: object) =>
      only({ openapi: "3.0.0", info, paths: { "/x": { get: { summary: "s", responses: {}, ...over } } } })
        .raw;
    expect(digest({})).toEqual(digest({}));
    expect(digest({})).not.toEqual(digest({ summary: "other" }));
  });

  test("changes its digest with the schemas its arguments refer to", () => {
    const digest = (type: string) => {
      const parameters = [{ name: "q", in: "query", schema: { $ref: "#/components/schemas/A" } }];
      const schemas = { A: { properties: { b: { $ref: "#/components/schemas/B" } } }, B: { type } };
      return only({
        openapi: "3.0.0",
        info,
        components: { schemas },
        paths: { "/x": { get: { parameters, responses: {} } } },
      }).raw;
    };
    expect(digest("string")).toEqual(digest("string"));
    expect(digest("string")).not.toEqual(digest("number"));
  });
});
