import { describe, expect, it } from "vitest";
import { sourceOf } from "../../test/fixtures/typegen/source-of.ts";
import type { JsonSchema } from "../spec/value.ts";
import { toolToDescription } from "./tool-to-description.ts";
import { typeNames, typeToDescription } from "./type-to-description.ts";

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
    const text = described(0, 10);
    expect(text).toContain("Promise<SimpleUser>");
    expect(text).not.toContain("interface");
    expect(text).toContain('// Not shown: SimpleUser. See codemode.describe("shop.SimpleUser").');
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

  it("is listed as it is called", () => expect(typeNames(source)).toEqual(["SimpleUser", "Team", "Account"]));
});
