import { expect, test } from "vitest";
import { plainText } from "./plain-text.ts";

test.each<[html: unknown, text: string | undefined]>([
  [
    '<p>Retrieves the <code>account</code> &amp; <a href="/docs">more</a>.</p>',
    "Retrieves the `account` & more.",
  ],
  ["<p>One</p>\n<p>Two</p>", "One\n\nTwo"],
  ["<ul><li>a</li><li>b</li></ul>", "- a\n- b"],
  ["one<br/>two", "one\ntwo"],
  ["Map<string, number> and <id> stay, as does a < b", "Map<string, number> and <id> stay, as does a < b"],
  ["1 &lt; 2 without markup stays", "1 &lt; 2 without markup stays"],
  ["  **Markdown** stays  ", "**Markdown** stays"],
  ["<p> </p>", undefined],
  [7, undefined],
])("%j", (html, text) => {
  expect(plainText(html)).toBe(text);
});

test("an endless row of brackets is no attack", () => {
  const row = "<a ".repeat(200_000);
  expect(plainText(row)).toBe(row.trim());
});
