import { describe, expect, it } from "vitest";
import type { JsonSchema, Value } from "../spec/value.ts";
import { createArgumentsValidator } from "./arguments-validator.ts";

function validate(input: JsonSchema, args: Value, definitions: Record<string, JsonSchema> = {}): string[] {
  const problems = createArgumentsValidator({ input, definitions })(args);
  return problems.map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`));
}

/** Wraps a schema for one parameter `x`. */
const forX = (x: JsonSchema): JsonSchema => ({
  type: "object",
  properties: { x },
  required: ["x"],
  additionalProperties: false,
});

/** JSON, since an object literal with `then` looks like a promise to the linter. */
const ifThen: JsonSchema = JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]},"else":false}');

describe("what fits", () => {
  const binary = { type: "string", format: "binary" };
  it.each<[name: string, schema: JsonSchema, value: Value]>([
    ["true", true, { any: 1 }],
    ["nothing stated", {}, null],
    ["string", { type: "string" }, ""],
    ["integer as float", { type: "integer" }, 3.0],
    ["integer beyond what a number holds", { type: "integer" }, 12345678901234567890n],
    ["a bound that is met exactly", { type: "integer", maximum: 9007199254740992 }, 9007199254740992n],
    ["a multiple", { type: "integer", multipleOf: 3 }, 9007199254740993n],
    ["a small bigint as a constant", { enum: [7] }, 7n],
    ["the same as a number", { type: "number", minimum: 5 }, 12345678901234567890n],
    ["type list", { type: ["string", "null"] }, null],
    ["nullable", { type: "string", nullable: true }, null],
    ["nullable enum without null", { type: "string", enum: ["a"], nullable: true }, null],
    ["nullable beside $ref", { $ref: "#/$defs/Never", nullable: true }, null],
    ["x-nullable", { type: "integer", "x-nullable": true }, null],
    ["a type nobody knows", { type: "file" }, "text"],
    [
      "malformed keywords",
      {
        type: 7,
        properties: [],
        required: true,
        enum: {},
        items: 3,
        pattern: 4,
        anyOf: {},
        minimum: "1",
        additionalProperties: "no",
        allOf: [null],
      },
      { a: 1 },
    ],
    ["const object", { const: { a: [1] } }, { a: [1] }],
    ["enum with object", { enum: [1, { b: 2, a: 1 }] }, { a: 1, b: 2 }],
    ["Date as date-time", { type: "string", format: "date-time" }, new Date(0)],
    ["a bare date as date-time", { type: "string", format: "date-time" }, "2026-01-31"],
    ["bytes as binary", binary, new Uint8Array(3)],
    ["bytes where anything goes", {}, new Uint8Array(3)],
    ["bytes with contentEncoding", { type: "string", contentEncoding: "base64" }, new Uint8Array(3)],
    ["undefined property is absent", { type: "object", additionalProperties: false }, { gone: undefined }],
    ["tuple of 2020-12", { prefixItems: [{ type: "string" }], items: { type: "number" } }, ["a", 1, 2]],
    ["tuple of draft 4", { items: [{ type: "string" }], additionalItems: { type: "number" } }, ["a", 1, 2]],
    ["draft 4 exclusive bound", { minimum: 1, exclusiveMinimum: true }, 1.1],
    ["multiple of a fraction", { multipleOf: 0.1 }, 0.3],
    ["code points, not units", { maxLength: 1 }, "\u{1F600}"],
    ["contains within bounds", { contains: { const: 1 }, minContains: 2, maxContains: 2 }, [1, 2, 1]],
    ["oneOf that overlaps by accident", { oneOf: [{ type: "integer" }, { type: "number" }] }, 3],
    [
      "pattern property",
      { patternProperties: { "^x-": { type: "string" } }, additionalProperties: false },
      { "x-a": "1" },
    ],
    [
      "a pattern no linear engine has",
      { patternProperties: { "^(?!a)": { type: "string" } }, additionalProperties: false },
      { b: 1 },
    ],
    [
      "prototype names as data",
      { type: "object", properties: { constructor: { type: "string" } } },
      JSON.parse('{"__proto__":{"a":1},"constructor":"x"}'),
    ],
    [
      "required read-only property",
      { required: ["id"], properties: { id: { type: "string", readOnly: true } } },
      {},
    ],
    [
      "required read-only property that a branch describes",
      {
        required: ["id"],
        oneOf: [{ properties: { id: { type: "string", readOnly: true } } }, { type: "null" }],
      },
      {},
    ],
    [
      "required read-only property that a sibling describes",
      { allOf: [{ required: ["id"] }, { allOf: [{ properties: { id: { readOnly: true } } }] }] },
      {},
    ],
    [
      "unevaluated, all evaluated",
      {
        allOf: [{ properties: { a: {} } }],
        anyOf: [{ properties: { b: {} } }, false],
        unevaluatedProperties: false,
      },
      { a: 1, b: 2 },
    ],
    [
      "unevaluated through $ref and if",
      {
        $ref: "#/$defs/HasA",
        if: { properties: { b: { const: 1 } }, required: ["b"] },
        unevaluatedProperties: false,
      },
      { a: 1, b: 1 },
    ],
    ["dependent schema", { dependentSchemas: { a: { required: ["b"] } } }, { a: 1, b: 2 }],
    ["if, then", ifThen, { a: 1, b: 1 }],
    ["reference to nothing", { $ref: "#/$defs/Nowhere" }, 1],
    ["remote reference", { $ref: "https://example.com/x.json" }, 1],
    ["format nobody knows", { type: "string", format: "iso-country-code" }, "?"],
  ])("%s", (_name, schema, value) => {
    expect(validate(forX(schema), { x: value }, { Never: false, HasA: { properties: { a: {} } } })).toEqual(
      [],
    );
  });
});

describe("what does not fit, and what is said", () => {
  it.each<[schema: JsonSchema, value: Value, says: string]>([
    [{ type: "string" }, 42, "x is 42; expected string (pass a string, in quotes)"],
    [{ type: "integer" }, "42", 'x is the string "42"; expected integer (pass a number, without quotes)'],
    [
      { type: "integer", maximum: 9007199254740992 },
      9007199254740993n,
      "x is 9007199254740993; expected at most 9007199254740992",
    ],
    [
      { type: "integer", multipleOf: 2 },
      9007199254740993n,
      "x is 9007199254740993; expected a multiple of 2",
    ],
    [{ enum: [7] }, 8n, "x is 8; expected 7"],
    [
      { type: "string" },
      9007199254740993n,
      "x is 9007199254740993; expected string (pass a string, in quotes)",
    ],
    [{ type: "integer" }, 1.5, "x is 1.5; expected integer (pass a whole number)"],
    [{ type: "boolean" }, null, "x is null; expected boolean (leave it out instead of passing null)"],
    [
      { type: "array", items: { type: "string" } },
      "a",
      'x is the string "a"; expected string[] (pass an array)',
    ],
    [
      { type: "array", items: { type: "string" } },
      ["a", 1],
      "x[1] is 1; expected string (pass a string, in quotes)",
    ],
    [{ type: "object" }, [1], "x is an array of 1; expected object"],
    [
      { type: "object", properties: { a: {}, b: {} }, required: ["b"] },
      "s",
      'x is the string "s"; expected { b, a? }',
    ],
    [{ enum: ["open", "closed"] }, "opened", 'x is the string "opened"; expected "open" | "closed"'],
    [{ const: 1 }, 2, "x is 2; expected 1"],
    [
      { enum: Array.from({ length: 30 }, (_, i) => i) },
      99,
      "x is 99; expected 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | … 22 more",
    ],
    [{ minimum: 1 }, 0, "x is 0; expected at least 1"],
    [{ minimum: 1, exclusiveMinimum: true }, 1, "x is 1; expected more than 1"],
    [{ exclusiveMaximum: 5 }, 5, "x is 5; expected less than 5"],
    [{ maximum: 5 }, 6, "x is 6; expected at most 5"],
    [{ multipleOf: 5 }, 6, "x is 6; expected a multiple of 5"],
    [{ minLength: 1 }, "", "x is empty; expected at least 1"],
    [{ minLength: 3 }, "ab", "x has 2 characters; expected at least 3"],
    [{ maxLength: 3 }, "abcd", "x has 4 characters; expected at most 3"],
    [{ pattern: "^a+$" }, "b", 'x is the string "b"; expected a string that matches ^a+$'],
    [
      { format: "date-time" },
      "tomorrow",
      'x is the string "tomorrow"; expected an ISO 8601 date and time such as 2026-01-31T09:00:00Z',
    ],
    [{ format: "email" }, "me", 'x is the string "me"; expected an e-mail address'],
    [
      { format: "uuid" },
      "1",
      'x is the string "1"; expected a UUID such as 123e4567-e89b-12d3-a456-426614174000',
    ],
    [
      { format: "uri" },
      "example.com",
      'x is the string "example.com"; expected an absolute URI such as https://example.com/',
    ],
    [{ minItems: 1 }, [], "x has 0 items; expected at least 1"],
    [{ maxItems: 1 }, [1, 2], "x has 2 items; expected at most 1"],
    [{ uniqueItems: true }, [{ a: 1 }, { a: 1 }], "x has the same item at [0] and [1]; expected each once"],
    [{ contains: { const: 1 } }, [2], "x has 0 items of the kind that it must contain; expected at least 1"],
    [{ contains: {}, maxContains: 1 }, [2, 3], "x has 2 items of a kind of which it may contain 1"],
    [{ prefixItems: [{ type: "string" }], items: false }, ["a", 1], "x[1] is not allowed"],
    [{ items: [{}], additionalItems: false }, [1, 2], "x[1] is not allowed"],
    [{ minProperties: 1 }, {}, "x has 0 properties; expected at least 1"],
    [{ maxProperties: 0 }, { a: 1 }, "x has 1 properties; expected at most 0"],
    [{ required: ["a"], properties: { a: { type: "string" } } }, {}, "x.a is missing; expected string"],
    [{ required: ["toString"] }, {}, "x.toString is missing; it is required"],
    [
      { properties: { name: {} }, additionalProperties: false },
      { nmae: 1 },
      "x.nmae is not a known property (did you mean name?)",
    ],
    [
      { properties: { a: {}, b: {} }, additionalProperties: false },
      { zebra: 1 },
      "x.zebra is not a known property (known are a, b)",
    ],
    [
      { properties: {}, additionalProperties: false },
      JSON.parse('{"__proto__":1}'),
      "x.__proto__ is not a known property (it takes no properties)",
    ],
    [
      { additionalProperties: { type: "string" } },
      { "a-b": 1 },
      'x["a-b"] is 1; expected string (pass a string, in quotes)',
    ],
    [
      { propertyNames: { pattern: "^[a-z]+$" } },
      { A: 1 },
      'x has a property whose name is not allowed: the name is the string "A"; expected a string that matches ^[a-z]+$',
    ],
    [
      { patternProperties: { "^n": { type: "number" } } },
      { n1: "a" },
      'x.n1 is the string "a"; expected number',
    ],
    [{ dependentRequired: { a: ["b"] } }, { a: 1 }, "x.b is missing; it is required beside a"],
    [{ dependencies: { a: ["b"] } }, { a: 1 }, "x.b is missing; it is required beside a"],
    [{ dependencies: { a: { required: ["c"] } } }, { a: 1 }, "x.c is missing; it is required"],
    [{ not: { type: "string" } }, "s", 'x is the string "s"; expected anything but string'],
    [ifThen, { a: 1 }, "x.b is missing; it is required"],
    [{ allOf: [{ type: "string" }, { minLength: 2 }] }, "a", "x has 1 characters; expected at least 2"],
    [{ anyOf: [{ type: "string" }, { type: "number" }] }, true, "x is true; expected string | number"],
    [{ anyOf: [{ type: "string", minLength: 1 }, { type: "null" }] }, "", "x is empty; expected at least 1"],
    [{ anyOf: [{ const: "a" }, { const: "b" }] }, "c", 'x is the string "c"; expected "a" | "b"'],
    [
      { oneOf: [{ required: ["a"] }, { required: ["b"] }] },
      { a: 1, b: 1 },
      "x has more than one of a, b; expected exactly one",
    ],
    [
      { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
      { a: 1, b: 1 },
      "x.b is not a known property (it takes no properties)",
    ],
    [{ prefixItems: [{}], unevaluatedItems: false }, [1, 2], "x[1] is not allowed"],
    [
      { type: "string" },
      new Uint8Array(2),
      "x is bytes (2); expected string (encode the bytes as a base64 string)",
    ],
    [{}, Number.NaN, "x is NaN, which JSON cannot say (check the arithmetic that made it)"],
    [{ type: "string" }, 7n, "x is 7; expected string (pass a string, in quotes)"],
    [{ type: "integer", maximum: 5 }, 7n, "x is 7; expected at most 5"],
    [{}, { deep: [new Map()] }, "x.deep[0] is a Map, which JSON cannot say (pass Object.fromEntries(map))"],
    [{}, new Set([1]), "x is a Set, which JSON cannot say (pass [...set])"],
    [{}, new Date(Number.NaN), "x is an invalid Date (check how the date was parsed)"],
    [{}, [undefined], "x[0] is undefined inside an array (leave such items out, or pass null)"],
    [false, 1, "x is not allowed"],
  ])("%j given %o", (schema, value, says) => {
    expect(validate(forX(schema), { x: value })).toEqual([says]);
  });
});
