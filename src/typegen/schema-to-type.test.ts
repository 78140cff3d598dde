import { describe, expect, it } from "vitest";
import { sourceOf } from "../../test/fixtures/typegen/source-of.ts";
import type { JsonSchema } from "../spec/value.ts";
import { sourceToDeclarations } from "./source-to-declarations.ts";

type Definitions = { readonly [name: string]: JsonSchema };

/** The text of a property that has the schema, white space folded: the type with its comment before. */
function sent(schema: JsonSchema, definitions: Definitions = {}): string {
  const input = { type: "object", properties: { it: schema }, required: ["it"] };
  return between(sourceOf([{ name: "call", input }], definitions), "(args: {", "}): Promise<any>");
}

function received(schema: JsonSchema, definitions: Definitions = {}): string {
  return between(sourceOf([{ name: "call", output: schema }], definitions), "): Promise<", "> } ");
}

function between(source: ReturnType<typeof sourceOf>, from: string, to: string): string {
  const text = sourceToDeclarations(source).text.replaceAll(/\s+/g, " ");
  const start = text.indexOf(from) + from.length;
  return text.slice(start, text.indexOf(to, start)).trim().replace(/^it: /, "");
}

/** Everything the source's namespace declares after its tools. */
function declared(source: ReturnType<typeof sourceOf>): string {
  const text = sourceToDeclarations(source).text.replaceAll(/\s+/g, " ");
  return text
    .slice(text.indexOf("Promise<"))
    .replace(/^.*?> } /, "")
    .replace(/ }\s*$/, "");
}

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
    [{ const: 1e400 }, "number"],
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

describe("unions", () => {
  it.each<[JsonSchema, string]>([
    [{ anyOf: [{ type: "string" }, { type: "number" }] }, "string | number"],
    [
      { oneOf: [{ type: "string" }, { type: "null" }, { type: "array", items: {} }] },
      "string | any[] | null",
    ],
    [{ anyOf: [{ anyOf: [{ type: "string" }, { const: 1 }] }, { type: "string" }] }, "string | 1"],
    [{ anyOf: [{ type: "string" }, {}] }, "any"],
    [{ anyOf: [] }, "any"],
    [{ anyOf: "no list" }, "any"],
    [{ anyOf: [false, { type: "string" }] }, "string"],
    [{ type: "string", anyOf: [{ format: "uri" }, { format: "email" }] }, "string"],
    [{ type: "string", anyOf: [{ enum: ["a"] }, { const: "b" }] }, '"a" | "b"'],
    [
      { type: "object", oneOf: [{ properties: { a: true } }, { properties: { b: true } }] },
      "{ a?: any } | { b?: any }",
    ],
  ])("%j is %s", (schema, text) => expect(sent(schema).replaceAll(/\/\*.*?\*\/ (it: )?/g, "")).toBe(text));

  it("reads options that only say which properties are required", () => {
    const properties = { a: { type: "string", description: "One." }, b: { type: "number" } };
    expect(sent({ type: "object", properties, anyOf: [{ required: ["a"] }, { required: ["b"] }] })).toBe(
      "({ a: string } | { b: number }) & { /** One. */ a?: string b?: number }",
    );
  });

  it.each([
    ["a mapping", { mapping: { cat: "#/$defs/Cat", dog: "Dog" } }, '"cat"', '"dog"'],
    ["the names", {}, '"Cat"', '"Dog"'],
  ])("tags the options of a discriminator by %s", (_by, more, cat, dog) => {
    const animal = (name: string): JsonSchema => ({
      properties: { [name]: { type: "number" }, kind: { type: "string" } },
    });
    const schema = {
      oneOf: [{ $ref: "#/$defs/Cat" }, { $ref: "#/$defs/Dog" }],
      discriminator: { propertyName: "kind", ...more },
    };
    expect(sent(schema, { Cat: animal("lives"), Dog: animal("tricks") })).toBe(
      `Cat & { kind: ${cat} } | Dog & { kind: ${dog} }`,
    );
  });

  it("leaves options alone that tell themselves apart", () => {
    const definitions = {
      Cat: { type: "object", properties: { kind: { const: "cat" } }, required: ["kind"] },
      Dog: { type: "object", properties: { kind: { enum: ["dog", "wolf"] } }, required: ["kind"] },
    };
    const schema = {
      oneOf: [{ $ref: "#/$defs/Cat" }, { $ref: "#/$defs/Dog" }],
      discriminator: { propertyName: "kind" },
    };
    expect(sent(schema, definitions)).toBe("Cat | Dog");
  });
});

