import { expect, test } from "vitest";
import * as z from "zod";
import { configSchema } from "../config/config-schema.ts";
import { consentTable } from "./consent-table.ts";

interface Node {
  readonly properties?: { readonly [key: string]: Node };
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

/** Every key of the schema, with `<name>` for any name. */
function keysOf(node: Node, path = ""): string[] {
  const { properties = {}, additionalProperties, items, anyOf = [] } = node;
  const named = path === "" ? "" : `${path}.`;
  return [
    ...Object.entries(properties).flatMap(([key, child]) => [
      `${named}${key}`,
      ...keysOf(child, `${named}${key}`),
    ]),
    ...(typeof additionalProperties === "object" ? keysOf(additionalProperties, `${named}<name>`) : []),
    ...(items === undefined ? [] : keysOf(items, `${path}[]`)),
    ...anyOf.flatMap((each) => keysOf(each, path)),
  ];
}

const keys = [...new Set(keysOf(z.toJSONSchema(configSchema, { io: "input" }) as Node))];
const classified = Object.keys(consentTable);

/** Named itself, only a way to named ones, or shown whole with a key above it that hides nothing. */
function isClassified(key: string): boolean {
  const hasBelow = (each: string): boolean => classified.some((other) => other.startsWith(`${each}.`));
  if (consentTable[key] !== undefined || hasBelow(key)) return true;
  const parts = key.split(".");
  return parts.some((_part, at) => {
    const above = parts.slice(0, at).join(".").replaceAll(/\[\]$/g, "");
    const kind = consentTable[above];
    return kind !== undefined && kind !== "harmless" && !hasBelow(above);
  });
}

test("every key of the configuration says what it may do", () => {
  expect(keys.length).toBeGreaterThan(100);
  expect(keys.filter((key) => !isClassified(key))).toEqual([]);
});

test("nothing is said of a key that there is not", () => {
  const known = new Set(keys);
  const open = ["headers", "env", "serverVariables"];
  expect(
    classified.filter(
      (key) => !known.has(key) && !key.endsWith(".<name>") && !open.some((each) => key.endsWith(each)),
    ),
  ).toEqual([]);
});
