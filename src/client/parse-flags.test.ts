import { describe, expect, test } from "vitest";
import { sourceOf } from "../../test/fixtures/typegen/source-of.ts";
import { toolToFlags } from "../generate/tool-to-flags.ts";
import { parseFlags } from "./parse-flags.ts";

const definitions = {
  Color: { enum: ["red", "green", 3, null] },
  Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" }, label: { type: "string" } } },
};
const source = sourceOf(
  [
    {
      name: "t",
      input: {
        type: "object",
        properties: {
          dueOn: { type: ["string", "null"] },
          count: { type: "integer" },
          ratio: { type: "number" },
          draft: { type: "boolean" },
          color: { $ref: "#/$defs/Color" },
          ids: { type: "array", items: { type: "integer" } },
          kinds: { type: "array", items: { enum: ["a", "b"] } },
          rows: { type: "array", items: { type: "object", properties: { x: { type: "number" } } } },
          id: { anyOf: [{ type: "string" }, { type: "integer" }] },
          maybe: { anyOf: [{ type: "integer" }, { type: "null" }] },
          filter: { allOf: [{ $ref: "#/$defs/Node" }] },
          json: { type: "string" },
          ["__proto__"]: { type: "object", properties: { polluted: { type: "string" } } },
          due_on: { type: "string" },
          "with space=": { type: "string" },
        },
        required: ["count"],
      },
    },
  ],
  definitions,
);
const [tool] = source.tools;
const flags = tool === undefined ? [] : toolToFlags(tool, source, ["json"]);
const parse = (...words: string[]): unknown => parseFlags(["--count", "1", ...words], flags);

describe("flags of a schema", () => {
  test.each<[readonly string[], object]>([
    [["--due-on", "x"], { dueOn: "x" }],
    [["--dueOn", "x"], { dueOn: "x" }],
    [["--due-on-2=y"], { due_on: "y" }],
    [["--count", "-3"], { count: -3 }],
    [["--ratio", "1e3"], { ratio: 1000 }],
    [["--count", "725653563933458433"], { count: 725653563933458433n }],
    [["--maybe", "-9223372036854775809"], { maybe: -9223372036854775809n }],
    [
      ["--filter", '{"label":"a","n":725653563933458433}'],
      { filter: { label: "a", n: 725653563933458433n } },
    ],
    [["--draft"], { draft: true }],
    [["--no-draft"], { draft: false }],
    [["--draft=false"], { draft: false }],
    [["--color", "3"], { color: 3 }],
    [["--color", "null"], { color: null }],
    [["--ids", "1", "--ids=2"], { ids: [1, 2] }],
    [["--kinds", "b"], { kinds: ["b"] }],
    [["--rows", '{"x":1}', "--rows", '[{"x":2},{"x":3}]'], { rows: [{ x: 1 }, { x: 2 }, { x: 3 }] }],
    [["--id", "12"], { id: 12 }],
    [["--id", "a12"], { id: "a12" }],
    [["--maybe", "5"], { maybe: 5 }],
    [["--filter.next.next.label", "deep"], { filter: { next: { next: { label: "deep" } } } }],
    [
      ["--filter", '{"label":"a"}', "--filter.next.label", "b"],
      { filter: { label: "a", next: { label: "b" } } },
    ],
    [["--arg-json", "text"], { json: "text" }],
    [["--with-space", "v"], { "with space=": "v" }],
    [["--due-on", "--draft"], { dueOn: "--draft" }],
    [["--due-on="], { dueOn: "" }],
  ])("%j", (words, expected) => {
    expect(parse(...words)).toEqual({ count: 1, ...expected });
  });

  test.each<[readonly string[], RegExp]>([
    [["--ratio", "1e400"], /--ratio cannot be passed on exactly/],
    [["--ratio", "0.12345678901234567890123"], /--ratio cannot be passed on exactly/],
    [["--filter", '{"n":1e400}'], /--filter has a number that cannot be passed on exactly, at \/n/],
    [["--count", "1.5"], /--count must be a whole number/],
    [["--ratio", ""], /--ratio must be a number/],
    [["--draft=maybe"], /--draft is true or false/],
    [["--color", "blue"], /--color cannot be "blue"/],
    [["--kinds", "c"], /--kinds cannot be "c"/],
    [["--rows", "{"], /--rows is not valid JSON/],
    [["--rows"], /--rows needs a value/],
    [["--filter", "1", "--filter.label", "x"], /--filter\.label lies within filter/],
    [["stray"], /"stray" is one word too many/],
    [["--", "x"], /"--" is one word too many/],
    [["--constructor", "x"], /--constructor is no flag/],
  ])("%j is refused", (words, message) => {
    expect(() => parse(...words)).toThrow(message);
  });

  test("what is required must be there, by flag or as JSON", () => {
    expect(() => parseFlags([], flags)).toThrow("--count must be given");
    expect(parseFlags([], flags, { count: 2 })).toEqual({ count: 2 });
    expect(() => parseFlags([], flags, [1])).toThrow("one JSON object");
  });

  test("a property called like what objects inherit is one, and nothing is inherited from it", () => {
    const args = Object(parse("--proto.polluted", "yes"));
    expect(Object.getPrototypeOf(args)).toBe(Object.prototype);
    expect(JSON.stringify(args)).toBe('{"count":1,"__proto__":{"polluted":"yes"}}');
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("a schema without an end makes a bounded number of flags", () => {
    expect(flags.length).toBeLessThanOrEqual(150);
    expect(Math.max(...flags.map(({ path }) => path.length))).toBe(4);
  });
});
