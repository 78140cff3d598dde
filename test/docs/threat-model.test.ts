/**
 * Keeps docs/threat-model.md honest: each test it names exists, and each class of attack is there.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const text = readFileSync(join(root, "docs/threat-model.md"), "utf8");
const named = [...new Set([...text.matchAll(/(?:src|test)\/[\w./-]+\.test\.ts/g)].map(([path]) => path))];

it("names tests", () => {
  expect(named.length).toBeGreaterThan(20);
});

it.each(named)("%s exists", (path) => {
  expect(existsSync(join(root, path))).toBe(true);
});

it("has a row for each class from 1 to 40", () => {
  const classes = [...text.matchAll(/^\| ((?:\d+(?:–\d+)?(?:, )?)+) /gm)].flatMap(([, numbers = ""]) =>
    numbers.split(", ").flatMap((each) => {
      const [first = 0, last = first] = each.split("–").map(Number);
      return Array.from({ length: last - first + 1 }, (_, at) => first + at);
    }),
  );
  expect(classes.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
});
