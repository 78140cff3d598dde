/** The examples of a fan-out, a spreadsheet and a saved snippet, run as they stand. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import {
  createCodemode,
  createFunctionsSource,
  createQuickJsEngine,
  createWorkerdEngine,
  type Codemode,
  type Engine,
} from "../../src/index.ts";

const example = (name: string): string =>
  readFileSync(join(import.meta.dirname, "../../examples", name), "utf8");

/** The first request of every third page is refused as busy. */
function createShop(engine: Engine, asked: number[]): Codemode {
  const products = [
    { name: "kite", category: "toys", left: 4 },
    { name: "ball", category: "toys", left: 9 },
    { name: "lamp", category: "home", left: 1 },
  ];
  const shop = createFunctionsSource("shop", {
    get_page: {
      description: "One page.",
      effect: "read",
      input: { type: "object", properties: { id: { type: "number" } }, required: ["id"] },
      output: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
      run: ({ id }) => {
        const first = !asked.includes(Number(id));
        asked.push(Number(id));
        if (first && Number(id) % 3 === 0) throw new Error("busy");
        return { text: "word ".repeat(Number(id) % 7).trim() };
      },
    },
    list_products: {
      description: "Products.",
      effect: "read",
      input: { type: "object", properties: { category: { type: "string" } } },
      run: ({ category }) => products.filter((each) => category === undefined || each.category === category),
    },
  });
  return createCodemode({ sources: [shop], engine });
}

/** Cells with commas and quotes in them, and what the paid rows come to. */
function createSheet(count: number): { text: string; totals: [string, number, number][] } {
  const regions = ["North, upper", "South", 'The "East"', "West"];
  const totals = new Map<string, [number, number]>(regions.map((region) => [region, [0, 0]]));
  const rows = Array.from({ length: count }, (_, at) => {
    const region = regions[(at * 7) % 4] ?? "";
    const [units, cents, status] = [1 + (at % 9), 100 + ((at * 37) % 5_000), at % 3 === 0 ? "open" : "paid"];
    const [orders, revenue] = totals.get(region) ?? [0, 0];
    if (status === "paid") totals.set(region, [orders + 1, revenue + units * cents]);
    return `${at},"${region.replaceAll('"', '""')}",${status},${units},${(cents / 100).toFixed(2)}`;
  });
  return {
    text: `id,region,status,units,price\r\n${rows.join("\r\n")}\r\n`,
    totals: [...totals]
      .map(([region, [orders, cents]]): [string, number, number] => [region, orders, cents / 100])
      .sort((a, b) => b[2] - a[2]),
  };
}

describe.each([
  ["workerd", createWorkerdEngine],
  ["quickjs", createQuickJsEngine],
])("on %s", (_, engine) => {
  it("a fan-out over 200 items tries again what was refused", async () => {
    const asked: number[] = [];
    await using codemode = createShop(engine(), asked);
    const { document } = await codemode.execute({ code: example("fan-out/pages.snippet.ts") });
    const words = Array.from({ length: 200 }, (_each, at) => Math.max(1, (at + 1) % 7));
    expect(document).toMatchObject({
      status: "completed",
      result: { pages: 200, words: words.reduce((sum, each) => sum + each, 0), longest: 6 },
    });
    expect(new Set(asked).size).toBe(200);
    expect(asked).toHaveLength(266);
    expect(document.calls.filter(({ ok }) => !ok)).toHaveLength(66);
  });

  it("a sheet of 10,000 rows leaves as a table of four", async () => {
    const { text, totals } = createSheet(10_000);
    const sheets = createFunctionsSource("sheets", {
      read_sheet: {
        description: "A sheet as CSV.",
        effect: "read",
        input: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        output: { type: "string" },
        run: () => text,
      },
    });
    await using codemode = createCodemode({ sources: [sheets], engine: engine() });
    const { document, text: shown } = await codemode.execute({
      code: example("spreadsheet/revenue.snippet.ts"),
    });
    expect(document.status, JSON.stringify(document.error)).toBe("completed");
    const lines = z.string().parse(document.result).split("\n").slice(3);
    const read = lines.map((line) => line.split("|").map((cell) => cell.trim()));
    expect(read.map(([, region, orders, revenue]) => [region, Number(orders), Number(revenue)])).toEqual(
      totals,
    );
    expect(shown.length).toBeLessThan(600);
  });

  it("a saved snippet from a file is used twice", async () => {
    await using codemode = createShop(engine(), []);
    const text = example("saved-snippet/restock.snippet.ts");
    await codemode.snippets.importFile({ text });
    expect(await codemode.snippets.exportFile({ name: "low-stock" })).toBe(text);
    const { document } = await codemode.execute({ code: example("saved-snippet/report.snippet.ts") });
    expect(document).toMatchObject({ status: "completed" });
    expect(document.result).toBe(
      "Toys:\n| name | left |\n| ---- | ---: |\n| kite |    4 |\n\nAll:\n| name | left |\n| ---- | ---: |\n| lamp |    1 |",
    );
    expect(await codemode.snippets.list()).toMatchObject([{ use: { runs: 1, completed: 1 } }]);
  });
});
