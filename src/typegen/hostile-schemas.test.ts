import { describe, expect, it } from "vitest";
import { compile } from "../../test/fixtures/typegen/compile.ts";
import { sourceOf } from "../../test/fixtures/typegen/source-of.ts";
import { conditional } from "../../test/fixtures/typegen/type-text.ts";
import type { JsonSchema } from "../spec/value.ts";
import { sourceToDeclarations } from "./source-to-declarations.ts";
import { toolToDescription } from "./tool-to-description.ts";
import { toolToSignature } from "./tool-to-signature.ts";

function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let schema: unknown = { type: "string" };
  for (let level = 0; level < levels; level += 1) schema = wrap(schema);
  return schema;
}

function many<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

/** Two references to the one before, at every level: 2^60 types when written out. */
const laughs: { readonly [name: string]: JsonSchema } = Object.fromEntries(
  many(60, (at) => [
    `l${at}`,
    at === 0 ? { type: "object", properties: { end: {} } } : twice({ $ref: `#/$defs/l${at - 1}` }),
  ]),
);

function twice(inner: unknown): { readonly [keyword: string]: unknown } {
  return { type: "object", properties: { a: inner, b: inner } };
}

function containingItself(): JsonSchema {
  const schema = { type: "object", properties: {} as { [name: string]: unknown } };
  schema.properties["self"] = schema;
  schema.properties["list"] = { type: "array", items: schema };
  return schema;
}

type Definitions = { readonly [name: string]: JsonSchema };

const cases: readonly (readonly [name: string, schema: unknown, definitions?: Definitions])[] = [
  ["nested objects", nested(10_000, (inner) => ({ type: "object", properties: { a: inner } }))],
  ["nested arrays", nested(10_000, (inner) => ({ type: "array", items: inner }))],
  ["nested options", nested(10_000, (inner) => ({ anyOf: [inner, { type: "null" }] }))],
  ["nested parts", nested(10_000, (inner) => ({ allOf: [inner] }))],
  ["nested negations", nested(10_000, (inner) => ({ not: inner }))],
  [
    "nested conditions",
    nested(10_000, (inner) =>
      conditional({}, inner as JsonSchema, [inner as JsonSchema, inner as JsonSchema]),
    ),
  ],
  ["a nested constant", { const: nested(10_000, (inner) => [inner]) }],
  ["a nested default", { type: "string", default: nested(10_000, (inner) => ({ inner })) }],
  ["a billion laughs", { $ref: "#/$defs/l59", $defs: laughs }],
  ["a billion shared laughs", { $ref: "#/$defs/l59" }, laughs],
  ["objects that are shared", nested(60, twice)],
  ["an object that contains itself", containingItself()],
  ["a ring of definitions", { $ref: "#/$defs/r0" }, ring(2_000)],
  ["a ring of local definitions", { $ref: "#/$defs/r0", $defs: ring(2_000) }],
  ["a long line of ancestors", { $ref: "#/$defs/a0" }, ancestors(500)],
  ["ancestors all of each other", { $ref: "#/$defs/w0" }, web(60)],
  [
    "many conditions",
    { properties: { k: { enum: many(2_000, (at) => at) } }, allOf: many(2_000, condition) },
  ],
  [
    "many required names",
    { required: many(20_000, (at) => `r${at}`), allOf: [{ $ref: "#/$defs/w0" }] },
    web(60),
  ],
  ["many options", { anyOf: many(5_000, (at) => ({ properties: { [`k${at}`]: { const: at } } })) }],
  ["many values", { enum: many(20_000, (at) => `v${at}`) }],
];

function ring(length: number): { readonly [name: string]: JsonSchema } {
  const next = (at: number): JsonSchema => ({
    properties: { next: { $ref: `#/$defs/r${(at + 1) % length}` } },
  });
  return Object.fromEntries(many(length, (at) => [`r${at}`, next(at)]));
}

function ancestors(length: number): { readonly [name: string]: JsonSchema } {
  const child = (at: number): JsonSchema => ({
    allOf: [{ $ref: `#/$defs/a${at + 1}` }],
    properties: { [`p${at}`]: true },
  });
  return Object.fromEntries(many(length, (at) => [`a${at}`, child(at)]));
}

function web(size: number): { readonly [name: string]: JsonSchema } {
  const all = many(size, (at) => ({ $ref: `#/$defs/w${at}` }));
  return Object.fromEntries(many(size, (at) => [`w${at}`, { allOf: all, required: [`x${at}`] }]));
}

function condition(at: number): unknown {
  return conditional({}, { properties: { k: { const: at } } }, [{ properties: { [`x${at}`]: true } }]);
}

describe("schemas that mean harm", () => {
  it.each(cases.map(([name, schema, definitions]) => ({ name, schema, definitions })))(
    "$name: every rendering ends, and the declarations compile",
    async ({ schema, definitions = {} }) => {
      const input = { type: "object", properties: { it: schema } };
      const source = sourceOf(
        [
          { name: "one", input, output: schema as JsonSchema },
          { name: "two", input },
        ],
        definitions,
      );
      const [tool] = source.tools;
      if (tool === undefined) throw new Error("The source has no tool.");
      const { text } = sourceToDeclarations(source);
      expect(text.length).toBeLessThan(4_000_000);
      const { signature, types } = toolToSignature(tool, source);
      expect([signature, ...types].join("\n").length).toBeLessThan(4_000);
      const description = toolToDescription(tool, source, { tokens: 1_000 });
      expect(description).toContain("tools.shop.one");
      expect(description.length).toBeLessThan(10_000);
      expect(await compile({ "source.d.ts": text })).toEqual([]);
    },
  );

  it("gives equal text for equal sources, whatever object they are", () => {
    const make = (): ReturnType<typeof sourceOf> =>
      sourceOf([{ name: "one", output: { $ref: "#/$defs/l9" } }], structuredClone(laughs));
    expect(sourceToDeclarations(make())).toEqual(sourceToDeclarations(make()));
  });
});
