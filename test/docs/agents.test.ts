/** What docs/agents.md shows is what the examples do, line by line: those are compiled and run elsewhere. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/agents.md"), "utf8");
const examples = globSync("examples/agents/*.ts", { cwd: root }).map((file) =>
  readFileSync(join(root, file), "utf8"),
);
const blocks = [...page.matchAll(/```ts\n(.*?)\n```/gs)].map(([, code = ""]) => code);

it("shows programs", () => {
  expect(blocks.length).toBeGreaterThan(3);
});

it.each(blocks)("shows an example as it is: %s", (code) => {
  expect(examples.filter((example) => example.includes(code))).toHaveLength(1);
});

it("links to files that exist", () => {
  const links = [...page.matchAll(/\]\(\.\.\/(examples[^)]*)\)/g)].map(([, path = ""]) => path);
  expect(links.length).toBeGreaterThan(1);
  expect(links.filter((path) => globSync(path, { cwd: root }).length === 0)).toEqual([]);
});
