import { describe, expect, test } from "vitest";
import type { HttpOperation, HttpParameter } from "./compiled-document.ts";
import { encodePath } from "./encode-path.ts";

function operation(over: Partial<HttpParameter> = {}, path = "/repos/{owner}/issues"): HttpOperation {
  const parameter: HttpParameter = {
    key: "owner",
    name: "owner",
    place: "path",
    required: true,
    style: "simple",
    explode: false,
    ...over,
  };
  return { id: "x", method: "GET", path, parameters: [parameter], accepts: [] };
}

const bad = [
  ["empty", ""],
  ["dot", "."],
  ["dots", ".."],
  ["encoded dots", "%2e%2e"],
  ["half encoded dots", ".%2E"],
  ["twice encoded dots", "%252e%252e"],
  ["thrice encoded dots", "%25252e."],
  ["slash", "a/b"],
  ["climb", "../../admin"],
  ["encoded slash", "a%2Fb"],
  ["twice encoded slash", "a%252fb"],
  ["backslash", "a\\b"],
  ["encoded backslash", "a%5cb"],
  ["query", "a?admin=1"],
  ["fragment", "a#b"],
  ["encoded fragment", "a%23b"],
  ["NUL", "a\0b"],
  ["encoded NUL", "a%00"],
  ["line break", "a\r\nHost: evil"],
  ["encoded line break", "a%0d%0a"],
  ["C1 control", "a\u0085"],
] as const;

describe("what could leave the operation's path is refused", () => {
  test.each(bad)("%s", (_what, value) => {
    expect(() => encodePath(operation(), new Map([["owner", value]]))).toThrow(/path parameter "owner"/);
  });

  test.each([
    ["nothing", undefined],
    ["null", null],
    ["an empty list", []],
    ["a bad item", ["a", ".."]],
    ["an empty item", ["", ""]],
    ["a bad member", { a: "b/c" }],
    ["a bad key", { "../x": "b" }],
    ["a slash in JSON", new Map([["a", ["b/c"]]])],
  ])("%s", (_what, value) => {
    expect(() => encodePath(operation(), new Map([["owner", value]]))).toThrow(/path parameter "owner"/);
  });

  test("a label of nothing or of a dot", () => {
    const label = operation({ style: "label" });
    expect(() => encodePath(label, new Map([["owner", ""]]))).toThrow(/owner/);
    expect(() => encodePath(label, new Map([["owner", "."]]))).toThrow(/owner/);
    expect(encodePath(label, new Map([["owner", "a"]]))).toBe("/repos/.a/issues");
  });

  test("two parameters that make dots together", () => {
    const two: HttpOperation = {
      ...operation({}, "/x/{a}{b}/y"),
      parameters: ["a", "b"].map((name) => ({
        ...operation().parameters[0],
        key: name,
        name,
        place: "path",
        required: true,
        style: "simple",
        explode: false,
      })),
    };
    expect(() =>
      encodePath(
        two,
        new Map([
          ["a", "."],
          ["b", "."],
        ]),
      ),
    ).toThrow(/"a"/);
  });

  test.each(["..", "a/../b", "a//b", "/a", "a/", "a/%2e%2e/b", "a/%252e%252e", "a\\b", "a?b", "a/b#c"])(
    "over several segments: %s",
    (value) => {
      expect(() => encodePath(operation({ allowReserved: true }), new Map([["owner", value]]))).toThrow(
        /owner/,
      );
    },
  );
});

test.each([
  ["a.b", "/repos/a.b/issues"],
  ["...", "/repos/.../issues"],
  ["..a", "/repos/..a/issues"],
  ["100%", "/repos/100%25/issues"],
  ["%zz", "/repos/%25zz/issues"],
  ["user@host:80", "/repos/user%40host%3A80/issues"],
  ["//".replaceAll("/", "-"), "/repos/--/issues"],
])("%s is fine", (value, path) => {
  expect(encodePath(operation(), new Map([["owner", value]]))).toBe(path);
});

test("the document's own path is sent as written, but for what no path may hold", () => {
  expect(encodePath(operation({}, "/a b/{owner}/c%20d/(e)/é"), new Map([["owner", "x"]]))).toBe(
    "/a%20b/x/c%20d/(e)/%C3%A9",
  );
});
