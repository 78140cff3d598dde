/**
 * Keeps docs/errors.md true: the registry of error codes, code for code and sentence for sentence, and what a
 * wrong snippet is told, word for word.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { errorCodes } from "../../src/errors.ts";
import { wrongSnippets } from "../fixtures/wrong-snippets.ts";

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

it.each(wrongSnippets)("shows what is told for $name", ({ code, told }) => {
  expect(text).toContain(`\`\`\`text\n${told}\n\`\`\``);
  expect(text).toContain(code);
});
