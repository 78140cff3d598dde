import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { withLabels } from "./label-bytes.ts";

/** As good as random, and the same every time. */
function bytesOf(count: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(count / 32) }, (_, at) =>
    createHash("sha256").update(String(at)).digest(),
  );
  return Buffer.concat(blocks).subarray(0, count);
}

const bytes = bytesOf(300);
const base64 = bytes.toString("base64");

const labelled: readonly (readonly [what: string, text: string, shown: string])[] = [
  ["base64", base64, "<base64 400 characters>"],
  ["its URL form", bytes.toString("base64url"), "<base64 400 characters>"],
  ["lines of it", base64.replaceAll(/.{76}/g, "$&\n"), "<base64 405 characters>"],
  ["it among words", `see ${base64} there`, "see <base64 400 characters> there"],
  ["a data URL", `data:image/png;base64,${base64}`, "<base64 400 characters, image/png>"],
  ["a short data URL", "data:image/gif;base64,R0lGODlhAQABAAAAACw=", "<base64 20 characters, image/gif>"],
  [
    "one with parameters",
    `(data:text/html;charset=utf-8;base64,${base64})`,
    "(<base64 400 characters, text/html>)",
  ],
  ["one without a type", `data:;base64,${base64}`, "<base64 400 characters>"],
  ["zeros", Buffer.alloc(900).toString("base64"), "<base64 1,200 characters>"],
  ["the label of bytes", "<12345 bytes>", "<bytes 12,345>"],
];

const kept: readonly (readonly [what: string, text: string])[] = [
  ["words", "a sentence of words, ".repeat(40)],
  ["a path", "/home/Ada/Projects/Codemode2/source/Connectors/OpenApi3/".repeat(4)],
  ["camelCase", "theVeryLongNameOfAMethodThatReturnsTheNextElementOfTheQueue2".repeat(3)],
  ["a hash", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
  ["a long line of one letter", "x".repeat(2_000)],
  ["hexadecimal digits", bytesOf(400).toString("hex")],
  ["digits", "1234567890".repeat(30)],
];

describe("withLabels", () => {
  it.each(labelled)("labels %s", (_, text, shown) => {
    expect(withLabels(text)).toBe(shown);
  });

  it.each(kept)("leaves %s", (_, text) => {
    expect(withLabels(text)).toBe(text);
  });

  it("labels 100 characters and leaves 99", () => {
    const text = bytesOf(75).toString("base64");
    expect(withLabels(text)).toBe("<base64 100 characters>");
    expect(withLabels(text.slice(0, 99))).toBe(text.slice(0, 99));
  });
});
