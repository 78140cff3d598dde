import { describe, expect, it } from "vitest";
import { sourceOf } from "../../test/fixtures/typegen/source-of.ts";
import { estimateTokens } from "../estimate-tokens.ts";
import type { JsonSchema } from "../spec/value.ts";
import { toolToDescription } from "./tool-to-description.ts";
import { typeToDescription } from "./type-to-description.ts";

const definitions = {
  "simple-user": {
    type: "object",
    properties: { login: { type: "string", description: "The handle." }, team: { $ref: "#/$defs/Team" } },
  },
  Team: { type: "object", properties: { lead: { $ref: "#/$defs/simple-user" } } },
  Account: {
    type: "object",
    properties: { id: { type: "string", readOnly: true }, name: { type: "string" } },
  },
  Big: {
    type: "object",
    properties: Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`part${at}`, { type: "string" }])),
    required: ["part7"],
  },
} satisfies { readonly [name: string]: JsonSchema };

const source = sourceOf(
  [
    {
      name: "users.get",
      title: "Get a user",
      description: "Gets one user.\n\n- by id",
      effect: "read",
      input: {
        type: "object",
        properties: { id: { type: "string", description: "Their id." } },
        required: ["id"],
      },
      output: { $ref: "#/$defs/simple-user" },
    },
    {
      name: "users.guess",
      deprecated: true,
      observed: { type: "object", properties: { a: { type: "string" } } },
    },
    { name: "big.get", output: { $ref: "#/$defs/Big" } },
  ],
  definitions,
);

function described(at: number, tokens?: number): string {
  const tool = source.tools[at];
  if (tool === undefined) throw new Error("No such tool.");
  return toolToDescription(tool, source, tokens === undefined ? {} : { tokens });
}

describe("a tool", () => {
  it("is described in full, with the types it needs", () => {
    expect(described(0)).toBe(
      [
        "shop.users.get (read)",
        "Get a user",
        "Gets one user.",
        "",
        "- by id",
        "",
        "tools.shop.users.get(args: {",
        "  /** Their id. */",
        "  id: string",
        "}): Promise<SimpleUser>",
        "interface SimpleUser {",
        "  /** The handle. */",
        "  login?: string",
        "  team?: Team",
        "}",
        "interface Team {",
        "  lead?: SimpleUser",
        "}",
      ].join("\n"),
    );
  });

  it("says what was observed, and what is deprecated", () => {
    expect(described(1)).toBe(
      [
        "shop.users.guess (write, deprecated)",
        "",
        "// The answer's type was observed, not stated: it may differ.",
        "tools.shop.users.guess(args?: Record<string, any>): Promise<{ a?: string }>",
      ].join("\n"),
    );
  });

  it("names the types that have no room, and where they are", () => {
    const text = described(2, 600);
    expect(text).toContain("Promise<Big>");
    expect(text).not.toContain("interface");
    expect(text).toContain('// Not shown: Big. See codemode.describe("shop.Big").');
  });
});

describe("a description with little room", () => {
  const text = { type: "string", description: "What it is for, at some length." };
  const properties = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`parameter${at}`, text]));
  const big = sourceOf([
    { name: "big", description: "Does much. ".repeat(400), input: { type: "object", properties } },
  ]);
  const [tool] = big.tools;
  if (tool === undefined) throw new Error("The source has no tool.");

  it.each([100, 300, 1_000])("keeps to %s tokens", (tokens) => {
    const made = toolToDescription(tool, big, { tokens });
    expect(estimateTokens(made)).toBeLessThanOrEqual(tokens);
    expect(made).toContain("/* cut to fit */");
  });

  it("is complete as soon as there is room", () => {
    const made = toolToDescription(tool, big, { tokens: 4_000 });
    expect(made).not.toContain("cut to fit");
    expect(made).toContain("Does much. ".repeat(400).trim());
    expect(made.match(/What it is for, at some length/g)?.length).toBe(1);
  });
});

describe("a named type", () => {
  it.each([
    ["SimpleUser", "interface SimpleUser {"],
    ["simple-user", "interface SimpleUser {"],
    ["Account", "interface Account {\n  id?: string\n  name?: string\n}"],
    ["AccountInput", "interface AccountInput {\n  name?: string\n}"],
  ])("%s is described", (name, text) => expect(typeToDescription(source, name)).toContain(text));

  it.each(["Nothing", "constructor", "__proto__", ""])("%s is none", (name) => {
    expect(typeToDescription(source, name)).toBeUndefined();
  });

  it.each([100, 500, 1_000])("keeps to %s tokens", (tokens) => {
    const text = typeToDescription(source, "Big", { tokens }) ?? "";
    expect(estimateTokens(text)).toBeLessThanOrEqual(tokens);
    expect(text).toMatch(/^interface Big \{ part7: string.* \/\* \+\d+ more \*\/ \}$/);
  });
});
