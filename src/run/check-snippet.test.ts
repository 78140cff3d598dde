import { describe, expect, it } from "vitest";
import { CodemodeError, type ErrorCode } from "../errors.ts";
import type { Checker, Diagnostic } from "../spec/check.ts";
import { defaultLimits } from "../spec/limits.ts";
import { checkSnippet } from "./check-snippet.ts";
import { prepareSnippet } from "./prepare.ts";

const code = "const a = 1;\n\tfoo.bar(a);\nreturn a";

/** Finds what it is told to find, at positions in the prepared text. */
function finding(
  ...found: readonly (Omit<Diagnostic, "severity"> & { readonly severity?: "warn" })[]
): Checker {
  return {
    check: () => Promise.resolve(found.map((each) => ({ severity: "error", ...each }))),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function check(
  checker: Checker | undefined,
  mode: "error" | "warn" | "off" = "error",
): Promise<readonly string[]> {
  return checkSnippet(prepareSnippet(code, defaultLimits), code, { mode, checker, declarations: [] });
}

describe("checkSnippet", () => {
  it("shows the model's own line and a caret, and gives the one fix as the hint", async () => {
    const error = await check(
      finding({ line: 2, column: 6, message: "There is no bar.", hint: "Did you mean baz?" }),
    ).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "snippet_type", line: 2, column: 6, hint: "Did you mean baz?" });
    expect((error as CodemodeError).message).toBe(
      "The snippet does not type-check; nothing was run.\n2:6 There is no bar.\n   foo.bar(a);\n       ^",
    );
  });

  it("gives each of several mistakes its own fix, five at most", async () => {
    const mistakes = Array.from({ length: 7 }, (_, index) => ({
      line: 1,
      column: 1,
      message: `Mistake ${index}.`,
      hint: `Fix ${index}.`,
    }));
    const error = (await check(finding(...mistakes)).catch((thrown: unknown) => thrown)) as CodemodeError;
    expect(error.hint).toBeUndefined();
    expect(error.message.match(/Fix \d/g)).toHaveLength(5);
    expect(error.message).toMatch(/… and 2 more\.$/);
  });

  it("returns warnings, and errors too in mode warn", async () => {
    expect(await check(finding({ line: 1, column: 1, message: "Odd.", severity: "warn" }))).toEqual([
      expect.stringContaining("1:1 Odd."),
    ]);
    expect(await check(finding({ line: 1, column: 1, message: "Wrong." }), "warn")).toEqual([
      expect.stringContaining("Wrong."),
    ]);
  });

  it("does not look when it is off or there is no checker", async () => {
    expect(await check(finding({ line: 1, column: 1, message: "Wrong." }), "off")).toEqual([]);
    expect(await check(undefined)).toEqual([]);
  });

  const failing = (code: ErrorCode): Checker => ({
    check: () => Promise.reject(new CodemodeError(code, "It took too long.")),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });

  it.each(["check_timeout", "internal"] as const)("refuses what the check gave up with %s", async (code) => {
    await expect(check(failing(code))).rejects.toMatchObject({
      code: "snippet_unchecked",
      message: "The snippet was not run, since it could not be checked. It took too long.",
    });
  });

  it.each([
    ["check_timeout", "warn"],
    ["internal", "warn"],
    ["unsupported", "warn"],
    ["unsupported", "error"],
  ] as const)("lets the snippet run unchecked after %s in mode %s, and says so", async (code, mode) => {
    expect(await check(failing(code), mode)).toEqual(["The snippet ran unchecked: It took too long."]);
  });
});
