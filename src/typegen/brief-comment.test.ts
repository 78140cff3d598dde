import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../spec/value.ts";
import { unitPhrase } from "./brief-comment.ts";
import { toolToSignature } from "./tool-to-signature.ts";
import { sourceOf } from "../../test/fixtures/typegen/source-of.ts";

function signatureOf(properties: { readonly [name: string]: JsonSchema }, tokens?: number): string {
  const source = sourceOf([{ name: "items.list", input: { type: "object", properties } }]);
  const [tool] = source.tools;
  if (tool === undefined) throw new Error("The source has no tool.");
  return toolToSignature(tool, source, tokens === undefined ? {} : { tokens }).signature;
}

describe("what decides whether a call succeeds stands first", () => {
  it.each<[string, JsonSchema, string]>([
    [
      "bounds beside a default",
      { type: "integer", minimum: 1, maximum: 50, default: 50 },
      "/** 1..50; default 50 */",
    ],
    [
      "bounds before prose",
      { type: "integer", minimum: 1, maximum: 50, default: 20, description: "Items per page" },
      "/** 1..50; Items per page, default 20 */",
    ],
    [
      "units in a later sentence",
      { type: "integer", description: "Only orders placed after this. Unix seconds, inclusive." },
      "/** Unix seconds, inclusive; Only orders placed after this */",
    ],
    [
      "units that the prose has said",
      { type: "integer", description: "Price in cents" },
      "/** Price in cents */",
    ],
    [
      "formats",
      { type: "string", format: "date-time", description: "From when" },
      "/** date-time; From when */",
    ],
    ["lengths", { type: "string", minLength: 2, maxLength: 2 }, "/** length 2 */"],
    ["only a default", { type: "string", default: "asc" }, '/** default "asc" */'],
    ["nothing", { type: "string" }, "{ x?:"],
  ])("%s", (_, schema, said) => {
    expect(signatureOf({ x: schema })).toContain(said);
  });

  it("of properties below, too", () => {
    const quantity = { type: "integer", minimum: 1, maximum: 99, description: "How many" };
    const items = {
      type: "array",
      items: { type: "object", properties: { quantity }, required: ["quantity"] },
    };
    expect(signatureOf({ items })).toContain("/** 1..99 */ quantity: number");
  });

  it("where there is no room for prose", () => {
    const many = Object.fromEntries(
      Array.from({ length: 9 }, (_, at) => [
        `parameter_${at}`,
        {
          type: "integer",
          minimum: 1,
          maximum: 50 + at,
          default: 5,
          description: "Something about it that is long",
        },
      ]),
    );
    const text = signatureOf(many, 130);
    expect(text).toContain("/** 1..50 */ parameter_0?: number");
    expect(text).not.toContain("Something");
    expect(text).not.toContain("default");
  });

  it("and never what is too long to be read there", () => {
    expect(
      signatureOf({ x: { type: "string", pattern: `^${"a".repeat(50)}$`, maxLength: 9 } }),
    ).not.toContain("/**");
  });
});

describe("a unit", () => {
  it.each([
    ["Unix seconds, inclusive.", "Unix seconds, inclusive"],
    ["When it was made (ISO 8601, UTC).", "ISO 8601, UTC"],
    ["Refunds this, in cents, and never more than what was paid for it before.", "in cents"],
    ["The name of the customer.", ""],
    ["", ""],
    [
      "A text that goes on for rather a long while before it says that these are milliseconds at last and ends",
      "that these are milliseconds",
    ],
  ])("of %j", (description, phrase) => {
    expect(unitPhrase(description)).toBe(phrase);
  });
});
