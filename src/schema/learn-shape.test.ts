import { array, assert, jsonValue, property } from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonSchema, Value } from "../spec/value.ts";
import { evaluateSchema } from "./evaluate-schema.ts";
import { learnShape } from "./learn-shape.ts";

function learn(...values: readonly Value[]): JsonSchema | undefined {
  return values.reduce<JsonSchema | undefined>((schema, value) => learnShape(schema, value), undefined);
}

describe("learnShape", () => {
  it.each<[name: string, values: Value[], schema: JsonSchema]>([
    ["scalars", ["secret text"], { type: "string" }],
    ["integers and numbers", [1, 1.5], { type: "number" }],
    ["null and something", [null, "a"], { type: ["string", "null"] }],
    [
      "bytes and dates",
      [{ a: new Uint8Array(2), b: new Date(0) }],
      {
        type: "object",
        properties: { a: { type: "string", format: "binary" }, b: { type: "string" } },
        required: ["a", "b"],
      },
    ],
    [
      "optional properties",
      [{ a: 1, b: "x" }, { a: 2 }],
      { type: "object", properties: { a: { type: "integer" }, b: { type: "string" } }, required: ["a"] },
    ],
    [
      "items that differ",
      [[{ a: 1 }, { a: 2, b: null }]],
      {
        type: "array",
        items: {
          type: "object",
          properties: { a: { type: "integer" }, b: { type: "null" } },
          required: ["a"],
        },
      },
    ],
    ["an empty array, filled later", [[], [1]], { type: "array", items: { type: "integer" } }],
    ["an empty array alone", [[]], { type: "array" }],
    ["an empty object", [{}], { type: "object" }],
    [
      "an object or an error text",
      ["failed", { id: 1 }],
      { type: ["object", "string"], properties: { id: { type: "integer" } }, required: ["id"] },
    ],
    [
      "names that are ids",
      [{ "123": { n: 1 }, "456": { n: 2 } }],
      {
        type: "object",
        additionalProperties: { type: "object", properties: { n: { type: "integer" } }, required: ["n"] },
      },
    ],
    [
      "names that are dates beside one that is not",
      [{ total: 1, "2026-01-31": 5 }],
      {
        type: "object",
        properties: { total: { type: "integer" } },
        required: ["total"],
        additionalProperties: { type: "integer" },
      },
    ],
    [
      "names that are addresses",
      [{ "ada@example.com": true }],
      { type: "object", additionalProperties: { type: "boolean" } },
    ],
    [
      "a dictionary stays one",
      [{ "1": "a" }, { name: "b" }],
      { type: "object", additionalProperties: { type: "string" } },
    ],
    [
      "sensitive names keep their type alone",
      [{ api_key: "k-1", session: { user: "ada" }, tokens: [{ a: 1 }] }],
      {
        type: "object",
        properties: { api_key: { type: "string" }, session: { type: "object" }, tokens: { type: "array" } },
        required: ["api_key", "session", "tokens"],
      },
    ],
    ["an undefined property", [{ a: undefined }], { type: "object" }],
    [
      "a map and a set",
      [{ m: new Map([["ada", 1]]), s: new Set(["x"]) }],
      {
        type: "object",
        properties: {
          m: { type: "object", additionalProperties: { type: "integer" } },
          s: { type: "array", items: { type: "string" } },
        },
        required: ["m", "s"],
      },
    ],
  ])("%s", (_name, values, schema) => {
    expect(learn(...values)).toEqual(schema);
  });

  it("takes many names of one kind for data, and few for names", () => {
    const of = (count: number): Value =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [
          `name${"abcdefghij"[i % 10]}${"abcdefghij"[Math.floor(i / 10)]}`,
          { size: i },
        ]),
      );
    expect(learn(of(31))).toEqual({
      type: "object",
      additionalProperties: { type: "object", properties: { size: { type: "integer" } }, required: ["size"] },
    });
    expect(learn(of(30))).toHaveProperty("properties.nameaa");
  });

  it("keeps prototype names as names", () => {
    const schema = learn(JSON.parse('{"__proto__":{"a":1},"constructor":2}') as Value);
    expect(JSON.stringify(schema)).toBe(
      '{"type":"object","properties":{"__proto__":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]},"constructor":{"type":"integer"}},"required":["__proto__","constructor"]}',
    );
    expect(
      JSON.stringify(learnShape(schema, JSON.parse('{"__proto__":{"a":1},"constructor":2}') as Value)),
    ).toBe(JSON.stringify(schema));
  });

  it("is bounded, whatever the answer", () => {
    let deep: Value = 1;
    for (let level = 0; level < 10_000; level += 1) deep = { next: deep };
    const wide: Value = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, i) => [
        `x${"abc"[i % 3]}y${i}`.replaceAll(/\d/g, (digit) => "abcdefghij"[Number(digit)] ?? ""),
        i % 2 === 0 ? i : "s",
      ]),
    );
    const long: Value = Array.from({ length: 1_000_000 }, (_, i) => ({ i }));
    for (const value of [deep, wide, long]) expect(JSON.stringify(learn(value)).length).toBeLessThan(20_000);
  });

  it("keeps no literal", () => {
    const text = JSON.stringify(
      learn({ user: "Ada Lovelace", rows: [{ note: "canary-7781" }], "ada@example.com": 42 }),
    );
    for (const literal of ["Ada", "canary", "example.com", "42"]) expect(text).not.toContain(literal);
  });

  const answers = array(jsonValue({ maxDepth: 4 }), { minLength: 1, maxLength: 6 });
  it("covers every answer it learned from, and comes to rest", () => {
    assert(
      property(answers, (values) => {
        const seen = values as Value[];
        const schema = learn(...seen) ?? {};
        for (const value of seen) {
          expect(evaluateSchema(schema, value, { root: schema, definitions: {} }, { steps: 1e6 })).toEqual(
            [],
          );
          expect(JSON.stringify(learnShape(schema, value))).toBe(JSON.stringify(schema));
        }
      }),
      { numRuns: 300 },
    );
  });
});
