import { describe, expect, it } from "vitest";
import { inferInput } from "./infer-input.ts";

const object = (properties: object, required?: string[]): object => ({
  type: "object",
  properties,
  ...(required === undefined ? {} : { required }),
  additionalProperties: false,
});
const string = { type: "string" };
const number = { type: "number" };

describe("the input of a saved snippet", () => {
  it.each([
    [
      "async (input: { repo: string; limit?: number }) => 1",
      object({ repo: string, limit: number }, ["repo"]),
    ],
    ["async ({ repo }: { repo: string }) => repo", object({ repo: string }, ["repo"])],
    ["export default async function (input: { n: number }) { return 1 }", object({ n: number }, ["n"])],
    ["async function main(input: { n?: number }) { return 1 }", object({ n: number })],
    ["interface In { n: number }\nexport default async (input: In) => input.n", object({ n: number }, ["n"])],
    [
      "type In = { 'a b': string[] }\nasync (input: In) => 1",
      object({ "a b": { type: "array", items: string } }, ["a b"]),
    ],
    ["async (input: { kind: \"a\" | 'b' | 3 }) => 1", object({ kind: { enum: ["a", "b", 3] } }, ["kind"])],
    ["async (input: { n: number | undefined }) => 1", object({ n: number }, ["n"])],
    ["async (input: { n: number | null }) => 1", object({ n: { anyOf: [number, { type: "null" }] } }, ["n"])],
    [
      "async (input: { a: Array<{ b: boolean }> }) => 1",
      object({ a: { type: "array", items: object({ b: { type: "boolean" } }, ["b"]) } }, ["a"]),
    ],
    [
      "async (input: { m: Record<string, number> }) => 1",
      object({ m: { type: "object", additionalProperties: number } }, ["m"]),
    ],
    [
      "async (input: {\n  /** Which one. */\n  id: string;\n  // At most.\n  n?: number,\n}) => 1",
      object({ id: { ...string, description: "Which one." }, n: { ...number, description: "At most." } }, [
        "id",
      ]),
    ],
    ["async (names: string[]) => 1", { type: "array", items: string }],
    [
      "async (pair: [string, number]) => 1",
      { type: "array", prefixItems: [string, number], minItems: 2, maxItems: 2 },
    ],
    ["async (input: any) => 1", {}],
  ])("%s", (code, schema) => {
    expect(inferInput(code)).toEqual(schema);
  });

  it.each([
    "return 1",
    "async (input) => 1",
    "async () => 1",
    "async (input: Foreign) => 1",
    "async (input: { f: () => void }) => 1",
    "async (input: { [key: string]: number }) => 1",
    "async (input: Deep) => 1\ntype Deep = { d: Deep }",
    "async (input: {",
  ])("is unknown: %s", (code) => {
    expect(inferInput(code)).toBeUndefined();
  });

  it("reads names of prototypes as plain properties", () => {
    const schema = inferInput("async (input: { __proto__: string; constructor?: number }) => 1");
    expect(JSON.stringify(schema)).toBe(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"number"}},"required":["__proto__"],"additionalProperties":false}',
    );
  });
});
