import { expect, it } from "vitest";
import { parseDuration } from "./duration.ts";

it.each([
  ["1s", 1_000],
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["2h", 7_200_000],
  ["7d", 604_800_000],
])("%s", (text, ms) => {
  expect(parseDuration(text, "--for")).toBe(ms);
});

it.each(["", "0h", "2", "h", "2w", "-1h", "1.5h", "2h ", "1h30m", "9999999s", "2constructor"])(
  "%j is none",
  (text) => {
    expect(() => parseDuration(text, "--for")).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining("--for") as string }),
    );
  },
);
