import { describe, expect, it } from "vitest";
import type { JsonSchema, Value } from "../spec/value.ts";
import { createArgumentsValidator } from "./arguments-validator.ts";

function validate(input: JsonSchema, args: Value, definitions: Record<string, JsonSchema> = {}): string[] {
  const problems = createArgumentsValidator({ input, definitions })(args);
  return problems.map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`));
}

/** Wraps a schema for one parameter `x`. */
const forX = (x: JsonSchema): JsonSchema => ({
  type: "object",
  properties: { x },
  required: ["x"],
  additionalProperties: false,
});

describe("arguments", () => {
  it("takes no arguments as an empty object", () => {
    expect(validate({ type: "object", properties: {} }, undefined)).toEqual([]);
    expect(validate(forX({}), undefined)).toEqual(["x is missing; expected any"]);
  });

  const shapes: JsonSchema = {
    oneOf: [
      {
        type: "object",
        properties: { kind: { const: "circle" }, radius: { type: "number" } },
        required: ["kind", "radius"],
      },
      {
        type: "object",
        properties: { kind: { const: "square" }, side: { type: "number" } },
        required: ["kind", "side"],
      },
    ],
  };
  it.each<[Value, string[]]>([
    [{ kind: "circle" }, ["x.radius is missing; expected number"]],
    [
      { kind: "square", side: "2" },
      ['x.side is the string "2"; expected number (pass a number, without quotes)'],
    ],
    [{ kind: "circel", radius: 1 }, ['x.kind is the string "circel"; expected "circle" | "square"']],
    [3, ["x is 3; expected { kind, radius } | { kind, side }"]],
  ])("says what is wrong in the branch that was meant: %j", (value, says) => {
    expect(validate(forX(shapes), { x: value })).toEqual(says);
  });

  it("wants one object", () => {
    expect(validate(forX({}), ["a", 1])).toEqual([
      "the argument is an array of 2; expected one object with the parameters by name (call it as tool({ name: value }))",
    ]);
    expect(validate(true, "a")).toHaveLength(1);
  });

  it("names at most twenty problems", () => {
    expect(
      validate(forX({ items: { type: "string" } }), {
        x: Array.from({ length: 100 }, () => 1).map((n, i) => n + i),
      }),
    ).toHaveLength(20);
  });
});

describe("properties that an open schema does not name", () => {
  const open: JsonSchema = {
    type: "object",
    properties: { title: { type: "string" }, perPage: { type: "integer" }, id: {} },
  };
  it.each<[Value, string[]]>([
    [{ titel: "a" }, ["titel is not a known property (did you mean title?)"]],
    [{ per_page: 1 }, ["per_page is not a known property (did you mean perPage?)"]],
    [{ title: "a", titel: "a" }, []],
    [{ user_id: 1, filter: 2 }, []],
  ])("%j", (args, says) => {
    expect(validate(open, args)).toEqual(says);
  });

  it("are free where the schema says so", () => {
    expect(validate({ ...open, additionalProperties: true }, { titel: "a" })).toEqual([]);
    expect(validate({ ...open, patternProperties: { t: {} } }, { titel: "a" })).toEqual([]);
  });
});

describe("references", () => {
  const node: JsonSchema = {
    type: "object",
    properties: { value: { type: "number" }, next: { $ref: "#/$defs/Node" } },
    required: ["value"],
  };

  it("recurse through shared definitions", () => {
    const says = validate(
      forX({ $ref: "#/$defs/Node" }),
      { x: { value: 1, next: { value: 2, next: { value: "3" } } } },
      { Node: node },
    );
    expect(says).toEqual([
      'x.next.next.value is the string "3"; expected number (pass a number, without quotes)',
    ]);
  });

  it("mean the schema's own definitions first, and pointers into it", () => {
    const own: JsonSchema = {
      ...node,
      $defs: { Node: { type: "string" } },
      properties: { a: { $ref: "#/$defs/Node" }, b: { $ref: "#/properties/a" }, c: { $ref: "#" } },
      required: [],
    };
    expect(validate(own, { a: "x", b: "y", c: { a: "z" } }, { Node: node })).toEqual([]);
    expect(validate(own, { c: { b: 1 } }, { Node: node })).toEqual([
      "c.b is 1; expected string (pass a string, in quotes)",
    ]);
  });

  it("end where they make no progress", () => {
    expect(validate(forX({ $ref: "#/properties/x" }), { x: 1 })).toEqual([]);
    expect(
      validate(
        forX({ $ref: "#/$defs/A" }),
        { x: 1 },
        { A: { $ref: "#/$defs/B" }, B: { anyOf: [{ $ref: "#/$defs/A" }] } },
      ),
    ).toEqual([]);
  });
});

describe("hostile schemas and values", () => {
  const quickly = (act: () => void): void => {
    const start = performance.now();
    act();
    // Generous: unbounded, each of these takes minutes or never ends.
    expect(performance.now() - start).toBeLessThan(5_000);
  };

  it("runs patterns in linear time", () => {
    quickly(() => {
      expect(validate(forX({ pattern: "^(a+)+$" }), { x: `${"a".repeat(29)}!` })).toHaveLength(1);
      expect(
        validate(forX({ patternProperties: { "^(a|aa)+$": false } }), { x: { [`${"a".repeat(60)}!`]: 1 } }),
      ).toEqual([]);
      expect(validate(forX({ pattern: "^(a|aa)+$" }), { x: `${"a".repeat(1e6)}!` })).toHaveLength(1);
      expect(validate(forX({ format: "uri" }), { x: `http:${"/%".repeat(1e5)}` })).toEqual([]);
      expect(validate(forX({ format: "email" }), { x: "@".repeat(1e6) })).toHaveLength(1);
    });
  });

  it("runs what it can of a pattern with a large repeat", () => {
    const pattern = "^[a-z]{2,4096}$";
    expect(validate(forX({ pattern }), { x: "a".repeat(3_000) })).toEqual([]);
    expect(validate(forX({ pattern }), { x: "a" })).toHaveLength(1);
    expect(validate(forX({ pattern: String.raw`^\{2000}$` }), { x: "{2000}" })).toEqual([]);
  });

  it("bounds diamonds of references", () => {
    const definitions: Record<string, JsonSchema> = { L40: { type: "string" } };
    for (let level = 0; level < 40; level += 1)
      definitions[`L${level}`] = {
        allOf: [{ $ref: `#/$defs/L${level + 1}` }, { anyOf: [{ $ref: `#/$defs/L${level + 1}` }] }],
      };
    quickly(() =>
      expect(validate(forX({ $ref: "#/$defs/L0" }), { x: "a" }, definitions)[0]).toMatch(
        /too large or too deeply nested/,
      ),
    );
  });

  it("bounds depth of schema and of value, and takes what is deep but sane", () => {
    const deep = (levels: number): Value => {
      let value: Value = 1;
      for (let level = 0; level < levels; level += 1) value = { next: value };
      return value;
    };
    const chain: JsonSchema = {
      anyOf: [{ type: "number" }, { type: "object", properties: { next: { $ref: "#/$defs/Chain" } } }],
    };
    expect(validate(forX({ $ref: "#/$defs/Chain" }), { x: deep(200) }, { Chain: chain })).toEqual([]);
    quickly(() =>
      expect(validate(forX({ $ref: "#/$defs/Chain" }), { x: deep(100_000) }, { Chain: chain })).toHaveLength(
        1,
      ),
    );
    let nested: JsonSchema = {};
    for (let level = 0; level < 50_000; level += 1) nested = { allOf: [nested] };
    expect(validate(forX(nested), { x: 1 })[0]).toMatch(/too large or too deeply nested/);
  });

  it("takes large honest arguments", () => {
    const rows = Array.from({ length: 50_000 }, (_, id) => ({ id, name: `row ${id}`, tags: ["a", "b"] }));
    const row: JsonSchema = {
      type: "object",
      properties: {
        id: { type: "integer" },
        name: { type: "string", pattern: "^row" },
        tags: { type: "array", items: { enum: ["a", "b"] } },
      },
      required: ["id"],
    };
    quickly(() =>
      expect(validate(forX({ type: "array", items: row, uniqueItems: true }), { x: rows })).toEqual([]),
    );
  });
});
