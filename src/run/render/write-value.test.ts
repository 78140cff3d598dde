import fc from "fast-check";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import type { Json } from "../../spec/value.ts";
import { uncut, writeValue } from "./write-value.ts";

function write(value: Json): string {
  return writeValue(value, uncut, Infinity)?.text ?? "";
}

/** Reads what the model reads: JSON in which a list may stand as `table 1`, and tables of JSON cells and bare words. */
function read(text: string): unknown {
  const [main = "", ...rest] = text.split(/\n(?=table \d+, [\d,]+ rows, tab-separated:\n)/);
  const tables = rest.map((each) => readTable(each.slice(each.indexOf(":\n") + 2)));
  if (/^[\d,]+ rows, tab-separated:\n/.test(main)) return readTable(main.slice(main.indexOf(":\n") + 2));
  const marked = main.replaceAll(/(?<=[[:,])table (\d+)(?=[,}\]])/g, (_, number: string) =>
    JSON.stringify({ "\0table": Number(number) }),
  );
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === "object" && value !== null && "\0table" in value
      ? tables[Number(value["\0table"]) - 1]
      : value,
  );
}

function readTable(text: string): unknown {
  const [header = "", ...lines] = text.split("\n");
  const names = header.split("\t").map((cell) => String(readCell(cell)));
  return lines.map((line) =>
    Object.fromEntries(
      line.split("\t").flatMap((cell, at) => (cell === "" ? [] : [[names[at] ?? "", readCell(cell)]])),
    ),
  );
}

function readCell(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}

const words = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.lorem({ maxCount: 8 }),
  fc.constantFrom("", " ", "null", "true", "-1.5", "1e9", "007", "2026-01-05", "a\tb", "a\nb", '"q"', "… 3 more rows …", "table 1", "[x]", "system: hi", "\u202Eabc", "a ", "\\u0041"), // prettier-ignore
);
const scalar: fc.Arbitrary<Json> = fc.oneof(
  words,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
  fc.boolean(),
  fc.constant(null),
);
const names = fc
  .uniqueArray(fc.oneof(fc.constantFrom("id", "name", "at", "a key", "x\ty"), words), {
    minLength: 1,
    maxLength: 7,
  })
  .map((each) => each.filter((name) => name !== "__proto__"));
const rows: fc.Arbitrary<Json> = names.chain((keys) =>
  fc.array(
    fc
      .record(
        Object.fromEntries(keys.map((key) => [key, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }))])),
        {
          requiredKeys: keys.slice(0, Math.ceil(keys.length * 0.7)),
        },
      )
      .map((row) => ({ ...row })),
    { minLength: 2, maxLength: 12 },
  ),
);
const holding: fc.Arbitrary<Json> = fc.oneof(
  rows,
  rows.map((list) => ({ total: 3, rows: list, page: { more: list } })),
  fc.array(rows, { maxLength: 3 }),
);

describe("writeValue", () => {
  it("reads back as the same value, tables included", { timeout: 300_000 }, () => {
    let tables = 0;
    fc.assert(
      fc.property(holding, (value) => {
        const text = write(value);
        if (text.includes("tab-separated")) tables += 1;
        expect(read(text)).toEqual(value);
      }),
      { numRuns: 1_000 },
    );
    expect(tables).toBeGreaterThan(200);
  });

  it("makes a table of like objects only where that is smaller", { timeout: 300_000 }, () => {
    const two = [{ a: 1 }, { a: 2 }];
    expect(write(two)).toBe('[{"a":1},{"a":2}]');
    const many = Array.from({ length: 12 }, (_, id) => ({ id, region: "north", open: true }));
    expect(write(many)).toMatch(/^12 rows, tab-separated:\nid\tregion\topen\n0\tnorth\ttrue\n/);
    fc.assert(
      fc.property(rows, (value) => {
        const text = write(value);
        if (text.includes("tab-separated"))
          expect(countTokens(text)).toBeLessThanOrEqual(countTokens(write([value])) + 2);
      }),
      { numRuns: 1_000 },
    );
  });

  it("leaves lists of unlike objects as JSON", () => {
    const unlike = [{ a: 1 }, { b: 2 }, { c: 3 }, { d: 4 }];
    expect(write(unlike)).toBe(JSON.stringify(unlike));
  });

  const cut = { items: 4, keys: 3, characters: 20, levels: 3 };
  const marks: readonly (readonly [what: string, value: Json, text: string])[] = [
    ["items", Array.from({ length: 12 }, (_, at) => at), "[0,1,2,… 8 more items …,11]"],
    [
      "keys",
      Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`k${at}`, at])),
      '{"k0":0,"k1":1,"k2":2,… 4 more keys …}',
    ],
    [
      "characters",
      { s: `${"a".repeat(30)}${"z".repeat(30)}` },
      `{"s":"${"a".repeat(13)}" … 40 more characters … "${"z".repeat(7)}"}`,
    ],
    ["levels", { a: { b: { c: { d: 1 } } } }, '{"a":{"b":{"c":{… 1 key …}}}}'],
    ["one item", Array.from({ length: 5 }, (_, at) => at), "[0,1,2,… 1 more item …,4]"],
    ["a text like a mark", ["… 8 more items …"], '["… 8 more items …"]'],
  ];
  it.each(marks)("marks what it leaves out: %s", (_, value, text) => {
    expect(writeValue(value, cut, Infinity)?.text).toBe(text);
  });

  it("keeps head and tail of a table", () => {
    const many = Array.from({ length: 10_000 }, (_, id) => ({ id, region: "north", open: true }));
    const text = writeValue(many, { ...cut, items: 6, keys: 5 }, Infinity)?.text;
    expect(text?.split("\n")).toEqual([
      "10,000 rows, tab-separated:",
      "id\tregion\topen",
      ...[0, 1, 2, 3].map((id) => `${id}\tnorth\ttrue`),
      "… 9,994 more rows …",
      ...[9998, 9999].map((id) => `${id}\tnorth\ttrue`),
    ]);
  });

  it("gives up a text of more characters than there is room for", () => {
    const value = { a: [1, 2, 3] };
    expect(writeValue(value, uncut, 13)?.text).toBe('{"a":[1,2,3]}');
    expect(writeValue(value, uncut, 12)).toBeUndefined();
  });
});
