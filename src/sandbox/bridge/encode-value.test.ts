import { describe, expect, test } from "vitest";
import fc from "fast-check";
import type { Value } from "../../spec/value.ts";
import { mayHoldTags, reviveValue } from "./decode-value.ts";
import { encodeValue } from "./encode-value.ts";
import { ValueFault } from "./value-fault.ts";

const limits = { bytes: 1_000_000, depth: 20 };

function roundTrip(value: unknown): Value {
  const text = encodeValue(value, limits, "result");
  const parsed: Value = JSON.parse(text);
  return mayHoldTags(text) ? reviveValue(parsed, limits.depth) : parsed;
}

function faultOf(value: unknown, within = limits): ValueFault {
  try {
    encodeValue(value, within, "result");
  } catch (thrown) {
    if (thrown instanceof ValueFault) return thrown;
    throw thrown;
  }
  throw new Error("the value crossed");
}

describe("what JSON has and lacks crosses unchanged", () => {
  const values: readonly (readonly [string, Value])[] = [
    ["null", null],
    ["undefined", undefined],
    ["minus zero", -0],
    ["not a number", Number.NaN],
    ["infinity", Infinity],
    ["minus infinity", -Infinity],
    ["bigint", -(2n ** 70n)],
    ["date", new Date(1_234)],
    ["bytes", new Uint8Array([0, 1, 254, 255])],
    ["no bytes", new Uint8Array()],
    ["map", new Map<Value, Value>([[{ key: 1 }, new Set<Value>([undefined, "x"])]])],
    ["lone surrogate", "a\uD800b"],
    ["separators", "\u2028\u2029\n"],
    ["undefined field", { a: undefined, b: [undefined, 1] }],
    ["a key that looks like a tag", { $: "undefined", other: { $: ["date", 1] } }],
    ["the tag's escape", { $: ["object", { $: 1 }] }],
  ];
  test.each(values)("%s", (_name, value) => {
    expect(roundTrip(value)).toStrictEqual(value);
  });

  test("an invalid date stays one", () => {
    expect(roundTrip(new Date(Number.NaN))).toStrictEqual(new Date(Number.NaN));
  });

  test("arbitrary values", () => {
    const leaf = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.double(),
      fc.bigInt(),
      fc.boolean(),
      fc.constantFrom(null, undefined),
      fc.date({ noInvalidDate: false }),
      fc.uint8Array(),
    );
    const { value: anyValue } = fc.letrec<{ value: Value }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, depthSize: "small" },
        leaf,
        fc.array(tie("value")),
        fc.dictionary(
          fc.oneof(fc.string(), fc.constantFrom("$", "__proto__", "constructor", "toJSON")),
          tie("value"),
        ),
        fc.array(fc.tuple(tie("value"), tie("value"))).map((entries) => new Map(entries)),
        fc.array(tie("value")).map((elements) => new Set(elements)),
      ),
    }));
    fc.assert(
      fc.property(anyValue, (value) => {
        const bare = structuredClone(value);
        expect(roundTrip(value)).toEqual(bare);
      }),
      { numRuns: 150 },
    );
  });

  test("own keys named like prototypes stay own keys and pollute nothing", () => {
    const hostile: Value = JSON.parse(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"x":1}},"u":0}',
    );
    const crossed = roundTrip({ inner: hostile, tagged: undefined });
    expect(JSON.stringify(crossed)).toBe(JSON.stringify({ inner: hostile }));
    expect(Object.hasOwn(Object(Reflect.get(Object(crossed), "inner")), "__proto__")).toBe(true);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});

