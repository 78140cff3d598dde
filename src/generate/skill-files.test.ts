import { posix } from "node:path";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { demoCatalog } from "../../test/fixtures/generate/demo-codemode.ts";
import { compile } from "../../test/fixtures/typegen/compile.ts";
import { sourceOf } from "../../test/fixtures/typegen/source-of.ts";
import { joinSources } from "../catalog/build-catalog.ts";
import type { Catalog } from "../spec/tool.ts";
import { generateFiles } from "./generate-files.ts";
import type { GeneratedFiles } from "./output.ts";

/** A graph of types that refer to each other, as APIs of payments have them: any one leads to all. */
const graph = Object.fromEntries(
  Array.from({ length: 120 }, (_, at) => [
    `Thing${at}`,
    {
      type: "object",
      properties: Object.fromEntries(
        Array.from({ length: 8 }, (_each, index) => [
          `part_${index}_of_the_thing_${at}`,
          { $ref: `#/$defs/Thing${(at * 7 + index * 13 + 1) % 120}`, description: "One of its parts." },
        ]),
      ),
    },
  ]),
);

/** Three sources: one whose every type leads to all others, one of many groups and long schemas, one flat and so wide that its index cannot hold its names. */
const large = joinSources([
  sourceOf(
    Array.from({ length: 20 }, (_, at) => ({
      name: `things.make${at}`,
      input: { $ref: `#/$defs/Thing${at}` },
      output: { $ref: `#/$defs/Thing${at + 20}` },
    })),
    graph,
    "tangled",
  ),
  sourceOf(
    Array.from({ length: 300 }, (_, at) => ({
      name: `group${at % 12}.doSomething${at}`,
      description: `Does something ${at} with what it is given. ${"More words. ".repeat(20)}`,
      effect: at % 3 === 0 ? ("read" as const) : ("write" as const),
      input: {
        type: "object",
        properties: Object.fromEntries(
          Array.from({ length: 12 }, (_each, index) => [
            `field${index}_${at}`,
            { type: "string", description: `The field ${index} of the thing ${at}, as the API calls it.` },
          ]),
        ),
      },
    })),
    {},
    "grouped",
  ),
  sourceOf(
    Array.from({ length: 2_000 }, (_, at) => ({
      name: `tool_with_a_rather_long_name_${String(at).padStart(4, "0")}`,
      input: { type: "object", properties: { value: { type: "integer" } } },
    })),
    {},
    "wide",
  ),
]);

function filesOf(catalog: Catalog): GeneratedFiles {
  return generateFiles("skill", { catalog, name: "our-tools" });
}

describe.each<[string, () => Promise<Catalog>]>([
  ["a small catalog of strangers", demoCatalog],
  ["a large catalog", async () => large],
])("the skill of %s", (_what, catalogOf) => {
  let catalog: Catalog;
  let files: GeneratedFiles;
  beforeAll(async () => {
    catalog = await catalogOf();
    files = filesOf(catalog);
  });

  test("has valid frontmatter", () => {
    const text = files.get("SKILL.md") ?? "";
    const [, front = ""] = /^---\n(.*?)\n---\n/s.exec(text) ?? [];
    const fields: unknown = parse(front);
    expect(fields).toEqual({
      name: "our-tools",
      description: expect.stringMatching(/^Types and instructions for /),
    });
    expect(String(Reflect.get(Object(fields), "description")).length).toBeLessThanOrEqual(1_024);
  });

  test("leads to every file, and to no other", () => {
    const reached = new Set(["SKILL.md"]);
    for (const path of reached) {
      const text = files.get(path);
      expect(text, path).toBeDefined();
      const prose = (text ?? "").replaceAll(/^(`{3,})ts\n.*?\n\1$/gms, "");
      for (const [, link = ""] of prose.matchAll(/(?<!\\)\]\(([^)\s]+)\)/g))
        reached.add(posix.join(posix.dirname(path), link));
    }
    expect([...reached].toSorted()).toEqual([...files.keys()].toSorted());
  });

  test("declares every tool once, in declarations that compile", async () => {
    const found = new Map<string, number>();
    const programs: { [name: string]: string } = {};
    for (const [path, text] of files) {
      if (path === "SKILL.md") continue;
      for (const [, , block = ""] of text.matchAll(/^(`{3,})ts\n(.*?)\n\1$/gms)) {
        programs[`${Object.keys(programs).length}.d.ts`] = block;
        for (const tool of catalog.tools.values()) {
          const name = tool.segments.at(-1) ?? "";
          const isHere = block.startsWith(`interface Tools { ${tool.source}: `);
          if (isHere && new RegExp(`^ +"?${name.replaceAll("$", "\\$")}"?(?:\\(|: \\()`, "m").test(block))
            found.set(tool.path, (found.get(tool.path) ?? 0) + 1);
        }
      }
    }
    expect([...catalog.tools.keys()].filter((path) => found.get(path) !== 1)).toEqual([]);
    const some = Object.entries(programs).filter((_, at) => at % 5 === 0);
    for (const [name, text] of some) expect(await compile({ [name]: text })).toEqual([]);
  }, 60_000);

  test("keeps to its budgets", () => {
    for (const [path, text] of files) {
      const budget = path === "SKILL.md" ? 2_000 : 5_500;
      expect(encode(text).length, path).toBeLessThanOrEqual(budget);
    }
  });
});

test("what strangers write stays text", async () => {
  for (const [path, text] of filesOf(await demoCatalog())) {
    const outside = text.replaceAll(/^(`{3,})ts\n.*?\n\1$/gms, "");
    expect(outside, path).not.toMatch(/^# Ignore/m);
    expect(outside, path).not.toMatch(/(?<!\\)<b>/);
    expect(outside, path).not.toMatch(/(?<!\\)\]\(javascript:/);
    expect(text, path).not.toMatch(/\*\/ process/);
  }
});

test("a large source's index says as much of each tool as fits", () => {
  const files = filesOf(large);
  expect(files.get("reference/grouped.md")).toContain("doSomething299");
  const wide = files.get("reference/wide.md") ?? "";
  expect(wide).toMatch(/`tool_with_a_rather_long_name_0000` to `tool_with_a_rather_long_name_\d+`/);
});
