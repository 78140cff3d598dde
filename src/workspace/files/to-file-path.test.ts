import { describe, expect, it } from "vitest";
import { mostPathBytes, toFilePath } from "./to-file-path.ts";

describe("the path of a file", () => {
  it.each([
    ["a", "a"],
    ["reports/2026/open.csv", "reports/2026/open.csv"],
    ["./a//b/./c", "a/b/c"],
    ["__proto__", "__proto__"],
    [".hidden", ".hidden"],
    ["a b/é.txt", "a b/é.txt"],
    ["e\u0301", "é"],
    ["console.log", "console.log"],
    ["comma/com10", "comma/com10"],
    ["...a", "...a"],
    ["x".repeat(200), "x".repeat(200)],
    [
      `${"x".repeat(170)}/${"x".repeat(170)}/${"x".repeat(170)}`,
      `${"x".repeat(170)}/${"x".repeat(170)}/${"x".repeat(170)}`,
    ],
  ])("takes %j", (given, path) => {
    expect(toFilePath(given)).toBe(path);
  });

  it.each([
    "",
    ".",
    "./",
    "..",
    "../a",
    "a/../b",
    "a/..",
    "/etc/passwd",
    "//host/share",
    "a/",
    "a\\b",
    "..\\a",
    "C:/a",
    "c:a",
    "a:stream",
    "file:///etc/passwd",
    "a\0b",
    "a\nb",
    "a\u202Eb",
    "a\u200Bb",
    "\ud800",
    "a*",
    "a?",
    'a"b',
    "a|b",
    "<a>",
    "a.",
    "a /b",
    " a",
    "...",
    ".. ",
    "CON",
    "nul.txt",
    "a/COM1",
    "a/lpt9.log",
    "com¹",
    "ＣＯＮ",
    "conin$",
    "x".repeat(201),
    "é".repeat(101),
    Array.from({ length: 33 }, () => "a").join("/"),
    "x/".repeat(mostPathBytes),
    5,
    null,
    undefined,
    { toString: () => "a" },
    ["a"],
  ])("refuses %j", (given) => {
    expect(() => toFilePath(given)).toThrow(expect.objectContaining({ code: "file_path_invalid" }));
  });
});
