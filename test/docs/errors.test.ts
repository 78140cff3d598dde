/**
 * Keeps docs/errors.md and the registry of error codes the same, code for code and sentence for sentence.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { errorCodes } from "../../src/errors.ts";

const text = readFileSync(join(import.meta.dirname, "../../docs/errors.md"), "utf8");
const documented = new Map(
  [...text.matchAll(/^## `([a-z_]+)`\n\n(.+?)\n\n(.+?)\n/gms)].map((match) => [
    match[1],
    { sentence: match[2], next: match[3] },
  ]),
);

it("documents every code, and no other", () => {
  expect([...documented.keys()]).toEqual(Object.keys(errorCodes));
});

it.each(Object.entries(errorCodes))("%s opens with its sentence and says what to do", (code, sentence) => {
  expect(documented.get(code)?.sentence).toBe(sentence);
  expect(documented.get(code)?.next?.length).toBeGreaterThan(20);
});
