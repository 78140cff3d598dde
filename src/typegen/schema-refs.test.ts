import { describe, expect, it } from "vitest";
import { sourceOf } from "../../test/fixtures/typegen/source-of.ts";
import { declared, received, sent } from "../../test/fixtures/typegen/type-text.ts";
import type { JsonSchema } from "../spec/value.ts";
import { sourceToDeclarations } from "./source-to-declarations.ts";

describe("references", () => {
  it("names definitions once, in every place", () => {
    const source = sourceOf(
      [
        { name: "get", output: { $ref: "#/$defs/simple-user" } },
        { name: "list", output: { type: "array", items: { $ref: "#/$defs/simple-user" } } },
      ],
      { "simple-user": { type: "object", properties: { id: { type: "integer" } } } },
    );
    const { text } = sourceToDeclarations(source);
    expect(text).toContain("Promise<SimpleUser>");
    expect(text).toContain("Promise<SimpleUser[]>");
    expect(text.match(/interface SimpleUser/g)).toHaveLength(1);
  });

  it.each<[string, JsonSchema, string]>([
    ["broken", { $ref: "#/$defs/None" }, "/** (unresolved #/$defs/None) */ it: any"],
    [
      "remote",
      { $ref: "https://example.com/s.json" },
      "/** (unresolved https://example.com/s.json) */ it: any",
    ],
    [
      "local",
      { $ref: "#/$defs/Own", $defs: { Own: { type: "null" } } },
      "/** (unresolved #/$defs/Own) */ it: any",
    ],
    ["by the root", { $ref: "#/properties/it/definitions/x", definitions: { x: { type: "null" } } }, "null"],
  ])("%s", (_name, schema, text) => expect(sent(schema)).toBe(text));

  it("keeps what stands beside a reference", () => {
    const definitions = { User: { type: "object", properties: { id: { type: "string" } } } };
    expect(sent({ $ref: "#/$defs/User", description: "The owner.", nullable: true }, definitions)).toBe(
      "/** The owner. */ it: User | null",
    );
  });

  it("carries recursion by name", () => {
    const tree = {
      type: "object",
      properties: { children: { type: "array", items: { $ref: "#/$defs/Tree" } } },
    };
    const source = sourceOf([{ name: "call", output: { $ref: "#/$defs/Tree" } }], { Tree: tree });
    expect(declared(source)).toBe("interface Tree { children?: Tree[] }");
  });

  it("shares recursion that every tool brings along", () => {
    const output = {
      type: "object",
      properties: { root: { $ref: "#/$defs/Node" } },
      $defs: { Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" } } } },
    };
    const source = sourceOf([
      { name: "one", output: structuredClone(output) },
      { name: "two", output: structuredClone(output) },
    ]);
    expect(sourceToDeclarations(source).text.match(/interface Node/g)).toHaveLength(1);
  });

  it.each<[string, { readonly [name: string]: JsonSchema }]>([
    ["itself", { A: { $ref: "#/$defs/A" } }],
    ["each other", { A: { $ref: "#/$defs/B" }, B: { $ref: "#/$defs/A" } }],
    ["a union with itself", { A: { anyOf: [{ $ref: "#/$defs/A" }, { type: "string" }] } }],
    [
      "an intersection with itself",
      { A: { allOf: [{ $ref: "#/$defs/A" }, { type: "object", properties: { a: true } }] } },
    ],
    ["a described self", { A: { $ref: "#/$defs/A", description: "Me." } }],
    [
      "a union of each other",
      {
        A: { anyOf: [{ $ref: "#/$defs/B" }, { type: "string" }] },
        B: { anyOf: [{ $ref: "#/$defs/A" }, { type: "null" }] },
      },
    ],
  ])("ends where a definition is %s", (_name, definitions) => {
    expect(() =>
      sourceToDeclarations(sourceOf([{ name: "call", output: { $ref: "#/$defs/A" } }], definitions)),
    ).not.toThrow();
  });
});

describe("directions", () => {
  const properties = {
    id: { type: "string", readOnly: true },
    secret: { type: "string", writeOnly: true },
    name: { type: "string" },
  };
  const account = { type: "object", properties, required: ["id", "name"] };

  it("sends no read-only and receives no write-only properties", () => {
    expect(sent(account)).toBe("{ secret?: string; name: string }");
    expect(received(account)).toBe("{ id: string; name: string }");
  });

  it("names both forms of a definition", () => {
    const definitions = { Account: account, Team: { properties: { lead: { $ref: "#/$defs/Account" } } } };
    expect(sent({ $ref: "#/$defs/Team" }, definitions)).toBe("TeamInput");
    expect(received({ $ref: "#/$defs/Team" }, definitions)).toBe("Team");
  });

  it("sees through a reference to a read-only definition", () => {
    const schema = { type: "object", properties: { id: { $ref: "#/$defs/Id" }, name: { type: "string" } } };
    expect(sent(schema, { Id: { type: "string", readOnly: true } })).toBe("{ name?: string }");
  });

  it("can send what a request asks for, though the definition it borrows is read-only", () => {
    const schema = { type: "object", properties: { id: { $ref: "#/$defs/Id" } }, required: ["id"] };
    expect(sent(schema, { Id: { type: "string", readOnly: true } })).toBe("{ id?: string }");
  });

  it("keeps every parameter of the tool itself", () => {
    const input = { type: "object", properties: { id: { $ref: "#/$defs/Id" } }, required: ["id"] };
    const { text } = sourceToDeclarations(
      sourceOf([{ name: "call", input }], { Id: { type: "string", readOnly: true } }),
    );
    expect(text).toContain("(args: { id: string })");
  });
});
