import { describe, expect, it } from "vitest";
import { received, sent } from "../../test/fixtures/typegen/type-text.ts";
import type { JsonSchema } from "../spec/value.ts";

describe("simple types", () => {
  it.each<[JsonSchema, string]>([
    [{ type: "string" }, "string"],
    [{ type: "number" }, "number"],
    [{ type: "integer" }, "int"],
    [{ type: "boolean" }, "boolean"],
    [{ type: "null" }, "null"],
    [{ type: ["string", "null"] }, "string | null"],
    [{ type: ["null", "integer", "number"] }, "number | null"],
    [{ type: "string", nullable: true }, "string | null"],
    [{ type: "string", "x-nullable": true }, "string | null"],
    [{ type: "array", items: { type: "string" } }, "string[]"],
    [{ type: "array", items: { type: ["string", "null"] } }, "(string | null)[]"],
    [{ type: "array" }, "any[]"],
    [{ items: { type: "string" } }, "string[]"],
    [{}, "any"],
    [true, "any"],
    [false, "never"],
    [{ type: "nonsense" }, "any"],
    [{ type: 7 }, "any"],
    [{ type: "string", format: "binary" }, "Uint8Array | string"],
    [{ format: "binary" }, "Uint8Array | string"],
    [{ type: "file" }, "Uint8Array | string"],
  ])("%j is %s", (schema, text) => expect(sent(schema)).toBe(text));

  it("receives bytes as bytes", () =>
    expect(received({ type: "string", format: "binary" })).toBe("Uint8Array"));
});

describe("literals", () => {
  it.each<[JsonSchema, string]>([
    [{ const: "a" }, '"a"'],
    [{ const: null }, "null"],
    [{ const: { a: [1, "x"] } }, '{ a: [1, "x"] }'],
    [{ const: {} }, "Record<string, never>"],
    [{ enum: ["a", "b"] }, '"a" | "b"'],
    [{ enum: ["a", null, 3, -1.5, true] }, '"a" | 3 | -1.5 | true | null'],
    [{ enum: [true, false] }, "boolean"],
    [{ enum: ["a", "a"] }, '"a"'],
    [{ enum: [] }, "any"],
    [{ type: "string", enum: ["a", "b"], nullable: true }, '"a" | "b" | null'],
    [{ const: JSON.parse("1e400") as number }, "number"],
    [{ const: -0 }, "0"],
    [{ const: 1e21 }, "1e+21"],
    [{ const: 'say "hi"\n\u2028`${x}`\\' }, '"say \\"hi\\"\\n\\u2028`${x}`\\\\"'],
    [{ const: "\ud800" }, '"\\ud800"'],
  ])("%j is %s", (schema, text) => expect(sent(schema)).toBe(text));
});

describe("objects", () => {
  it.each<[JsonSchema, string]>([
    [{ type: "object", properties: { a: { type: "string" } } }, "{ a?: string }"],
    [{ properties: { a: true, b: { type: "null" } }, required: ["b"] }, "{ a?: any; b: null }"],
    [{ type: "object", properties: { a: { type: "string", required: true } } }, "{ a: string }"],
    [{ type: "object", properties: { a: true }, required: ["a", "b"] }, "{ a: any; b: any }"],
    [{ type: "object" }, "Record<string, any>"],
    [{ type: "object", properties: {} }, "{}"],
    [{ type: "object", additionalProperties: false }, "Record<string, never>"],
    [{ type: "object", additionalProperties: true }, "Record<string, any>"],
    [{ type: "object", additionalProperties: { type: "number" } }, "Record<string, number>"],
    [
      { properties: { a: { type: "string" } }, additionalProperties: true },
      "{ a?: string; [key: string]: any }",
    ],
    [{ properties: { a: { type: "string" } }, additionalProperties: false }, "{ a?: string }"],
    [
      { properties: { a: { type: "string" } }, additionalProperties: { type: "number" } },
      "{ a?: string; [key: string]: number | string | undefined }",
    ],
    [
      { properties: { a: { type: "number" } }, required: ["a"], additionalProperties: { type: "number" } },
      "{ a: number; [key: string]: number }",
    ],
    [{ patternProperties: { "^x-": { type: "string" } } }, "Record<string, string>"],
    [
      { patternProperties: { "^x-": { type: "string" } }, additionalProperties: { type: "null" } },
      "Record<string, string | null>",
    ],
    [
      { patternProperties: { "^x-": { type: "string" } }, additionalProperties: false },
      "Record<string, string>",
    ],
    [{ type: "object", unevaluatedProperties: { type: "string" } }, "Record<string, string>"],
    [
      { type: "object", propertyNames: { enum: ["a", "b"] }, additionalProperties: { type: "string" } },
      "{ a?: string; b?: string }",
    ],
    [{ type: ["object", "null"], properties: { a: { type: "string" } } }, "{ a?: string } | null"],
    [{ type: "object", properties: ["a"] }, "Record<string, any>"],
    [{ type: "object", properties: { a: 7 }, required: "a" }, "{ a?: any }"],
  ])("%j is %s", (schema, text) => expect(sent(schema)).toBe(text));

  it("knows nothing of an answer that declares no properties", () => {
    expect(received({ type: "object", properties: {} })).toBe("Record<string, any>");
  });

  it("quotes names that are no identifiers, and only those", () => {
    const names = [
      "a-b",
      "1a",
      "",
      "new",
      "class",
      "__proto__",
      "constructor",
      "$ref",
      "größe",
      "a\nb",
      '"',
      "*/",
    ];
    const properties: [string, JsonSchema][] = names.map((name) => [name, { type: "null" }]);
    const schema = { type: "object", properties: Object.fromEntries(properties), required: names };
    expect(received(schema)).toBe(
      '{ "a-b": null "1a": null "": null "new": null class: null __proto__: null constructor: null ' +
        '$ref: null größe: null "a\\nb": null "\\"": null "*/": null }',
    );
  });
});

