import { expect, test } from "vitest";
import { repairInputSchema, repairSchema } from "./repair-schema.ts";

test("a sound schema is returned as it came", () => {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: {
      tree: { $ref: "#/definitions/Tree" },
      any: true,
      list: { type: ["array", "null"], items: [{ type: "string" }], additionalItems: false },
      choice: { oneOf: [{ const: { $ref: "data" } }, { enum: [null, { type: "int" }] }] },
      properties: { type: "object", properties: {}, default: { $ref: 5 }, examples: [{ type: 1 }] },
    },
    patternProperties: { "^x-": {} },
    required: ["tree"],
    additionalProperties: { $ref: "#" },
    definitions: { Tree: { type: "object", properties: { child: { $ref: "#/definitions/Tree" } } } },
  };
  expect(repairInputSchema(schema)).toEqual({ schema, reasons: [] });
  expect(repairInputSchema(schema).schema).toBe(schema);
});

test.each<[unknown, unknown]>([
  [{ type: "object", required: true }, { type: "object" }],
  [{ type: ["object", "null"] }, { type: "object" }],
  [{ type: "object", properties: [] }, { type: "object" }],
  [{ type: "object", additionalProperties: "no" }, { type: "object" }],
  [{ anyOf: [{ required: ["a"] }] }, { type: "object", anyOf: [{ required: ["a"] }] }],
  [
    { type: "object", allOf: [{ $ref: 5 }, null] },
    { type: "object", allOf: [{}, {}] },
  ],
  [{ type: "array", items: {} }, { type: "object" }],
  [
    { type: "objekt", properties: { a: {} } },
    { type: "object", properties: { a: {} } },
  ],
  ["string", { type: "object" }],
  [true, { type: "object" }],
])("%j is mended", (raw, schema) => {
  const repaired = repairInputSchema(raw);
  expect(repaired.schema).toEqual(schema);
  expect(repaired.reasons.length).toBeGreaterThan(0);
});

test("prototype names are names", () => {
  const raw: { [keyword: string]: unknown } = JSON.parse(
    '{"type":"object","properties":{"__proto__":{"type":"int"},"constructor":{"type":"string"}},"required":["__proto__"]}',
  );
  const { schema } = repairSchema(raw);
  expect(JSON.stringify(schema)).toBe(
    '{"type":"object","properties":{"__proto__":{},"constructor":{"type":"string"}},"required":["__proto__"]}',
  );
});

test("depth is bounded, and many reasons are counted", () => {
  let deep: { [keyword: string]: unknown } = { type: "string" };
  for (let level = 0; level < 50_000; level += 1) deep = { items: deep };
  const { schema, reasons } = repairSchema(deep);
  expect(reasons).toEqual([expect.stringContaining("nested too deeply")]);
  expect(JSON.stringify(schema).length).toBeLessThan(2_000);
  const properties = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`p${at}`, 5]));
  expect(repairSchema({ properties }).reasons).toHaveLength(6);
  expect(repairSchema({ properties }).reasons.at(-1)).toBe("and 25 more");
});
