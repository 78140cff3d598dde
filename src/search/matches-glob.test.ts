import { describe, expect, it } from "vitest";
import { matchesGlob } from "./matches-glob.ts";

describe("matchesGlob", () => {
  it.each([
    ["github.repos.*", "github.repos.get", true],
    ["github.repos.*", "github.repos", false],
    ["*.create*", "tracker.issues.createComment", true],
    ["GITHUB.*", "github.x", true],
    ["a*b*c", "aXbYc", true],
    ["a*b*c", "aXcYb", false],
    ["*", "", true],
    ["", "", true],
    ["", "a", false],
    ["a.c", "abc", false],
    ["a*a", "a", false],
  ])("%s on %s: %s", (pattern, text, matches) => {
    expect(matchesGlob(pattern, text)).toBe(matches);
  });

  it("stays linear in pattern × text", () => {
    expect(matchesGlob(`${"*a".repeat(500)}b`, "a".repeat(5000))).toBe(false);
  });
});
