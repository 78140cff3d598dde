/**
 * Keeps docs/results.md true: its examples are what the renderer writes, and its program compiles.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCodemode, createFunctionsSource, createWorkerdEngine } from "../../src/index.ts";
import { documentToText } from "../../src/run/document-to-text.ts";
import { defaultLimits, leastResultTokens } from "../../src/spec/limits.ts";
import type { Json } from "../../src/spec/value.ts";

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/results.md"), "utf8");
const examples = new Map(
  [...page.matchAll(/<!-- example: (\w+) -->\n\n```text\n(.*?)\n```/gs)].map((match) => [match[1], match[2]]),
);
const rows = (count: number): Json =>
  Array.from({ length: count }, (_, id) => ({ id, region: "north", open: true }));

const results: readonly (readonly [name: string, result: Json, tokens: number])[] = [
  [
    "table",
    [
      { id: 1, region: "north", note: "two\twords", amount: 12.5, paid: true },
      { id: 2, region: "south", amount: 7, paid: false },
      { id: 3, region: "north", note: "007", amount: 40, paid: true },
      { id: 4, region: "east", note: "true", amount: 0.25, paid: true },
    ],
    6_000,
  ],
  ["nested", { total: 2, page: 1, rows: rows(6) }, 6_000],
  ["cut", rows(10_000), 256],
];

/** What the compiler says of programs, in a folder that finds the installed packages. */
async function compile(programs: { readonly [name: string]: string }): Promise<readonly string[]> {
  const folder = mkdtempSync(join(root, "node_modules/.docs-results-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      noUnusedLocals: false,
      typeRoots: [join(root, "node_modules/@types")],
      paths: { codemode: [join(root, "src/index.ts")] },
    },
    include: ["*.ts"],
    exclude: [],
  };
  for (const [name, code] of Object.entries(programs)) writeFileSync(join(folder, `${name}.ts`), code);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const said = await promisify(execFile)(join(root, "node_modules/.bin/tsc"), ["-p", folder]).catch(
    ({ stdout }: { readonly stdout: string }) => ({ stdout }),
  );
  return said.stdout.split("\n").filter((line) => /^(?:.*\/)?(?:right|wrong)\.ts/.test(line));
}

describe("docs/results.md", () => {
  it.each(results)("shows what is written: %s", (name, result, tokens) => {
    const text = documentToText(
      {
        runId: "run_1",
        status: "completed",
        result,
        logs: [],
        calls: [],
        writes: [],
        timings: { queueMs: 0, checkMs: 0, runMs: 0, totalMs: 0 },
      },
      { code: "", tokens },
    );
    expect(examples.get(name)).toBe(text);
  });

  it("has a program that compiles", { timeout: 300_000 }, async () => {
    const [program = ""] = [...page.matchAll(/```ts\n(.*?)\n```/gs)].map(([, code]) => code);
    const wrong = program.replace("resultTokens: 500", 'resultTokens: "500"');
    expect(await compile({ right: program, wrong })).toEqual([expect.stringContaining("wrong.ts")]);
  });

  it("names the limits there are", () => {
    expect(page).toContain(
      `default ${defaultLimits.resultTokens.toLocaleString("en-US")}, at least ${leastResultTokens}`,
    );
  });

  it("lets a run ask for less and not for more", { timeout: 120_000 }, async () => {
    const shop = createFunctionsSource("shop", {
      orders: {
        effect: "read",
        run: () => Array.from({ length: 10_000 }, (_, id) => ({ id, open: true })),
      },
    });
    await using codemode = createCodemode({
      sources: [shop],
      engine: createWorkerdEngine(),
      check: "off",
      limits: { resultTokens: 2_000 },
    });
    const code = "return await tools.shop.orders({})";
    const { text } = await codemode.execute({ code });
    expect(countTokens(text)).toBeGreaterThan(1_000);
    expect(countTokens(text)).toBeLessThanOrEqual(2_000);
    const less = await codemode.execute({ code, limits: { resultTokens: 500 } });
    expect(countTokens(less.text)).toBeLessThanOrEqual(500);
    expect(less.document.result).toHaveLength(10_000);
    const least = await codemode.execute({ code, limits: { resultTokens: 256 } });
    expect(countTokens(least.text)).toBeLessThanOrEqual(256);
    await expect(codemode.execute({ code, limits: { resultTokens: 255 } })).rejects.toThrow("at least 256");
    await expect(codemode.execute({ code, limits: { resultTokens: 2_001 } })).rejects.toThrow("2000");
  });
});
