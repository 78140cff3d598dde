import { expect, it } from "vitest";
import { sandboxWarning } from "./sandbox-warning.ts";

it.each([
  ["process", "files and network"],
  ["confined", "files and network"],
  ["namespaced", "could see files of this machine"],
] as const)("says what is open at level %s, and how to close it", (level, open) => {
  const warning = sandboxWarning({ level, missing: ["There is no `bwrap`: install bubblewrap."] });
  expect(warning).toContain(`"${level}"`);
  expect(warning).toContain(open);
  expect(warning).toContain("install bubblewrap");
  expect(warning).toContain('"require": "jailed"');
});

it("says nothing where nothing is open", () => {
  expect(sandboxWarning({ level: "jailed", missing: [] })).toBeUndefined();
});
