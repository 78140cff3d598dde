import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../spec/value.ts";
import { findSchemaIssues } from "./schema-issues.ts";

const find = (input: JsonSchema, definitions: Record<string, JsonSchema> = {}): readonly string[] =>
  findSchemaIssues({ input, definitions });

describe("findSchemaIssues", () => {
  it("finds nothing in a sound schema, loops included", () => {
    const node: JsonSchema = { properties: { next: { $ref: "#/$defs/Node" }, name: { pattern: "^(a+)+$" } } };
    expect(find({ properties: { x: { $ref: "#/$defs/Node" } } }, { Node: node })).toEqual([]);
  });

  it("lists patterns that cannot run, and references that lead nowhere, where the input reaches them", () => {
    const definitions: Record<string, JsonSchema> = {
      Reached: { items: [{ pattern: "(a)\\1" }] },
      Unreached: { pattern: "(?!b)" },
    };
    const input: JsonSchema = {
      allOf: [{ $ref: "#/$defs/Reached" }, { $ref: "#/$defs/Gone" }],
      patternProperties: { "^(?=c)": {} },
    };
    expect(find(input, definitions).toSorted()).toEqual([
      "The pattern (a)\\1 is not a regular expression that runs in linear time: it is not enforced.",
      "The pattern ^(?=c) is not a regular expression that runs in linear time: it is not enforced.",
      "The reference #/$defs/Gone leads nowhere: what stands there is not checked.",
    ]);
  });

  it("stops at twenty", () => {
    expect(find({ anyOf: Array.from({ length: 30 }, (_, i) => ({ $ref: `#/nowhere/${i}` })) })).toHaveLength(
      20,
    );
  });
});
