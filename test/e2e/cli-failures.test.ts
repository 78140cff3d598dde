import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import {
  cliFile,
  documentOf,
  isolatedEnvironment,
  quickstart,
  root,
  runCli,
  toolsSchema,
} from "../fixtures/built-cli.ts";

const config = ["--config", quickstart];
const errorSchema = z.strictObject({ error: z.looseObject({ code: z.string(), message: z.string() }) });

describe("what goes wrong", () => {
  test.each([
    [["chek"], "usage", 'Did you mean "codemode check"?'],
    [["run"], "usage", "FILE"],
    [["run", "x.ts", "--jsn"], "usage", "Did you mean --json?"],
    [["run", "gone.ts", ...config], "usage", "gone.ts"],
    [["call", "a.b", "--args", "{", ...config], "usage", "not valid JSON"],
    [["search", "x", "--limit", "0", ...config], "usage", "--limit"],
    [["serve", "--port", "x", ...config], "usage", "--port"],
    [["tools", "--config", "gone.json"], "config_not_found", "gone.json"],
    [["tools", "--config", "package.json"], "config_invalid", "package.json"],
  ])("%j → %s", async (args, code, words) => {
    const finished = await runCli(args);
    expect(finished).toMatchObject({ code: 2, stdout: "" });
    expect(finished.stderr).toContain(`${code}: `);
    expect(finished.stderr).toContain(words);
  });

  test("is one document with --json", async () => {
    const finished = await runCli(["tools", "--json", "--config", "gone.json"]);
    expect(finished.code).toBe(2);
    expect(documentOf(finished, errorSchema).error.code).toBe("config_not_found");
  });

  test("a file in the working folder that nobody agreed to", async () => {
    const env = isolatedEnvironment();
    const cwd = mkdtempSync(join(env["HOME"] ?? "", "work-"));
    writeFileSync(join(cwd, "codemode.json"), readFileSync(quickstart));
    const finished = await runCli(["tools"], { cwd, env });
    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain("config_consent_required");
  });

  test("one source that fails does not stop the others", async () => {
    const env = isolatedEnvironment();
    const file = join(env["HOME"] ?? "", "codemode.json");
    const everything = join(root, "node_modules/@modelcontextprotocol/server-everything/dist/index.js");
    writeFileSync(
      file,
      JSON.stringify({
        mcpServers: {
          good: { command: "node", args: [everything] },
          gone: { command: "codemode-no-such-command" },
          bare: { command: "node", args: [everything], env: { TOKEN: "${CODEMODE_TEST_MISSING}" } },
          dead: { url: "http://127.0.0.1:9/mcp" },
          wrong: { serverUrl: "http://127.0.0.1:9/mcp" },
        },
      }),
    );
    const finished = await runCli(["tools", "--json", "--config", file], { env });
    expect(finished.code).toBe(0);
    const { tools, sources } = documentOf(finished, toolsSchema);
    expect(tools.length).toBeGreaterThan(5);
    expect(sources).toMatchObject([
      {
        name: "wrong",
        state: "failed",
        reason: expect.stringContaining('Did you mean "url" by "serverUrl"?'),
      },
      { name: "good", state: "ready" },
      { name: "gone", state: "failed", reason: expect.stringContaining("codemode-no-such-command") },
      {
        name: "bare",
        state: "failed",
        reason: expect.stringMatching(/mcpServers\.bare\.env\.TOKEN.*CODEMODE_TEST_MISSING/),
      },
      { name: "dead", state: "failed", reason: expect.any(String) },
    ]);
  });
});

describe("an old Node.js", () => {
  test.each(["18.20.8", "20.11.0", "22.17.9"])("%s is told so in one line", async (version) => {
    const pretend = `data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"${version}"}})`;
    const finished = await runCli(["tools"], { nodeArgs: ["--import", pretend] });
    expect(finished.code).toBe(2);
    expect(finished.stderr).toMatch(
      new RegExp(`^node_too_old: codemode needs Node\\.js 22\\.18 or newer; this is ${version}.*\\n$`),
    );
  });

  test("can parse what it is given", () => {
    expect(readFileSync(cliFile, "utf8")).not.toMatch(/^import\b/m);
  });
});

test.each([["--help"], ["run", "--help"], ["serve", "-h"], ["--version"]])("help: %s %s", async (...args) => {
  const finished = await runCli(args.filter((arg) => typeof arg === "string"));
  expect(finished.code).toBe(0);
  expect(finished.stdout).not.toBe("");
  expect(finished.stdout).not.toContain("\u001B");
});
