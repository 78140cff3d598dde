import { describe, expect, it } from "vitest";
import { stdDeclarations } from "../typegen/std-declarations.ts";
import * as std from "./std.ts";

const { parseCsv, formatCsv, renderTable, htmlToText, queryJson, mapLimit, retry, paginate } = std;
const { toDate, addToDate, startOf, dateDiff, dateRange, formatDate } = std;

it("is declared to the checker, name for name", () => {
  const declared = [...stdDeclarations.text.matchAll(/export function (\w+)/g)].map(
    (match) => match[1] ?? "",
  );
  expect(new Set(declared)).toEqual(new Set(Object.keys(std)));
});

describe("CSV", () => {
  it.each([
    [
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "a;b\r\n1;2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "\uFEFFa\tb\r1\t2\r",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    ['"a ""b""","c\nd",e', [['a "b"', "c\nd", "e"]]],
    [
      "a,,\n\n,b,c",
      [
        ["a", "", ""],
        ["", "b", "c"],
      ],
    ],
    ['"open', [["open"]]],
    ["", []],
  ])("reads %j", (text, rows) => {
    expect(parseCsv(text, { header: false })).toEqual(rows);
  });

  it("names columns by the first line, whatever they are called", () => {
    const [row] = parseCsv("__proto__,b\n1,2,3");
    expect(JSON.stringify(row)).toBe('{"__proto__":"1","b":"2"}');
  });

  it("writes what it reads back", () => {
    const rows = [
      { a: 'x,"y"\n', b: "" },
      { a: "1", b: "é" },
    ];
    expect(parseCsv(formatCsv(rows))).toEqual(rows);
    expect(formatCsv([[1, null, new Date(0), { x: 1 }]], { delimiter: ";" })).toBe(
      '1;;1970-01-01T00:00:00.000Z;"{""x"":1}"\n',
    );
    expect(formatCsv([{ a: 1, b: 2 }, { c: true }], { columns: ["c", "a"] })).toBe("c,a\n,1\ntrue,\n");
  });
});

describe("dates", () => {
  it("are added to by the calendar", () => {
    const add = (from: string, duration: Parameters<typeof addToDate>[1]): string =>
      formatDate(addToDate(from, duration), "YYYY-MM-DD HH:mm");
    expect(add("2026-01-31", { months: 1 })).toBe("2026-02-28 00:00");
    expect(add("2024-02-29", { years: 1 })).toBe("2025-02-28 00:00");
    expect(add("2026-03-01", { days: -1, hours: 2 })).toBe("2026-02-28 02:00");
    expect(add("2026-12-31", { months: -13 })).toBe("2025-11-30 00:00");
  });

  it("begin their units in UTC, weeks on Monday", () => {
    const at = "2026-08-16T13:45:30.500Z";
    expect(
      ["year", "month", "week", "day", "hour", "minute"].map((unit) =>
        startOf(at, unit as "day")
          .toISOString()
          .slice(0, 16),
      ),
    ).toEqual([
      "2026-01-01T00:00",
      "2026-08-01T00:00",
      "2026-08-10T00:00",
      "2026-08-16T00:00",
      "2026-08-16T13:00",
      "2026-08-16T13:45",
    ]);
  });

  it("differ by whole months and by fractions of days", () => {
    expect(dateDiff("2026-01-31", "2026-02-28", "month")).toBe(1);
    expect(dateDiff("2026-01-15", "2026-03-14", "month")).toBe(1);
    expect(dateDiff("2026-03-14", "2026-01-15", "month")).toBe(-1);
    expect(dateDiff("2024-05-01", "2026-04-30", "year")).toBe(1);
    expect(dateDiff("2026-01-01", "2026-01-02T12:00:00Z", "day")).toBe(1.5);
    expect(dateRange("2026-02-27", "2026-03-02").map((each) => formatDate(each, "DD"))).toEqual([
      "27",
      "28",
      "01",
    ]);
  });

  it("are written by a pattern", () => {
    expect(formatDate("2026-03-05T04:06:07.008Z", "dddd D MMMM YYYY [at] H:mm:ss.SSS (ddd MMM YY M)")).toBe(
      "Thursday 5 March 2026 at 4:06:07.008 (Thu Mar 26 3)",
    );
    expect(() => toDate("no date")).toThrow(RangeError);
  });
});

describe("tables", () => {
  it("are Markdown with numbers at the right", () => {
    expect(
      renderTable([
        { name: "a|b", n: 1 },
        { name: "c", n: 22 },
      ]),
    ).toBe("| name |   n |\n| ---- | --: |\n| a\\|b |   1 |\n| c    |  22 |");
  });
  it("are text, cut in both directions", () => {
    const rows = Array.from({ length: 4 }, (_, n) => [`line ${n}\nmore`, "x".repeat(20)]);
    expect(renderTable(rows, { format: "text", maxRows: 1, maxWidth: 6 })).toBe(
      "1       2\n------  ------\nline …  xxxxx…\n… 3 more",
    );
    expect(renderTable([])).toBe("(no rows)");
  });
});

it.each([
  ["<p>a &amp; b</p><p>c<br>d", "a & b\n\nc\nd"],
  ["<ul><li>one</li><li>two</ul>", "- one\n- two"],
  ["<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"],
  ["<script>if (a < b) '</p>'</script>x<style>p{}</style><!-- <b> -->y", "xy"],
  ['<img alt="a > b" src=x> 1 < 2 &#x41;&#66;&unknown;&nbsp;.', "a > b 1 < 2 AB&unknown; ."],
  ["<div>never <b>closed", "never closed"],
])("HTML to text: %s", (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

it("HTML to text keeps addresses where asked", () => {
  expect(htmlToText('<a class="x" href="/y?a=1&amp;b">go</a>', { links: true })).toBe("go [/y?a=1&b]");
});

describe("queries", () => {
  const data = {
    orders: [
      { id: 1, total: 50, city: "Rome" },
      { id: 2, total: 150, city: "Paris", tags: ["a"] },
      { id: 3, total: 200, city: "Rome" },
    ],
    "a b": { id: 9 },
  };
  it.each([
    ["$.orders[0].id", [1]],
    ["$.orders[-1].id", [3]],
    ["$.orders[0:2].id", [1, 2]],
    ["$.orders[*].city", ["Rome", "Paris", "Rome"]],
    ["$.orders.*.id", [1, 2, 3]],
    ["$['a b'].id", [9]],
    ["$..id", [1, 2, 3, 9]],
    ["orders[?(@.total > 100 && @.city == 'Rome')].id", [3]],
    ['$.orders[?(@.city == "Paris" || @.total < 60)].id', [1, 2]],
    ["$.orders[?(@.tags)].id", [2]],
    ["$.orders[?(!@.tags)].id", [1, 3]],
    ["$.orders[?(@.city =~ /^p/i)].id", [2]],
    ["$.constructor", []],
    ["$.orders.length", []],
    ["$", [data]],
  ])("%s", (path, found) => {
    expect(queryJson(data, path)).toEqual(found);
  });
  it.each(["$.", "$[", "$[?(@.a ==)]", "$.a[?(b > 1)]"])("refuses %s", (path) => {
    expect(() => queryJson(data, path)).toThrow(SyntaxError);
  });
});

describe("many calls", () => {
  it("run so many at once and no more", async () => {
    let running = 0;
    let most = 0;
    const answers = await mapLimit([5, 1, 3, 2, 4], 2, async (n, index) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, n));
      running -= 1;
      return [n, index];
    });
    expect(answers).toEqual([
      [5, 0],
      [1, 1],
      [3, 2],
      [2, 3],
      [4, 4],
    ]);
    expect(most).toBe(2);
    expect(await mapLimit([], 3, () => 1)).toEqual([]);
    await expect(mapLimit([1], 0, () => 1)).rejects.toThrow(RangeError);
  });

  it("begin nothing new after a failure", async () => {
    const begun: number[] = [];
    const failing = mapLimit([1, 2, 3, 4], 1, async (n) => {
      begun.push(n);
      if (n === 2) throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(begun).toEqual([1, 2]);
  });

  it("are tried again, unless that is no use", async () => {
    let tries = 0;
    const work = (error: object) => async (attempt: number) => {
      tries += 1;
      if (attempt < 3) throw error;
      return attempt;
    };
    expect(await retry(work(new Error("busy")), { delayMs: 1 })).toBe(3);
    await expect(retry(work(new Error("busy")), { attempts: 2, delayMs: 1 })).rejects.toThrow("busy");
    tries = 0;
    await expect(retry(work({ code: "tool_arguments_invalid" }))).rejects.toMatchObject({
      code: "tool_arguments_invalid",
    });
    await expect(retry(work({ code: "x" }), { retryIf: () => false })).rejects.toMatchObject({ code: "x" });
    expect(tries).toBe(2);
  });

  it("follow pages to the end, and no further than asked", async () => {
    const asked: unknown[] = [];
    const fetchPage = async (
      cursor: number | undefined,
    ): Promise<{ items: number[]; next: number | null }> => {
      asked.push(cursor);
      const page = cursor ?? 0;
      return { items: [page * 2, page * 2 + 1], next: page < 3 ? page + 1 : null };
    };
    expect(await paginate(fetchPage)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(asked).toEqual([undefined, 1, 2, 3]);
    expect(await paginate(fetchPage, { maxPages: 2 })).toEqual([0, 1, 2, 3]);
    expect(await paginate(fetchPage, { maxItems: 3 })).toEqual([0, 1, 2]);
  });
});
