import { describe, expect, test } from "vitest";
import { breakSchemaLoops } from "./break-schema-loops.ts";
import { createSchemaWriter } from "./write-schema.ts";

const root = (over: object = {}, version = "3.0.3") => ({ openapi: version, ...over });

describe("keywords of every dialect become JSON Schema 2020-12", () => {
  test.each<[what: string, schema: unknown, written: unknown]>([
    ["nothing", undefined, {}],
    ["true", true, true],
    ["nullable type", { type: "string", nullable: true }, { type: ["string", "null"] }],
    [
      "nullable enum",
      { type: "string", enum: ["a"], nullable: true },
      { type: ["string", "null"], enum: ["a", null] },
    ],
    [
      "nullable union",
      { anyOf: [{ type: "string" }], nullable: true },
      { anyOf: [{ type: "string" }, { type: "null" }] },
    ],
    [
      "nullable composition",
      { allOf: [{ type: "object" }], nullable: true, description: "d" },
      { description: "d", anyOf: [{ allOf: [{ type: "object" }] }, { type: "null" }] },
    ],
    ["x-nullable", { type: "integer", "x-nullable": true }, { type: ["integer", "null"] }],
    [
      "exclusive bounds",
      { type: "number", minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
      { type: "number", exclusiveMinimum: 1, maximum: 9 },
    ],
    ["example", { type: "string", example: "e" }, { type: "string", examples: ["e"] }],
    ["long example", { example: { long: "x".repeat(300) } }, {}],
    [
      "tuple",
      { items: [{ type: "string" }], additionalItems: false },
      { prefixItems: [{ type: "string" }], items: false },
    ],
    ["bytes", { type: "string", format: "binary" }, { type: "string", format: "binary" }],
    ["bytes of 3.1", { contentMediaType: "application/octet-stream" }, { type: "string", format: "binary" }],
    ["bytes of 2.0", { type: "file" }, { type: "string", format: "binary" }],
    [
      "bytes as text",
      { type: "string", contentMediaType: "image/png", contentEncoding: "base64" },
      { type: "string", contentMediaType: "image/png", contentEncoding: "base64" },
    ],
    [
      "read and write only",
      { type: "string", readOnly: true, writeOnly: false },
      { type: "string", readOnly: true },
    ],
    ["markup", { description: "<p>Words</p>" }, { description: "Words" }],
    ["extensions", { "x-secret": 1, xml: {}, externalDocs: {}, type: "string" }, { type: "string" }],
    [
      "properties named like keywords",
      {
        properties: {
          example: { type: "string" },
          nullable: { type: "boolean" },
          type: { type: "string" },
          $ref: { type: "string" },
        },
      },
      {
        type: "object",
        properties: {
          example: { type: "string" },
          nullable: { type: "boolean" },
          type: { type: "string" },
          $ref: { type: "string" },
        },
      },
    ],
    [
      "what is malformed",
      {
        type: "any",
        required: true,
        properties: [],
        items: 3,
        enum: [],
        minLength: "1",
        anyOf: {},
        additionalProperties: "no",
        description: 4,
        pattern: [],
      },
      {},
    ],
    [
      "half malformed",
      { type: ["string", "date"], required: ["a", 1] },
      { type: ["string"], required: ["a"] },
    ],
  ])("%s", (_what, schema, written) => {
    expect(createSchemaWriter(root()).write(schema)).toEqual(written);
  });

  test("prototype names are names", () => {
    const schema: unknown = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"number"}}}',
    );
    const written = createSchemaWriter(root()).write(schema);
    expect(JSON.stringify(written)).toBe(JSON.stringify(schema));
    expect(Object.getPrototypeOf(written)).toBe(Object.prototype);
  });
});

