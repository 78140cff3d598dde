import { describe, expect, test } from "vitest";
import { parseConfig } from "./parse-config.ts";

const file = "/project/codemode.json";

describe("an entry that is wrong fails alone", () => {
  const good = { command: "node" };
  test.each<[string, object, { readonly name: string; readonly table: string }, RegExp, string | undefined]>([
    [
      "an address under another name",
      { mcpServers: { good, bad: { serverUrl: "https://example.com/mcp" } } },
      { name: "bad", table: "mcpServers" },
      /^mcpServers\.bad needs a "command" to start or a "url" to connect to \(.*:1:\d+\)\.$/,
      'Did you mean "url" by "serverUrl"?',
    ],
    [
      "a slip in its key",
      { mcpServers: { good, bad: { comand: "node" } } },
      { name: "bad", table: "mcpServers" },
      /needs a "command"/,
      'Did you mean "command" by "comand"?',
    ],
    [
      "a slip in a document's key",
      { mcpServers: { good }, openapi: { bad: { specc: "x.json" } } },
      { name: "bad", table: "openapi" },
      /openapi\.bad\.spec is missing[\s\S]*openapi\.bad\.specc is not a known key/,
      'Did you mean "spec"?',
    ],
    [
      "a slip in a manual's key",
      { mcpServers: { good }, utcp: { bad: { manuel: "x.json" } } },
      { name: "bad", table: "utcp" },
      /utcp\.bad\.manual is missing/,
      'Did you mean "manual"?',
    ],
    [
      "its settings",
      {
        mcpServers: { good, bad: good },
        sources: { bad: { efects: { "get_*": "read" } }, good: { trusted: false } },
      },
      { name: "bad", table: "mcpServers" },
      /sources\.bad\.efects is not a known key/,
      'Did you mean "effects"?',
    ],
    [
      "a name that no source can have",
      { mcpServers: { good, "io.github.bad": good } },
      { name: "io.github.bad", table: "mcpServers" },
      /must be a name of 1 to 64 characters without a dot/,
      undefined,
    ],
    [
      "no object at all",
      { mcpServers: { good, bad: "npx" } },
      { name: "bad", table: "mcpServers" },
      /mcpServers\.bad must be an object, not "npx"/,
      undefined,
    ],
  ])("%s", (_what, ...[source, entry, message, hint]) => {
    const { config, wrong } = parseConfig(JSON.stringify(source), file);
    expect(Object.keys(config.mcpServers ?? {})).toEqual(["good"]);
    expect(Object.keys(config.sources ?? {})).not.toContain("bad");
    expect(wrong).toMatchObject([entry]);
    expect(wrong[0]?.error).toMatchObject({
      code: "config_invalid",
      message: expect.stringMatching(message),
    });
    expect(wrong[0]?.error.hint).toBe(hint);
  });

  test("but not what is wrong beside it", () => {
    const source = { mcpServers: { good, bad: {} }, limits: { callz: 1 } };
    expect(() => parseConfig(JSON.stringify(source), file)).toThrow(
      /2 problems[\s\S]*mcpServers\.bad[\s\S]*limits\.callz/,
    );
  });

  test("and a file of nothing else still starts", () => {
    expect(parseConfig(JSON.stringify({ mcpServers: { bad: {} } }), file)).toMatchObject({
      config: { mcpServers: {} },
      wrong: [{ name: "bad" }],
    });
  });
});
