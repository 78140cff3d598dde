import { expect, it } from "vitest";
import { matchGlob } from "./match-glob.ts";

const cases: [glob: string, name: string, fits: boolean][] = [
  ["*", "", true],
  ["*", "anything.at.all", true],
  ["search_*", "search_issues", true],
  ["search_*", "research_issues", false],
  ["*_issue", "create_issue", true],
  ["*_issue", "create_issues", false],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["a*b*c", "a1b2b3c", true],
  ["a*b*c", "a1c", false],
  ["a.b", "axb", false],
  ["[a]", "a", false],
  ["", "", true],
  ["", "a", false],
  [`${"*a".repeat(50)}b`, "a".repeat(20_000), false],
];

it.each(cases)("%j over %j", (glob, name, fits) => {
  expect(matchGlob(glob, name)).toBe(fits);
});