describe("references", () => {
  const components = (schemas: object, version?: string) => root({ components: { schemas } }, version);

  test("are collected by name, only those in use, with what they use in turn", () => {
    const writer = createSchemaWriter(
      components({ a: { $ref: "#/components/schemas/b-c" }, "b-c": { type: "string" }, unused: {} }),
    );
    expect(writer.write({ items: { $ref: "#/components/schemas/a" } })).toEqual({
      items: { $ref: "#/$defs/A" },
    });
    expect(Object.fromEntries(writer.definitions())).toEqual({
      A: { $ref: "#/$defs/BC" },
      BC: { type: "string" },
    });
  });

  test("names are identifiers, unique, and those that are fine already stay", () => {
    const schemas = {
      "full-repository": {},
      FullRepository: {},
      "com.acme.Thing": {},
      "1st": {},
      日本: {},
      __proto__x: {},
      constructor: {},
    };
    const writer = createSchemaWriter(components(schemas));
    const nameOf = (name: string) =>
      JSON.stringify(writer.write({ $ref: `#/components/schemas/${encodeURIComponent(name)}` })).slice(
        17,
        -2,
      );
    expect(Object.keys(schemas).map(nameOf)).toEqual([
      "FullRepository2",
      "FullRepository",
      "ComAcmeThing",
      "_1st",
      "日本",
      "ProtoX",
      "Constructor",
    ]);
  });

  test("may point anywhere in the document", () => {
    const document = root({
      paths: {
        "/v2/apps": {
          get: {
            responses: {
              200: {
                content: { "application/json": { schema: { properties: { app: { type: "string" } } } } },
              },
            },
          },
        },
      },
    });
    const writer = createSchemaWriter(document);
    const ref = "#/paths/~1v2~1apps/get/responses/200/content/application~1json/schema/properties/app";
    expect(writer.write({ $ref: ref })).toEqual({ $ref: "#/$defs/Apps200App" });
    expect(writer.definitions().get("Apps200App")).toEqual({ type: "string" });
  });

  test("keep what stands beside them where that means something", () => {
    const beside = { $ref: "#/components/schemas/A", description: "d", minLength: 3, nullable: true };
    const old = createSchemaWriter(components({ A: {} }));
    expect(old.write(beside)).toEqual({ description: "d", anyOf: [{ $ref: "#/$defs/A" }, { type: "null" }] });
    const young = createSchemaWriter(components({ A: {} }, "3.1.0"));
    expect(young.write({ ...beside, nullable: false })).toEqual({
      description: "d",
      minLength: 3,
      $ref: "#/$defs/A",
    });
  });

  test.each([
    ["https://evil.example/schema.json", "outside the document"],
    ["file:///etc/passwd", "outside the document"],
    ["./other.yaml#/A", "outside the document"],
    ["#/components/schemas/Missing", "does not exist"],
    ["#anchor", "no JSON pointer"],
    ["#/components/schemas/constructor", "does not exist"],
    ["#/__proto__/x", "does not exist"],
    ["", "outside the document"],
  ])("%j is refused with its reason, and anything is allowed there", (ref, reason) => {
    const writer = createSchemaWriter(components({}));
    expect(writer.write({ properties: { a: { $ref: ref } } })).toEqual({
      type: "object",
      properties: { a: {} },
    });
    expect([...writer.problems.values()]).toEqual([expect.stringContaining(reason)]);
  });

  test("discriminators point to the same names", () => {
    const writer = createSchemaWriter(components({ "the-dog": {}, Cat: {} }));
    const discriminator = {
      propertyName: "kind",
      mapping: { dog: "#/components/schemas/the-dog", cat: "Cat", gone: "Gone" },
    };
    expect(writer.write({ discriminator, oneOf: [] })).toEqual({
      oneOf: [],
      discriminator: { propertyName: "kind", mapping: { dog: "#/$defs/TheDog", cat: "#/$defs/Cat" } },
    });
  });
});

describe("loops", () => {
  function definitions(schemas: { [name: string]: unknown }) {
    const writer = createSchemaWriter(root({ components: { schemas } }, "3.1.0"));
    for (const name of Object.keys(schemas)) writer.write({ $ref: `#/components/schemas/${name}` });
    const written = writer.definitions();
    const cut = breakSchemaLoops(written);
    return { cut: [...cut], written: Object.fromEntries(written) };
  }
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

  test("recursion through properties and items stays", () => {
    const { cut, written } = definitions({
      Tree: { properties: { left: ref("Tree") }, items: ref("Tree"), additionalProperties: ref("Tree") },
    });
    expect(cut).toEqual([]);
    expect(written["Tree"]).toEqual({
      type: "object",
      properties: { left: { $ref: "#/$defs/Tree" } },
      items: { $ref: "#/$defs/Tree" },
      additionalProperties: { $ref: "#/$defs/Tree" },
    });
  });

  test.each<[what: string, schemas: { [name: string]: unknown }]>([
    ["an alias of itself", { A: ref("A") }],
    ["aliases of each other", { A: ref("B"), B: ref("A") }],
    ["allOf itself", { A: { allOf: [ref("A"), { type: "object" }] } }],
    [
      "anyOf over several",
      { A: { anyOf: [ref("B")] }, B: { oneOf: [{ allOf: [ref("C")] }] }, C: { not: ref("A") } },
    ],
  ])("%s is cut", (_what, schemas) => {
    const { cut, written } = definitions(schemas);
    expect(cut).toHaveLength(1);
    const again = new Map(Object.entries(written));
    expect(breakSchemaLoops(again).size).toBe(0);
  });

  test("chains are cut where no person would follow", () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, at) => [`S${at}`, at + 1 < length ? ref(`S${at + 1}`) : {}]),
      );
    expect(definitions(chain(60)).cut).toEqual([]);
    expect(definitions(chain(100)).cut).toHaveLength(1);
    expect(definitions(chain(20_000)).cut.length).toBeGreaterThan(100);
  });
});