describe("tuples", () => {
  const [a, b] = [{ type: "string" }, { type: "number" }];
  it.each<[JsonSchema, string]>([
    [{ type: "array", prefixItems: [a, b], items: false }, "[string, number]"],
    [{ prefixItems: [a, b] }, "[string, number, ...any[]]"],
    [{ type: "array", items: [a, b], additionalItems: false }, "[string, number]"],
    [{ type: "array", items: [a], additionalItems: b }, "[string, ...number[]]"],
    [
      { type: "array", prefixItems: [a, b], minItems: 1, maxItems: 2 },
      "/** (items 1..2) */ it: [string, number?]",
    ],
    [{ type: "array", items: [] }, "any[]"],
  ])("%j is %s", (schema, text) => expect(sent(schema)).toBe(text));
});

describe("comments", () => {
  it.each<[JsonSchema, string]>([
    [{ type: "string", description: "The  owner.\n\nOf it." }, "/** The owner. Of it. */ it: string"],
    [{ type: "string", format: "date-time" }, "/** (date-time) */ it: string"],
    [{ type: "integer", minimum: 1, maximum: 100, default: 30 }, "/** (1..100, default 30) */ it: int"],
    [{ type: "number", exclusiveMinimum: 0 }, "/** (>0) */ it: number"],
    [{ type: "number", minimum: 0, exclusiveMinimum: true, maximum: 5 }, "/** (>0 <=5) */ it: number"],
    [{ type: "integer", minimum: -9007199254740991, maximum: 9007199254740991 }, "int"],
    [
      { type: "string", minLength: 1, maxLength: 64, pattern: "^[a-z*/]+$" },
      "/** (length 1..64, /^[a-z*\\/]+$/) */ it: string",
    ],
    [{ type: "string", minLength: 0 }, "string"],
    [{ type: "array", items: {}, minItems: 1, uniqueItems: true }, "/** (items >=1, unique) */ it: any[]"],
    [{ type: "string", examples: ["a", "b", "c"] }, '/** (e.g. "a" or "b") */ it: string'],
    [{ type: "string", example: "a" }, '/** (e.g. "a") */ it: string'],
    [{ type: "string", deprecated: true, description: "Old." }, "/** Old. @deprecated */ it: string"],
    [{ type: "string", not: { const: "x" } }, '/** (not {"const":"x"}) */ it: string'],
    [{ type: "integer", multipleOf: 5 }, "/** (multiple of 5) */ it: int"],
    [
      { type: "object", propertyNames: { description: "The field." }, additionalProperties: {} },
      "/** (keys: The field.) */ it: Record<string, any>",
    ],
    [{ type: "array", items: { type: "string", description: "One." } }, "(/** One. */ string)[]"],
  ])("%j is %s", (schema, text) => expect(sent(schema)).toBe(text));
});
