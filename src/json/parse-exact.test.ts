/** No number of a text is lost unheard on the way to a value and back. */
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { markNumbers, newMark } from "./mark-numbers.ts";
import { parseExact } from "./parse-exact.ts";
import { printExact, printKept } from "./print-exact.ts";
import { withRawIntegers } from "./raw-integer.ts";
import { restoreIntegers } from "./restore-integers.ts";
import { restoreNumbers } from "./restore-numbers.ts";

describe("a number as it is written", () => {
  test.each<[string, number | bigint]>([
    ["9007199254740991", 9007199254740991],
    ["9007199254740992", 9007199254740992n],
    ["-9007199254740993", -9007199254740993n],
    ["725653563933458432", 725653563933458432n],
    ["12345678901234567890.0", 12345678901234567890n],
    ["1.2345678901234567890e19", 12345678901234567890n],
    ["0.1", 0.1],
    ["19.90", 19.9],
    ["1e23", 1e23],
    ["1.5E+3", 1500],
    ["5e-324", 5e-324],
    ["-0", -0],
    ["0e999", 0],
    ["619356623417032.2", 619356623417032.25],
    ["9".repeat(19_700), BigInt("9".repeat(19_700))],
  ])("%s is exact", (text, value) => {
    expect(parseExact(text)).toEqual({ value, inexact: [] });
    expect(parseExact(`{"a":[ ${text} ]}`)).toEqual({ value: { a: [value] }, inexact: [] });
  });

  test.each<[string, number]>([
    ["1e400", Infinity],
    ["-1e400", -Infinity],
    ["1e-400", 0],
    ["0.12345678901234567890123", 0.12345678901234568],
    // Of a double that is printed as ….2, and as `printf("%.17g")` writes one.
    ["619356623417032.3", 619356623417032.25],
    ["4.8951679999999998", 4.895168],
    ["123456789012345678.5", 123456789012345680],
    ["9".repeat(19_701), Infinity],
  ])("%s is not, and its place is told", (text, value) => {
    expect(parseExact(text)).toEqual({ value, inexact: [""] });
    expect(parseExact(`{"a/b":[0,{"~":${text}}]}`)).toEqual({
      value: { "a/b": [0, { "~": value }] },
      inexact: ["/a~1b/1/~0"],
    });
  });
});

it("leaves what only looks like a number", () => {
  const text = String.raw`{"725653563933458432":"725653563933458432 \" ,725653563933458432,","a":"\\","b":["1e400"]}`;
  expect(markNumbers(text, "n:")).toBe(text);
  expect(parseExact(text).value).toEqual(JSON.parse(text));
});

it("takes no text of a stranger for a number", () => {
  const mark = newMark();
  expect(restoreNumbers(["n1:5", `x${mark}5`, 5], mark)).toEqual({
    value: ["n1:5", `x${mark}5`, 5],
    inexact: [],
  });
  expect(newMark()).not.toBe(mark);
});

it("makes an own property of __proto__", () => {
  const { value } = parseExact('{"__proto__":725653563933458432}');
  expect(Object.entries(value as object)).toEqual([["__proto__", 725653563933458432n]]);
});

it("tells of a thousand places one by one, and of more by one that stands for all", () => {
  const many = (count: number) => `[${Array.from({ length: count }, () => "1e400").join()}]`;
  expect(parseExact(many(1_000)).inexact).toHaveLength(1_000);
  expect(parseExact(many(1_001)).inexact).toEqual([""]);
});

it("goes to any depth", () => {
  const text = `${"[".repeat(5_000)}725653563933458432${"]".repeat(5_000)}`;
  let value: unknown = parseExact(text).value;
  while (Array.isArray(value)) [value] = value as unknown[];
  expect(value).toBe(725653563933458432n);
});

it("refuses what JSON.parse refuses, in its words", () => {
  for (const text of ["{", "[725653563933458432,]", "01e400", "1e", "[1e400"])
    expect(() => parseExact(text)).toThrow(SyntaxError);
});

/** Everything JSON text can say, and the numbers in it where a rounding would show. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.oneof(
      fc.bigInt(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string(),
      fc.constant(null),
      fc.boolean(),
    ),
    fc.array(tie("value")),
    fc.dictionary(fc.string(), tie("value")),
  ),
})).value;

it("prints what it parses, and parses what it prints", () => {
  fc.assert(
    fc.property(anything, (value) => {
      const text = printKept(value);
      expect(printKept(parseExact(text).value)).toBe(text);
      expect(parseExact(text).inexact).toEqual([]);
      // What is written for others differs from it in nothing but exponents.
      expect(parseExact(printExact(value) ?? "")).toMatchObject({ inexact: [] });
      expect(JSON.stringify(withRawIntegers(value))).toBe(printExact(value));
    }),
    { numRuns: 300 },
  );
});

it("restores the integers of a document where it says so, and nothing else", () => {
  const document = { id: "725653563933458432", other: "5", list: [{ "a/~": "7" }], nested: null };
  expect(
    restoreIntegers(document, ["/id", "/list/0/a~1~0", "/nested/x", "/missing", "/toString", ""]),
  ).toEqual({
    ...document,
    id: 725653563933458432n,
    list: [{ "a/~": 7n }],
  });
  expect(document.id).toBe("725653563933458432");
});
