import { Validator } from "@cfworker/json-schema";
import { describe, expect, test } from "vitest";
import { isRecord } from "../../../schema/is-record.ts";
import { configToJsonSchema } from "./config-to-json-schema.ts";

const schema = configToJsonSchema();

/** Every `properties` entry below a schema, with its path. */
function* keysOf(at: unknown, path = ""): Generator<[string, { readonly [key: string]: unknown }]> {
  if (!isRecord(at)) return;
  if (isRecord(at["properties"])) {
    for (const [key, each] of Object.entries(at["properties"])) {
      if (isRecord(each)) yield [`${path}.${key}`, each];
      yield* keysOf(each, `${path}.${key}`);
    }
  }
  if (isRecord(at["additionalProperties"])) yield* keysOf(at["additionalProperties"], `${path}.*`);
  if (Array.isArray(at["anyOf"])) for (const branch of at["anyOf"]) yield* keysOf(branch, path);
}

test("every key is documented", () => {
  const keys = [...keysOf(schema)];
  expect(keys.length).toBeGreaterThan(50);
  expect(keys.filter(([, each]) => typeof each["description"] !== "string").map(([path]) => path)).toEqual(
    [],
  );
});

describe("an editor", () => {
  const validator = new Validator(JSON.parse(JSON.stringify(schema)), "7", false);
  test.each([
    [true, { mcpServers: { a: { command: "x", otherClientsKey: 1 } }, policy: "read-only" }],
    [true, { openapi: { a: { spec: "x" } }, policy: { preset: "allow-all" } }],
    [false, {}],
    [false, { mcpServers: { a: { command: "x" } }, unknown: 1 }],
    [false, { mcpServers: { a: { command: "x" } }, limits: { calls: "5" } }],
    [false, { mcpServers: { a: { command: 5 } } }],
  ])("says %s to %j", (valid, config) => {
    expect(validator.validate(config).valid).toBe(valid);
  });
});
