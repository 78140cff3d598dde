import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { parseConfig } from "../../src/surfaces/cli/config/parse-config.ts";
import { documentOf, isolatedEnvironment, root, runCli, toolsSchema } from "../fixtures/built-cli.ts";

const memory = join(root, "node_modules/@modelcontextprotocol/server-memory/dist/index.js");
const stating = join(root, "test/fixtures/mcp/stating-stdio.ts");
const doctorSchema = z.object({ checks: z.array(z.object({ name: z.string(), detail: z.string() })) });

interface Place {
  readonly env: { readonly [name: string]: string };
  readonly cwd: string;
}

/** `own`: of the user, in the home folder; `strange`: came with the folder. */
function place({ own = {}, strange = {} }: { own?: object; strange?: object }): Place {
  const env = isolatedEnvironment();
  const home = env["HOME"] ?? "";
  const cwd = mkdtempSync(join(home, "work-"));
  mkdirSync(join(home, ".cursor"));
  writeFileSync(join(home, ".cursor", "mcp.json"), JSON.stringify({ mcpServers: own }));
  writeFileSync(join(cwd, ".mcp.json"), JSON.stringify({ mcpServers: strange }));
  return { env, cwd };
}

function configOf({ cwd }: Place): ReturnType<typeof parseConfig>["config"] {
  const file = join(cwd, "codemode.json");
  return parseConfig(readFileSync(file, "utf8"), file).config;
}

test("init writes a file that works at once in its folder", async () => {
  const servers = { memory: { command: "node", args: [memory], env: { API_KEY: "hunter2-hunter2" } } };
  const { env, cwd } = place({ own: servers });
  const printed = await runCli(["init", "--print"], { cwd, env });
  expect(printed.stdout).toContain('"memory"');
  const written = await runCli(["init"], { cwd, env });
  expect(written.code).toBe(0);
  expect(written.stderr).toContain("set API_KEY");
  expect(readFileSync(join(cwd, "codemode.json"), "utf8")).not.toContain("hunter2");
  const again = await runCli(["init"], { cwd, env });
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("--force") });
  const tools = await runCli(["tools", "--json"], { cwd, env: { ...env, API_KEY: "x" } });
  expect(documentOf(tools, toolsSchema).sources).toMatchObject([{ name: "memory", state: "ready" }]);
});

describe("what init proposes of tools", () => {
  const args = ["--no-warnings", stating];
  const effects = {
    "docs.find_and_replace": "destructive",
    "docs.get_and_purge": "write",
    "docs.get_silent_one": "read",
    "docs.get_silent_two": "read",
    "docs.list_stated": "read",
    "docs.read_and_mark": "write",
    "docs.search_alone": "read",
  };

  test("is what was seen to be unsaid, and never makes less of what a server says", async () => {
    const there = place({ own: { docs: { command: process.execPath, args } } });
    const written = await runCli(["init"], there);
    expect(written.stderr).toContain('look through "sources"');
    expect(configOf(there).sources).toEqual({
      docs: { unstated: { get_silent_one: "read", get_silent_two: "read", search_alone: "read" } },
    });
    const { tools } = documentOf(await runCli(["tools", "--json"], there), toolsSchema);
    expect(Object.fromEntries(tools.map(({ path, effect }) => [path, effect]))).toEqual(effects);
  });

  test("is asked of no server that came with the folder", async () => {
    const there = place({ strange: { docs: { command: process.execPath, args } } });
    const written = await runCli(["init"], there);
    expect(written.code).toBe(0);
    expect(written.stderr).toContain("nothing was started and nothing is agreed to");
    expect(configOf(there).sources).toBeUndefined();
    const tools = await runCli(["tools"], there);
    expect(tools.stderr).toContain("config_consent_required");
  });

  test("is told with its reason where a server does not answer", async () => {
    const there = place({ own: { gone: { command: "codemode-no-such-command" } } });
    const written = await runCli(["init"], there);
    expect(written.code).toBe(0);
    expect(written.stderr).toMatch(/gone could not be asked what its tools do: .*codemode-no-such-command/);
  });
});

test("doctor lists every place where the configuration is laxer than the servers", async () => {
  const { env, cwd } = place({});
  const file = join(cwd, "lax.json");
  writeFileSync(
    file,
    `{ "mcpServers": { "the-docs": { "command": ${JSON.stringify(process.execPath)}, "args": ["--no-warnings", ${JSON.stringify(stating)}] } },
  "sources": { "the-docs": { "effects": {
    "find_*": "read",
    "read_*": "read" } } },
  "policy": { "preset": "allow-all", "rules": [{ "decision": "ask", "effect": "write" }] } }`,
  );
  const { checks } = documentOf(
    await runCli(["doctor", "--json", "--config", file], { env, cwd }),
    doctorSchema,
  );
  const detail = checks.find(({ name }) => name === "effects")?.detail ?? "";
  expect(detail.split("\n")).toEqual([
    "the configuration is laxer than the sources in 2 places",
    `sources.the-docs.effects."find_*" (${file}:3:5):`,
    "  the_docs.find_and_replace counts as read, its source says destructive",
    `sources.the-docs.effects."read_*" (${file}:4:5):`,
    "  the_docs.read_and_mark counts as read, its source says write",
    expect.stringContaining("sources.the-docs.unstated: "),
  ]);
});
