import { describe, expect, it } from "vitest";
import { sourceOf } from "../../test/fixtures/typegen/source-of.ts";
import { conditional, declared, sent } from "../../test/fixtures/typegen/type-text.ts";
import type { JsonSchema } from "../spec/value.ts";

describe("unions", () => {
  it.each<[JsonSchema, string]>([
    [{ anyOf: [{ type: "string" }, { type: "number" }] }, "string | number"],
    [
      { oneOf: [{ type: "string" }, { type: "null" }, { type: "array", items: {} }] },
      "string | any[] | null",
    ],
    [{ anyOf: [{ anyOf: [{ type: "string" }, { const: 1 }] }, { type: "string" }] }, "string | 1"],
    [{ anyOf: [{ type: "string" }, {}] }, "any"],
    [{ anyOf: [] }, "any"],
    [{ anyOf: "no list" }, "any"],
    [{ anyOf: [false, { type: "string" }] }, "string"],
    [{ type: "string", anyOf: [{ format: "uri" }, { format: "email" }] }, "string"],
    [{ type: "string", anyOf: [{ enum: ["a"] }, { const: "b" }] }, '"a" | "b"'],
    [
      { type: "object", oneOf: [{ properties: { a: true } }, { properties: { b: true } }] },
      "{ a?: any } | { b?: any }",
    ],
  ])("%j is %s", (schema, text) => expect(sent(schema).replaceAll(/\/\*.*?\*\/ (it: )?/g, "")).toBe(text));

  it("reads options that only say which properties are required", () => {
    const properties = { a: { type: "string", description: "One." }, b: { type: "number" } };
    expect(sent({ type: "object", properties, anyOf: [{ required: ["a"] }, { required: ["b"] }] })).toBe(
      "({ a: string } | { b: number }) & { /** One. */ a?: string b?: number }",
    );
  });

  it.each([
    ["a mapping", { mapping: { cat: "#/$defs/Cat", dog: "Dog" } }, '"cat"', '"dog"'],
    ["the names", {}, '"Cat"', '"Dog"'],
  ])("tags the options of a discriminator by %s", (_by, more, cat, dog) => {
    const animal = (name: string): JsonSchema => ({
      properties: { [name]: { type: "number" }, kind: { type: "string" } },
    });
    const schema = {
      oneOf: [{ $ref: "#/$defs/Cat" }, { $ref: "#/$defs/Dog" }],
      discriminator: { propertyName: "kind", ...more },
    };
    expect(sent(schema, { Cat: animal("lives"), Dog: animal("tricks") })).toBe(
      `Cat & { kind: ${cat} } | Dog & { kind: ${dog} }`,
    );
  });

  it("leaves options alone that tell themselves apart", () => {
    const definitions = {
      Cat: { type: "object", properties: { kind: { const: "cat" } }, required: ["kind"] },
      Dog: { type: "object", properties: { kind: { enum: ["dog", "wolf"] } }, required: ["kind"] },
    };
    const schema = {
      oneOf: [{ $ref: "#/$defs/Cat" }, { $ref: "#/$defs/Dog" }],
      discriminator: { propertyName: "kind" },
    };
    expect(sent(schema, definitions)).toBe("Cat | Dog");
  });
});

describe("allOf", () => {
  const object = (name: string, more: object = {}): JsonSchema => ({
    type: "object",
    properties: { [name]: { type: "string" } },
    ...more,
  });
  it.each<[JsonSchema, string]>([
    [{ allOf: [object("a"), object("b", { required: ["b"] })] }, "{ a?: string; b: string }"],
    [{ allOf: [object("a")], required: ["a"] }, "{ a: string }"],
    [{ ...(object("a") as object), allOf: [{ required: ["a"] }] }, "{ a: string }"],
    [{ allOf: [{ type: "string" }, { enum: ["a", 1] }] }, '"a"'],
    [{ allOf: [{ type: "number" }, { type: "integer" }] }, "int"],
    [{ allOf: [] }, "any"],
    [{ allOf: [{}] }, "any"],
    [
      { allOf: [object("a"), { oneOf: [object("b"), object("c")] }] },
      "({ b?: string } | { c?: string }) & { a?: string }",
    ],
  ])("%j is %s", (schema, text) => expect(sent(schema)).toBe(text));

  it("inherits from definitions by name, and makes required what they declare", () => {
    const schema = { allOf: [{ $ref: "#/$defs/Base" }, object("b")], required: ["a"] };
    expect(sent(schema, { Base: object("a") })).toBe("Base & { a: string; b?: string }");
  });

  it("keeps a parent that lists its children apart from them", () => {
    const definitions = {
      Pet: { ...(object("name") as object), oneOf: [{ $ref: "#/$defs/Cat" }, { $ref: "#/$defs/Dog" }] },
      Cat: { allOf: [{ $ref: "#/$defs/Pet" }, object("lives")] },
      Dog: { allOf: [{ $ref: "#/$defs/Pet" }, object("tricks")] },
    };
    const source = sourceOf([{ name: "call", output: { $ref: "#/$defs/Pet" } }], definitions);
    expect(declared(source)).toBe(
      "interface Cat { name?: string lives?: string } interface Dog { name?: string tricks?: string } " +
        "type Pet = (Cat | Dog) & { name?: string };",
    );
  });
});

describe("conditions", () => {
  const kind = { enum: ["a", "b", "c"] };
  it("tells apart what a listed property tells apart", () => {
    const given = { type: "object", properties: { kind, x: { type: "string" } }, required: ["kind"] };
    const condition = { properties: { kind: { const: "a" } }, required: ["kind"] };
    const schema = conditional(given, condition, [
      { required: ["x"] },
      { properties: { y: { type: "number" } } },
    ]);
    expect(sent(schema)).toBe(
      '({ kind: "a"; x: string } | { kind?: "b" | "c"; y?: number }) & { kind: "a" | "b" | "c"; x?: string }',
    );
  });

  it("keeps the properties of any other condition", () => {
    const schema = conditional(
      { type: "object", properties: { x: { type: "string" } } },
      { properties: { x: { pattern: "^a" } } },
      [
        { properties: { x: { const: "a" }, y: { type: "string" } }, required: ["y"] },
        { properties: { y: { type: "number" } } },
      ],
    );
    expect(sent(schema)).toBe("{ x?: string; y?: string | number }");
  });

  it("keeps the properties that dependent schemas know", () => {
    const schema = {
      properties: { a: true },
      dependentSchemas: { a: { properties: { b: { type: "string" } } } },
    };
    expect(sent(schema)).toBe("{ a?: any; b?: string }");
  });
});