describe("allOf", () => {
  const object = (name: string, more: object = {}): JsonSchema => ({
    type: "object",
    properties: { [name]: { type: "string" } },
    ...more,
  });
  it.each<[JsonSchema, string]>([
    [{ allOf: [object("a"), object("b", { required: ["b"] })] }, "{ a?: string; b: string }"],
    [{ allOf: [object("a")], required: ["a"] }, "{ a: string }"],
    [{ ...(object("a") as object), allOf: [{ required: ["a"] }] }, "{ a: string }"],
    [{ allOf: [{ type: "string" }, { enum: ["a", 1] }] }, '"a"'],
    [{ allOf: [{ type: "number" }, { type: "integer" }] }, "int"],
    [{ allOf: [] }, "any"],
    [{ allOf: [{}] }, "any"],
    [
      { allOf: [object("a"), { oneOf: [object("b"), object("c")] }] },
      "({ b?: string } | { c?: string }) & { a?: string }",
    ],
  ])("%j is %s", (schema, text) => expect(sent(schema)).toBe(text));

  it("inherits from definitions by name, and makes required what they declare", () => {
    const schema = { allOf: [{ $ref: "#/$defs/Base" }, object("b")], required: ["a"] };
    expect(sent(schema, { Base: object("a") })).toBe("Base & { a: string; b?: string }");
  });

  it("keeps a parent that lists its children apart from them", () => {
    const definitions = {
      Pet: { ...(object("name") as object), oneOf: [{ $ref: "#/$defs/Cat" }, { $ref: "#/$defs/Dog" }] },
      Cat: { allOf: [{ $ref: "#/$defs/Pet" }, object("lives")] },
      Dog: { allOf: [{ $ref: "#/$defs/Pet" }, object("tricks")] },
    };
    const source = sourceOf([{ name: "call", output: { $ref: "#/$defs/Pet" } }], definitions);
    expect(declared(source)).toBe(
      "interface Cat { name?: string lives?: string } interface Dog { name?: string tricks?: string } " +
        "type Pet = (Cat | Dog) & { name?: string };",
    );
  });
});

describe("conditions", () => {
  const kind = { enum: ["a", "b", "c"] };
  it("tells apart what a listed property tells apart", () => {
    const schema = {
      type: "object",
      properties: { kind, x: { type: "string" } },
      required: ["kind"],
      if: { properties: { kind: { const: "a" } }, required: ["kind"] },
      then: { required: ["x"] },
      else: { properties: { y: { type: "number" } } },
    };
    expect(sent(schema)).toBe(
      '({ kind: "a"; x: string } | { kind?: "b" | "c"; y?: number }) & { kind: "a" | "b" | "c"; x?: string }',
    );
  });

  it("keeps the properties of any other condition", () => {
    const schema = {
      type: "object",
      properties: { x: { type: "string" } },
      if: { properties: { x: { pattern: "^a" } } },
      then: { properties: { x: { const: "a" }, y: { type: "string" } }, required: ["y"] },
      else: { properties: { y: { type: "number" } } },
    };
    expect(sent(schema)).toBe("{ x?: string; y?: string | number }");
  });

  it("keeps the properties that dependent schemas know", () => {
    const schema = {
      properties: { a: true },
      dependentSchemas: { a: { properties: { b: { type: "string" } } } },
    };
    expect(sent(schema)).toBe("{ a?: any; b?: string }");
  });
});

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

  it("keeps every parameter of the tool itself", () => {
    const input = { type: "object", properties: { id: { $ref: "#/$defs/Id" } }, required: ["id"] };
    const { text } = sourceToDeclarations(
      sourceOf([{ name: "call", input }], { Id: { type: "string", readOnly: true } }),
    );
    expect(text).toContain("(args: { id: string })");
  });
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
