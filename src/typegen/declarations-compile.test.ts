import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyDefinitions, anyTool } from "../../test/fixtures/typegen/any-schema.ts";
import { compile } from "../../test/fixtures/typegen/compile.ts";
import { sourceOf } from "../../test/fixtures/typegen/source-of.ts";
import type { JsonSchema } from "../spec/value.ts";
import { catalogToDeclarations } from "./catalog-to-declarations.ts";
import { sourceToDeclarations } from "./source-to-declarations.ts";

describe("whatever a source sends", () => {
  it("its declarations compile, alone and with the prelude", async () => {
    const source = fc.record({
      tools: fc.array(anyTool, { minLength: 30, maxLength: 40 }),
      definitions: anyDefinitions,
    });
    const compiles = fc.asyncProperty(source, async (given) => {
      const tools = given.tools.map((each, at) => ({ name: `t${at}`, ...each }));
      const made = sourceOf(tools, given.definitions);
      expect(await compile({ "source.d.ts": sourceToDeclarations(made).text })).toEqual([]);
      expect(await compile({ "all.d.ts": catalogToDeclarations({ sources: [made] }) })).toEqual([]);
    });
    await fc.assert(compiles, { numRuns: 12, endOnFailure: true });
  }, 120_000);

  it.each([
    "class",
    "undefined",
    "Intl",
    "constructor",
    "my-server",
    "2fa",
    "Tools",
    "tools",
    "codemode",
    "console",
    "Promise",
    "string",
  ])("a source may be called %s", async (name) => {
    const output = { type: "object", properties: { a: { $ref: "#/$defs/A" } } };
    const source = sourceOf(
      [{ name: "get", output }],
      { A: { type: "object", properties: { b: { type: "string" } } } },
      name,
    );
    const use = `export const b: string | undefined = (await tools[${JSON.stringify(name)}].get()).a?.b;`;
    expect(
      await compile({ "all.d.ts": catalogToDeclarations({ sources: [source] }), "use.ts": use }),
    ).toEqual([]);
  });

  it("tools may be called anything an identifier can be, and stand beside a group of their name", async () => {
    const called = [
      "new",
      "delete",
      "constructor",
      "get",
      "set",
      "readonly",
      "static",
      "async",
      "__proto__",
      "größe",
      "$",
    ];
    const tools = [...called, "get.one", "get.two.three"].map((each) => ({ name: each }));
    const use = [
      ...called.map((each) => `tools.shop.${each}()`),
      "tools.shop.get.one()",
      "tools.shop.get.two.three()",
    ];
    expect(
      await compile({
        "all.d.ts": catalogToDeclarations({ sources: [sourceOf(tools)] }),
        "use.ts": use.join(";\n"),
      }),
    ).toEqual([]);
  });
});

describe("the types mean what the schemas say", () => {
  const definitions = {
    Item: {
      type: "object",
      properties: {
        sku: { type: "string" },
        count: { type: "integer", default: 1 },
        ["__proto__"]: { type: "string" },
      },
      required: ["sku"],
      additionalProperties: false,
    },
    Json: {
      anyOf: [
        { type: ["string", "number", "boolean", "null"] },
        { type: "array", items: { $ref: "#/$defs/Json" } },
        { type: "object", additionalProperties: { $ref: "#/$defs/Json" } },
      ],
    },
    Event: {
      oneOf: [{ $ref: "#/$defs/Paid" }, { $ref: "#/$defs/Sent" }],
      discriminator: { propertyName: "kind", mapping: { paid: "#/$defs/Paid", sent: "#/$defs/Sent" } },
    },
    Paid: {
      type: "object",
      properties: { kind: { type: "string" }, amount: { type: "number" } },
      required: ["kind", "amount"],
    },
    Sent: {
      type: "object",
      properties: { kind: { type: "string" }, carrier: { type: "string" } },
      required: ["kind", "carrier"],
    },
  };
  const args = (properties: object, required: readonly string[] = []): JsonSchema => ({
    type: "object",
    properties,
    required,
  });
  const source = sourceOf(
    [
      {
        name: "order",
        input: args({ items: { type: "array", items: { $ref: "#/$defs/Item" } }, note: { type: "string" } }, [
          "items",
        ]),
      },
      {
        name: "keep",
        input: args({ value: { $ref: "#/$defs/Json" } }, ["value"]),
        output: { $ref: "#/$defs/Json" },
      },
      { name: "events", output: { type: "array", items: { $ref: "#/$defs/Event" } } },
      { name: "ping", input: { type: "object", properties: {}, additionalProperties: false } },
      { name: "open", input: { ...(args({ a: { type: "string" } }) as object), additionalProperties: true } },
      {
        name: "point",
        output: { type: "array", prefixItems: [{ type: "number" }, { type: "number" }], items: false },
      },
    ],
    definitions,
  );
  const compiled = async (lines: readonly string[]): Promise<readonly string[]> => {
    const errors = await compile({
      "all.d.ts": catalogToDeclarations({ sources: [source] }),
      "use.ts": `export {};\n${lines.join("\n")}`,
    });
    return errors.filter((line) => line.includes(": error "));
  };

  it("takes what fits", async () => {
    const lines = [
      'await tools.shop.order({ items: [{ sku: "a" }, { sku: "b", count: 2, ["__proto__"]: "x" }], note: "n" });',
      'await tools.shop.keep({ value: { a: [1, null, { b: "c" }] } });',
      "for (const event of await tools.shop.events()) {",
      '  if (event.kind === "paid") console.log(event.amount.toFixed(2)); else console.log(event.carrier.length);',
      "}",
      'await tools.shop.ping(); await tools.shop.ping({}); await tools.shop.open(); await tools.shop.open({ a: "x", more: 1 });',
      "const [x, y] = await tools.shop.point(); console.log(x + y);",
      "const answer = await tools.shop.ping(); console.log(answer.what.ever);",
      'const item: shop.Item = { sku: "a" }; await tools.shop.order({ items: [item] });',
    ];
    expect(await compiled(lines)).toEqual([]);
  });

  it.each([
    ["a missing argument", "await tools.shop.order({});", "'items' is missing"],
    ["an unknown property", 'await tools.shop.order({ items: [], notes: "n" });', "'notes' does not exist"],
    [
      "a wrong type",
      "await tools.shop.order({ items: [{ sku: 1 }] });",
      "'number' is not assignable to type 'string'",
    ],
    [
      "a wrong type of a prototype name",
      'await tools.shop.order({ items: [{ sku: "a", ["__proto__"]: 1 }] });',
      "'number' is not assignable to type 'string'",
    ],
    [
      "a wrong tag",
      'for (const event of await tools.shop.events()) console.log(event.kind === "lost");',
      "no overlap",
    ],
    [
      "a property of another option",
      "for (const event of await tools.shop.events()) console.log(event.amount);",
      "'amount' does not exist",
    ],
    ["an argument of a tool that takes none", 'await tools.shop.ping({ a: "x" });', "not assignable"],
    ["an unknown tool", "await tools.shop.oder({ items: [] });", "Did you mean 'order'"],
    ["a forgotten await", "console.log(tools.shop.point()[0]);", "Promise"],
    ["a value that is no JSON", "await tools.shop.keep({ value: () => 1 });", "not assignable"],
  ])("refuses %s", async (_what, line, message) => {
    expect((await compiled([line])).join("\n")).toContain(message);
  });
});
