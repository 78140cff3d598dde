import { describe, expect, test } from "vitest";
import { resultToValue } from "./result-to-value.ts";

const setting = { source: "s", tool: "t", depth: 5 };
const text = (value: string) => ({ type: "text", text: value });
const base64 = Buffer.from([1, 2, 3]).toString("base64");

describe("a value is made of", () => {
  test.each<[string, { readonly [key: string]: unknown }, unknown]>([
    ["data before text", { content: [text("ignored")], structuredContent: { a: 1 } }, { a: 1 }],
    ["data that is no object", { content: [], structuredContent: [1, "two"] }, [1, "two"]],
    ["data that is false", { content: [text("no")], structuredContent: false }, false],
    ["text when data is null", { content: [text("yes")], structuredContent: null }, "yes"],
    ["one text", { content: [text("plain")] }, "plain"],
    ["an object as text", { content: [text(' {"a":[1]}\n')] }, { a: [1] }],
    ["an array as text", { content: [text("[1,2]")] }, [1, 2]],
    ["a number as text, which stays one", { content: [text("12")] }, "12"],
    ["a word as text", { content: [text("null")] }, "null"],
    ["what only begins as JSON", { content: [text('{"a":1} and more')] }, '{"a":1} and more'],
    ["what looks like JSON", { content: [text("[see below]")] }, "[see below]"],
    ["several texts", { content: [text("a"), text('{"b":1}')] }, ["a", { b: 1 }]],
    ["nothing", { content: [] }, undefined],
    ["an answer of the first protocol", { toolResult: { a: 1 } }, { a: 1 }],
    ["content that is no list", { content: "bare" }, "bare"],
    ["a block that is no list", { content: text("alone") }, "alone"],
    [
      "an unknown block",
      { content: [{ type: "video", url: "u", _meta: { a: 1 } }] },
      { type: "video", url: "u" },
    ],
    ["no block at all", { content: [7] }, 7],
  ])("%s", (_name, result, value) => {
    expect(resultToValue(result, setting).value).toEqual(value);
  });

  test("bytes, with type and size and never as base64", () => {
    const image = { type: "image", mimeType: "image/png", data: base64 };
    const data = new Uint8Array([1, 2, 3]);
    expect(resultToValue({ content: [image] }, setting).value).toEqual({
      type: "image",
      mimeType: "image/png",
      size: 3,
      data,
    });
    expect(resultToValue({ content: [{ type: "audio", data: base64 }] }, setting).value).toEqual({
      type: "audio",
      mimeType: "application/octet-stream",
      size: 3,
      data,
    });
    const blob = { type: "resource", resource: { uri: "file:///a", mimeType: "image/gif", blob: base64 } };
    expect(resultToValue({ content: [blob] }, setting).value).toEqual({
      type: "resource",
      uri: "file:///a",
      mimeType: "image/gif",
      size: 3,
      data,
    });
  });

  test("resources and links", () => {
    const resource = { uri: "file:///a.txt", mimeType: "text/plain", text: '{"a":1}' };
    expect(resultToValue({ content: [{ type: "resource", resource }] }, setting).value).toEqual({
      type: "resource",
      ...resource,
    });
    const link = {
      type: "resource_link",
      uri: "file:///b",
      name: "b",
      title: "B",
      description: "d",
      mimeType: "x/y",
      size: 4,
    };
    expect(
      resultToValue({ content: [{ ...link, annotations: { audience: ["user"] } }] }, setting).value,
    ).toEqual(link);
  });
});

describe("a failure", () => {
  test.each<[string, { readonly [key: string]: unknown }, string, unknown]>([
    ["has the tool's words", { content: [text("no such file")] }, "no such file", "no such file"],
    ["has all of them", { content: [text("a"), text("b")] }, "a\nb", ["a", "b"]],
    ["keeps the data", { content: [text("bad")], structuredContent: { code: 7 } }, "bad", { code: 7 }],
    [
      "finds words in the data",
      { content: [], structuredContent: { error: "too late" } },
      "too late",
      { error: "too late" },
    ],
    ["finds none", {}, "t failed without saying why.", undefined],
  ])("%s", (_name, result, message, data) => {
    const thrown = expect(() => resultToValue({ ...result, isError: true }, setting));
    thrown.toThrow(expect.objectContaining({ code: "tool_failed", message, data }));
  });

  test("has a bounded message", () => {
    const long = text("w".repeat(100_000));
    expect(() => resultToValue({ content: [long], isError: true }, setting)).toThrow(/^w{16384}…$/);
  });
});

describe("refused", () => {
  test.each([[{}], [{ content: null }], [{ content: 5 }], [{ other: [] }]])("%o", (result) => {
    expect(() => resultToValue(result, setting)).toThrow(
      expect.objectContaining({ code: "tool_result_invalid" }),
    );
  });

  test("what nests one level too deep", () => {
    const nest = (levels: number): unknown => (levels === 0 ? 1 : { a: nest(levels - 1) });
    expect(resultToValue({ content: [], structuredContent: nest(6) }, setting).value).toEqual(nest(6));
    expect(() => resultToValue({ content: [], structuredContent: nest(7) }, setting)).toThrow(/5 levels/);
    expect(() => resultToValue({ content: [text(JSON.stringify(nest(7)))] }, setting)).toThrow(/5 levels/);
  });
});
