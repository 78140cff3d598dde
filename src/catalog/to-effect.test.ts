import { expect, test } from "vitest";
import type { Effect, ToolDefinition } from "../spec/tool.ts";
import type { SourceOverrides } from "./source-overrides.ts";
import { isLaxer, toEffect } from "./to-effect.ts";

const tool = (stated: Effect | undefined, believed: boolean): ToolDefinition => ({
  upstreamName: "find_it",
  name: ["find_it"],
  input: true,
  raw: {},
  ...(stated === undefined ? {} : { stated }),
  ...(stated === undefined || !believed ? {} : { effect: stated }),
});
const filling: SourceOverrides = { unstated: { "find_*": "read" } };
const forced: SourceOverrides = { effects: { "find_*": "read" }, unstated: { "*": "destructive" } };

test.each<[Effect | undefined, boolean, SourceOverrides, Effect, string]>([
  [undefined, false, {}, "write", "default"],
  ["read", true, {}, "read", "source"],
  ["read", false, {}, "write", "default"],
  ["destructive", true, {}, "destructive", "source"],
  ["destructive", false, {}, "destructive", "default"],
  [undefined, false, filling, "read", "unstated"],
  ["read", false, filling, "read", "unstated"],
  ["write", false, filling, "write", "default"],
  ["destructive", false, filling, "destructive", "default"],
  ["destructive", true, filling, "destructive", "source"],
  ["destructive", true, forced, "read", "config"],
  [undefined, false, { unstated: { other: "read" } }, "write", "default"],
  [undefined, false, { unstated: { "*": "destructive" } }, "destructive", "unstated"],
])("a tool that states %s (believed: %s) under %j is %s, by %s", (stated, ...rest) => {
  const [believed, overrides, effect, effectOrigin] = rest;
  expect(toEffect(tool(stated, believed), overrides)).toMatchObject({ effect, effectOrigin });
});

test("effects are ordered by the care they need", () => {
  const order: Effect[] = ["read", "write", "destructive"];
  for (const [at, one] of order.entries())
    for (const [than, other] of order.entries()) expect(isLaxer(one, other)).toBe(at < than);
});
