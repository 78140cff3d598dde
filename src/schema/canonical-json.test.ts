import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

describe("canonicalJson", () => {
  it.each([
    [{ b: 1, a: [{ d: null, c: "x" }] }, '{"a":[{"c":"x","d":null}],"b":1}'],
    [{ a: undefined, b: () => 1, c: 1 }, '{"c":1}'],
    [[undefined, Number.NaN, Infinity, -0, 1e21], "[null,null,null,0,1e+21]"],
    [{ at: new Date(0), bad: new Date(Number.NaN) }, '{"at":"1970-01-01T00:00:00.000Z","bad":null}'],
    ['\u2028"\ud800', '"\u2028\\"\\ud800"'],
    [{ "10": 1, "9": 2, a: 10n }, '{"10":1,"9":2,"a":10}'],
    [undefined, "null"],
    [{}, "{}"],
    [[], "[]"],
  ])("writes %o", (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });

  it("does not depend on the order of keys", () => {
    expect(canonicalJson({ x: { b: 1, a: 2 }, y: 1 })).toBe(canonicalJson({ y: 1, x: { a: 2, b: 1 } }));
  });

  it("keeps prototype names as keys and calls no toJSON", () => {
    const value: unknown = JSON.parse('{"toJSON":1,"constructor":{"__proto__":2},"__proto__":{"z":1}}');
    expect(canonicalJson(value)).toBe('{"__proto__":{"z":1},"constructor":{"__proto__":2},"toJSON":1}');
    expect(canonicalJson({ toJSON: () => "lie", a: 1 })).toBe('{"a":1}');
  });

  it("writes what is shared twice, and refuses a cycle", () => {
    const shared = { a: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
    const cycle: Record<string, unknown> = {};
    cycle["self"] = [cycle];
    expect(() => canonicalJson(cycle)).toThrow(/contains itself/);
  });

  it("takes any depth, and stops at an endless text", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 200_000; level += 1) deep = [deep];
    expect(canonicalJson(deep)).toHaveLength(400_001);
    let laughs: unknown = "ha".repeat(1_000);
    for (let level = 0; level < 30; level += 1) laughs = [laughs, laughs];
    expect(() => canonicalJson(laughs)).toThrow(/characters as JSON/);
  });
});
