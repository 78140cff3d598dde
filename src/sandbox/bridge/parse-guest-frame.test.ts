import { expect, test } from "vitest";
import { defaultLimits } from "../../spec/limits.ts";
import { BridgeViolation } from "./bridge-violation.ts";
import { parseGuestFrame } from "./parse-guest-frame.ts";

const parse = (text: string) =>
  parseGuestFrame(Buffer.from(text), { ...defaultLimits, resultBytes: 64 * 2 ** 20 });

test.each(["hacked", "constructor", "__proto__"])(
  "a code of the program's own is its own word: %s",
  (code) => {
    expect(parse(`["error",{"code":"${code}","message":"x"}]`)).toMatchObject({
      kind: "error",
      error: { code: "snippet_threw", message: `${code}: x` },
    });
  },
);

test.each([
  ["a million holes and their array, which is the most there are", '{"$":"undefined"}', 999_999],
  ["a million bigints", '{"$":["bigint","1"]}', 999_999],
  ["half a million dates", '{"$":["date",0]}', 499_999],
])("a result of %s is within the bound", (_, value, count) => {
  const frame = parse(`["result",[${`${value},`.repeat(count - 1)}${value}]]`);
  expect(frame.kind === "result" && Array.isArray(frame.value) && frame.value.length).toBe(count);
});

test("more values than any encoder writes are refused before they are parsed", () => {
  const of = (count: number): string => `["result",[${"1,".repeat(count - 1)}1]]`;
  expect(parse(of(4_000_000)).kind).toBe("result");
  expect(() => parse(of(4_000_200))).toThrow(BridgeViolation);
});
