/**
 * Keeps docs/configuration.md and the schema of the configuration the same, key for key.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as z from "zod";
import { configSchema } from "../../src/surfaces/cli/config/config-schema.ts";

interface Node {
  readonly description?: string;
  readonly properties?: { readonly [key: string]: Node };
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

const text = readFileSync(join(import.meta.dirname, "../../docs/configuration.md"), "utf8");
const squeeze = (line: string): string => line.replaceAll(/\s+/g, " ").replaceAll("\\|", "|").trim();
const documented = new Map(
  [...text.matchAll(/^\| `([^`]+)`\s*\| (.+?)\s*\|$/gm)].map((row) => [row[1] ?? "", squeeze(row[2] ?? "")]),
);

function keysOf(node: Node, path: string): (readonly [path: string, description: string])[] {
  const { properties = {}, additionalProperties, items, anyOf = [] } = node;
  return [
    ...Object.entries(properties).flatMap(([key, child]) => {
      const below = path === "" ? key : `${path}.${key}`;
      return [
        ...(child.description === undefined ? [] : [[below, squeeze(child.description)] as const]),
        ...keysOf(child, below),
      ];
    }),
    ...(typeof additionalProperties === "object" ? keysOf(additionalProperties, `${path}.<name>`) : []),
    ...(items === undefined ? [] : keysOf(items, `${path}[]`)),
    ...anyOf.flatMap((each) => keysOf(each, path)),
  ];
}

it("documents every key as the schema does, and no other", () => {
  const keys = new Map(keysOf(z.toJSONSchema(configSchema, { io: "input" }) as Node, ""));
  expect(keys.size).toBeGreaterThan(60);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(keys));
});
