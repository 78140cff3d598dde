import { expect, test } from "vitest";
import { scanJson } from "./scan-json.ts";

const open = { depth: 1_000, nodes: 1_000 };
const scan = (text: string, limits = open): unknown => scanJson(Buffer.from(text), limits);

test.each([
  ["1", 0],
  ["[1,[2]]", 2],
  ['{"a":"[[[[","b":"\\"{{"}', 1],
  ['["\\\\",[[]]]', 3],
])("%s is %i deep", (text, depth) => {
  expect(scan(text)).toMatchObject({ depth });
});

test("stops at one level or value more than allowed", () => {
  expect(scan("[[[]]]", { depth: 3, nodes: 10 })).toBeDefined();
  expect(scan("[[[[]]]]", { depth: 3, nodes: 10 })).toBeUndefined();
  expect(scan("[1,2,3]", { depth: 3, nodes: 4 })).toMatchObject({ nodes: 4 });
  expect(scan("[1,2,3,4]", { depth: 3, nodes: 4 })).toBeUndefined();
});

test("an unfinished string or a flood of closings harms nothing", () => {
  expect(scan('["abc')).toMatchObject({ depth: 1 });
  expect(scan('"\\')).toMatchObject({ depth: 0 });
  expect(scan("]]]]]]")).toMatchObject({ depth: 0 });
});
