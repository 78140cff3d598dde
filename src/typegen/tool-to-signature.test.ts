import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../test/fixtures/typegen/compile.ts";
import { sourceOf, type ToolLike } from "../../test/fixtures/typegen/source-of.ts";
import { estimateTokens } from "../estimate-tokens.ts";
import type { JsonSchema } from "../spec/value.ts";
import { toolToSignature, type ToolSignature } from "./tool-to-signature.ts";

type Definitions = { readonly [name: string]: JsonSchema };

function signatureOf(
  tool: Omit<ToolLike, "name">,
  tokens?: number,
  definitions: Definitions = {},
): ToolSignature {
  const source = sourceOf([{ name: "issues.create", ...tool }], definitions);
  const [only] = source.tools;
  if (only === undefined) throw new Error("The source has no tool.");
  return toolToSignature(only, source, tokens === undefined ? {} : { tokens });
}

function object(properties: object, required: readonly string[] = []): JsonSchema {
  return { type: "object", properties, required };
}

const user = object({ id: { type: "integer" }, login: { type: "string" } }, ["id", "login"]);
const issue = object(
  {
    id: { type: "integer" },
    title: { type: "string" },
    user: { $ref: "#/$defs/User" },
    state: { enum: ["open", "closed"] },
  },
  ["id", "title"],
);

describe("a signature with room enough", () => {
  it("shows all parameters, required ones first, and names what the source names", () => {
    const input = object(
      {
        labels: { type: "array", items: { type: "string" } },
        owner: { type: "string" },
        repo: { type: "string" },
        title: { type: "string" },
      },
      ["owner", "repo", "title"],
    );
    expect(
      signatureOf({ input, output: { $ref: "#/$defs/Issue" } }, 400, { Issue: issue, User: user }),
    ).toEqual({
      signature:
        "(args: { owner: string; repo: string; title: string; labels?: string[] }) => Promise<Issue>",
      types: [
        'interface Issue { id: number; title: string; user?: User; state?: "open" | "closed" }',
        "interface User { id: number; login: string }",
      ],
      truncated: false,
    });
  });

  it.each<[string, Omit<ToolLike, "name">, string]>([
    ["nothing to pass", { input: { type: "object", properties: {} } }, "() => Promise<any>"],
    [
      "nothing that may be passed",
      { input: { type: "object", additionalProperties: false } },
      "() => Promise<any>",
    ],
    [
      "only optional parameters",
      { input: object({ a: { type: "null" } }) },
      "(args?: { a?: null }) => Promise<any>",
    ],
    ["anything", {}, "(args?: Record<string, any>) => Promise<any>"],
    [
      "an observed answer",
      { observed: object({ a: { type: "string" } }) },
      "(args?: Record<string, any>) => Promise<{ a?: string }> /* observed */",
    ],
    [
      "a stated answer rather than an observed one",
      { output: { type: "string" }, observed: { type: "number" } },
      "(args?: Record<string, any>) => Promise<string>",
    ],
    [
      "a union in an array",
      { output: { type: "array", items: { type: ["string", "null"] } } },
      "(args?: Record<string, any>) => Promise<(string | null)[]>",
    ],
    [
      "an optional item",
      { output: { prefixItems: [{ enum: ["a", "b"] }], items: false, minItems: 0 } },
      '(args?: Record<string, any>) => Promise<[("a" | "b")?]>',
    ],
  ])("%s", (_what, tool, signature) =>
    expect(signatureOf(tool)).toEqual({ signature, types: [], truncated: false }),
  );

  it("says briefly what parameters are for", () => {
    const input = object({
      state: {
        enum: ["open", "closed"],
        description: "Which issues to list. Closed ones need a longer explanation.",
      },
      limit: { type: "integer", minimum: 1, maximum: 100, description: "How many */ at most" },
    });
    expect(signatureOf({ input }).signature).toBe(
      '(args?: { /** Which issues to list */ state?: "open" | "closed"; /** 1..100; How many *\\/ at most */ limit?: number }) => Promise<any>',
    );
  });

  it("shows what names come down to where they say no more", () => {
    const definitions = {
      Id: { type: "string" },
      Also: { $ref: "#/$defs/User", description: "The same." },
      User: user,
      Envelope: object({ ok: { type: "boolean" }, result: {} }, ["ok"]),
    };
    const output = { allOf: [{ $ref: "#/$defs/Envelope" }, object({ result: { $ref: "#/$defs/Also" } })] };
    expect(
      signatureOf({ input: object({ id: { $ref: "#/$defs/Id" } }, ["id"]), output }, 400, definitions),
    ).toEqual({
      signature: "(args: { id: string }) => Promise<{ ok: boolean; result?: User }>",
      types: ["interface User { id: number; login: string }"],
      truncated: false,
    });
  });
});

describe("a signature with little room", () => {
  const wide = object(
    Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`parameter${at}`, { type: "string" }])),
    ["parameter30"],
  );
  const deep = object({
    filter: object({ where: object({ field: object({ equals: { type: "string" } }) }) }),
  });

  it("keeps what is required, counts what is left out and says where it is", () => {
    const { signature, truncated } = signatureOf({ input: wide }, 60);
    expect(signature).toMatch(/^\(args: \{ parameter30: string.*\/\* \+3\d more \*\/ \}\)/);
    expect(signature).toContain('/* rest: codemode.describe("shop.issues.create") */');
    expect(truncated).toBe(true);
  });

  it("cuts depth with a mark", () => {
    const { signature } = signatureOf(
      { input: object({ deep, ...(wide as { properties: object }).properties }) },
      100,
    );
    expect(signature).toContain("{ /* … */ }");
  });

  it("cuts long lists of values", () => {
    const values = Array.from({ length: 300 }, (_, at) => `value-${at}`);
    const { signature, truncated } = signatureOf({ input: object({ kind: { enum: values } }) }, 120);
    expect(signature).toMatch(/"value-0" \| .*\/\* \+\d+ more \*\/ string/);
    expect(truncated).toBe(true);
  });

  it("never takes more than it may, as long as its shortest form fits", () => {
    const anySchema = fc.constantFrom(
      wide,
      deep,
      issue,
      user,
      { type: "array", items: wide },
      { anyOf: [deep, issue] },
    );
    const property = fc.property(
      anySchema,
      anySchema,
      fc.integer({ min: 40, max: 600 }),
      (input, output, tokens) => {
        const { signature, types } = signatureOf({ input, output }, tokens, { User: user });
        expect(estimateTokens([signature, ...types].join("\n"))).toBeLessThanOrEqual(tokens);
      },
    );
    fc.assert(property);
  });

  it("is TypeScript, wherever it was cut", async () => {
    const definitions = { Issue: issue, User: user };
    const given = [wide, deep, issue, { anyOf: [deep, { $ref: "#/$defs/Issue" }] }];
    const lines = given.flatMap((input, at) =>
      [30, 60, 120, 400].map((tokens) => {
        const { signature, types } = signatureOf(
          { input, output: { $ref: "#/$defs/Issue" } },
          tokens,
          definitions,
        );
        return `namespace n${at}_${tokens} { type Issue = any; type User = any; { ${types.join("; ")} } export type T = ${signature} }`;
      }),
    );
    expect(await compile({ "signatures.ts": lines.join("\n") })).toEqual([]);
  });
});
