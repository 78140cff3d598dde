import { expect, it } from "vitest";
import { toIdentifier } from "./to-identifier.ts";

const cases: [name: string, identifier: string][] = [
  ["get-sum", "get_sum"],
  ["getSum", "getSum"],
  ["repos/create.in org", "repos_create_in_org"],
  ["2fa", "_2fa"],
  ["delete", "delete_"],
  ["constructor", "constructor_"],
  ["__proto__", "__proto___"],
  ["then", "then_"],
  ["toString", "toString_"],
  ["hasOwnProperty", "hasOwnProperty_"],
  ["toJSON", "toJSON_"],
  ["", "_"],
  ["日本", "日本"],
  ["a\u200Db", "a_b"],
  ["a\u2028b", "a_b"],
  ["emoji😀", "emoji_"],
  ["x".repeat(10_000), "x".repeat(120)],
];

it.each(cases)("%j becomes %s", (name, identifier) => {
  expect(toIdentifier(name)).toBe(identifier);
  expect(() => new Function(`var ${identifier}`)).not.toThrow();
});
