import { expect, it } from "vitest";
import { compareIdentities } from "./compare-identities.ts";
import { boundIdentity, readSources, writeSources } from "./recorded-sources.ts";

const identity = { kind: "mcp", command: ["node", "a.js"], settings: { API_URL: "https://a.example" } };

it.each([
  ["the same", identity, true, []],
  ["another program", { ...identity, command: ["node", "b.js"] }, true, ["command"]],
  ["another place", { ...identity, settings: { API_URL: "https://b.example" } }, true, ["settings.API_URL"]],
  ["an account that was not there", { ...identity, account: "ada" }, true, ["account"]],
  ["an account that was not known when it was only named", { ...identity, account: "ada" }, false, []],
  ["less than was known, of one that was only named", { kind: "mcp" }, false, []],
  ["another program, of one that was only named", { ...identity, command: ["x"] }, false, ["command"]],
  ["nothing at all", undefined, true, [undefined]],
])("compares with %s", (_, present, used, fields) => {
  const found = compareIdentities("s", { identity, used }, present);
  expect(found.map(({ field }) => field)).toEqual(fields);
});

it("comes back from the record as it went in", () => {
  const sources = new Map([["s", { identity, used: true }]]);
  expect(readSources({ runId: "run_1", sources: writeSources(sources) })).toEqual(sources);
  expect(readSources({ runId: "run_1" }).size).toBe(0);
});

it.each([["{"], ["[]"], ['{"s":{"identity":{},"used":true}}'], ['{"s":{"identity":{"kind":"mcp"}}}']])(
  "says that a record is damaged: %s",
  (sources) => {
    expect(() => readSources({ runId: "run_1", sources })).toThrow(
      expect.objectContaining({ code: "store_corrupt", message: expect.stringContaining("run_1") as string }),
    );
  },
);

it.each([
  ["a text of 1,000 characters is kept", 1_000, 100, false],
  ["one of 1,001 is told by its hash", 1_001, 100, true],
  ["the 101st argument is told by its hash", 1_000, 101, true],
])("is bounded: %s", (_, chars, count, cut) => {
  const command = Array.from({ length: count }, () => "x".repeat(chars));
  const bound = boundIdentity({ kind: "mcp", command });
  expect(JSON.stringify(bound).includes("sha256")).toBe(cut);
  expect(JSON.stringify(bound).length).toBeLessThan(110_000);
  expect(boundIdentity({ kind: "mcp", command: [...command, "y"] })).not.toEqual(bound);
});
