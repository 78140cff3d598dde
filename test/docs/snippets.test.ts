/**
 * Keeps docs/snippets.md true: every block compiles against what snippets are checked with, every function of `codemode`
 * is on the page, and the page knows no other.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createCodemode, createFunctionsSource, createWorkerdEngine } from "../../src/index.ts";
import { prelude } from "../../src/typegen/prelude.ts";

const page = readFileSync(join(resolve(import.meta.dirname, "../.."), "docs/snippets.md"), "utf8");
const blocks = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? "");

const object = (properties: {
  [name: string]: unknown;
}): { type: "object"; properties: typeof properties } => ({
  type: "object",
  properties,
});
const tracker = createFunctionsSource("tracker", {
  list: {
    effect: "read",
    input: object({ label: { type: "string" } }),
    output: {
      ...object({
        issues: { type: "array", items: { ...object({ id: { type: "integer" } }), required: ["id"] } },
      }),
      required: ["issues"],
    },
    run: () => ({ issues: [] }),
  },
  title: {
    effect: "read",
    input: object({ id: { type: "integer" } }),
    output: { type: "string" },
    run: () => "",
  },
  note: {
    effect: "write",
    input: object({ id: { type: "integer" }, text: { type: "string" } }),
    run: () => null,
  },
});
const codemode = createCodemode({ sources: [tracker], engine: createWorkerdEngine() });
afterAll(() => codemode.close());

describe("docs/snippets.md", () => {
  it("has blocks", () => {
    expect(blocks.length).toBeGreaterThanOrEqual(8);
  });

  it.each(blocks.map((block) => [block.split("\n", 1)[0] ?? "", block]))(
    "compiles: %s",
    async (_first, block) => {
      expect(await codemode.check(block)).toEqual([]);
    },
  );

  it("would notice a block that does not compile", async () => {
    expect(await codemode.check(`return await codemode.ask({ prompt: 3 })`)).toHaveLength(1);
  });

  it("names every function of codemode, and no other", () => {
    const declared = /declare const codemode: \{\n(.*?)^\};/ms.exec(prelude)?.[1] ?? "";
    const names = new Set([...declared.matchAll(/^ {2}(\w+)[(<:]/gm)].map((match) => match[1] ?? ""));
    const documented = new Set([...page.matchAll(/codemode\.(\w+)[(.<]/g)].map((match) => match[1] ?? ""));
    expect([...documented].toSorted()).toEqual([...names].toSorted());
  });
});