describe("what becomes plain data", () => {
  class Point {
    readonly x = 1;
    readonly #hidden = 2;
    sum(): number {
      return this.x + this.#hidden;
    }
  }
  const failure = Object.assign(new TypeError("bad", { cause: "why" }), { code: "E1" });
  const values: readonly (readonly [string, unknown, Value])[] = [
    ["typed arrays", new Int16Array([1, -1]), new Uint8Array([1, 0, 255, 255])],
    ["array buffers", new Uint8Array([7]).buffer, new Uint8Array([7])],
    ["a view's own bytes", new DataView(new ArrayBuffer(8), 2, 3), new Uint8Array(3)],
    ["errors", failure, { name: "TypeError", message: "bad", code: "E1", cause: "why" }],
    [
      "aggregates",
      new AggregateError([new Error("one")], "all"),
      { name: "AggregateError", message: "all", errors: [{ name: "Error", message: "one" }] },
    ],
    ["instances", new Point(), { x: 1 }],
    ["what says how it looks as JSON", new URL("https://example.com/a"), "https://example.com/a"],
    ["boxes", [Object("a"), Object(1)], ["a", 1]],
    ["objects without a prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ["holes", Array.from({ length: 2 }), [undefined, undefined]],
  ];
  test.each(values)("%s", (_name, value, crossed) => {
    expect(roundTrip(value)).toStrictEqual(crossed);
  });
});

describe("what cannot cross is named with its place", () => {
  const cycle: { self?: unknown; list: unknown[] } = { list: [] };
  cycle.list.push({ back: cycle });
  const throwing = {
    get secret(): string {
      throw new Error("no");
    },
  };
  const values: readonly (readonly [string, unknown, string])[] = [
    ["functions", { a: [1, () => 1] }, "result.a[1] is a function"],
    ["symbols", { "odd key": Symbol("x") }, 'result["odd key"] is a symbol'],
    ["promises", { items: [Promise.resolve(1)] }, "result.items[0] is a Promise: await it first"],
    ["cycles", cycle, "result.list[0].back refers back to result: a cycle"],
    ["throwing getters", { a: throwing }, "result.a"],
    ["iterators", new Map().values(), "spread it into an array"],
    ["regular expressions", { r: /x/ }, "result.r is a RegExp without fields"],
    ["functions in maps", new Map([["k", () => 1]]), "result.entries()[0] is a function"],
  ];
  test.each(values)("%s", (_name, value, message) => {
    const fault = faultOf(value);
    expect(fault.code).toBe("value_unsupported");
    expect(fault.message).toContain(message);
  });

  test("depth, on both sides of the limit", () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    expect(roundTrip(nested(20))).toBeDefined();
    expect(faultOf(nested(21))).toMatchObject({ code: "value_too_large" });
    const tagged = (levels: number): unknown => (levels === 0 ? undefined : [tagged(levels - 1)]);
    expect(roundTrip(tagged(20))).toBeDefined();
    expect(faultOf(tagged(21)).message).toContain("nested deeper than 20 levels");
  });

  test("bytes, on both sides of the limit", () => {
    const within = { bytes: 100, depth: 4 };
    expect(encodeValue("x".repeat(98), within, "result")).toHaveLength(100);
    expect(faultOf("x".repeat(99), within)).toMatchObject({ code: "value_too_large" });
    expect(encodeValue("é".repeat(49), within, "result")).toHaveLength(51);
    expect(faultOf("é".repeat(50), within)).toMatchObject({ code: "value_too_large" });
    expect(faultOf({ a: undefined, b: new Uint8Array(100) }, within).message).toContain("result.b");
  });

  test("elements, on both sides of the limit, and values shared many times over", () => {
    const wide = { bytes: 2 ** 30, depth: 100 };
    expect(
      encodeValue(
        Array.from({ length: 999_000 }, () => 1),
        wide,
        "result",
      ),
    ).toHaveLength(999_000 * 2 + 1);
    expect(
      faultOf(
        Array.from({ length: 1_000_001 }, () => 1),
        wide,
      ).message,
    ).toContain("1,000,000 elements");
    let bomb: unknown = [];
    for (let level = 0; level < 60; level++) bomb = [bomb, bomb];
    expect(faultOf(bomb, wide)).toMatchObject({ code: "value_too_large" });
  });

  test("bigints, on both sides of the limit", () => {
    const most = 2n ** 65_536n - 1n;
    expect(roundTrip(most)).toBe(most);
    expect(faultOf(most + 1n)).toMatchObject({ code: "value_too_large" });
  });
});

test("a prototype's toJSON changes nothing", () => {
  Reflect.set(Object.prototype, "toJSON", () => "forged");
  try {
    expect(encodeValue({ a: [1] }, limits, "result")).toBe('{"a":[1]}');
  } finally {
    Reflect.deleteProperty(Object.prototype, "toJSON");
  }
});

describe("texts that no encoder writes are refused", () => {
  const texts = [
    '{"$":"undefined","more":1}',
    '{"$":"nothing"}',
    '{"$":["date","now"]}',
    '{"$":["date",1e300]}',
    '{"$":["bigint","12z"]}',
    '{"$":["bytes","abc"]}',
    '{"$":["bytes","a=bc"]}',
    '{"$":["map",[[1]]]}',
    '{"$":["set",{}]}',
    '{"$":["object",[]]}',
    '{"$":["code","x"]}',
    '{"$":{}}',
    "[[[[[1]]]]]",
  ];
  test.each(texts)("%s", (text) => {
    expect(() => reviveValue(JSON.parse(text), 3)).toThrow();
  });
});
