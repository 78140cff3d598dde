import { describe, expect, test } from "vitest";
import { CodemodeError } from "../../errors.ts";
import { configArg, jsonArg, logArg } from "./cli-command.ts";
import { parseCommandLine } from "./parse-command-line.ts";

const definitions = {
  file: { type: "positional", required: true },
  ...configArg,
  ...jsonArg,
  ...logArg,
} as const;

describe("arguments", () => {
  test.each([
    [["a.ts"], { file: "a.ts" }],
    [["-"], { file: "-" }],
    [["--json", "a.ts"], { file: "a.ts", json: true }],
    [["--config", "c.json", "a.ts"], { file: "a.ts", config: "c.json" }],
    [["a.ts", "--config=c.json"], { file: "a.ts", config: "c.json" }],
    [["--config", "-odd-name", "a.ts"], { file: "a.ts", config: "-odd-name" }],
    [["--log", "debug", "a.ts"], { file: "a.ts", log: "debug" }],
    [["--", "--json"], { file: "--json" }],
  ])("%j are read", (rawArgs, expected) => {
    expect(parseCommandLine(rawArgs, definitions)).toMatchObject(expected);
  });

  test.each([
    [["a.ts", "--jsn"], /--jsn is no flag/, /--json/],
    [["a.ts", "-x"], /-x is no flag/, /--help/],
    [["a.ts", "--no-json"], /--no-json is no flag/, undefined],
    [["a.ts", "--config"], /--config needs a value/, undefined],
    [["--config", "--json", "a.ts"], /--config needs a value/, undefined],
    [["a.ts", "b.ts"], /"b.ts" is one word too many/, undefined],
    [["a.ts", "--", "b.ts"], /"b.ts" is one word too many/, undefined],
    [[], /FILE/, undefined],
    [["a.ts", "--log", "loud"], /loud/, undefined],
  ])("%j are refused", (rawArgs, message, hint) => {
    try {
      parseCommandLine(rawArgs, definitions);
      expect.unreachable();
    } catch (thrown) {
      if (!(thrown instanceof CodemodeError)) throw thrown;
      expect(thrown.code).toBe("usage");
      expect(thrown.message).toMatch(message);
      if (hint !== undefined) expect(thrown.hint).toMatch(hint);
    }
  });
});
