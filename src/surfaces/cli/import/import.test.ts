import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { parseConfig } from "../config/parse-config.ts";
import { clientFiles } from "./client-files.ts";
import { hideSecrets } from "./hide-secrets.ts";
import { mergeServers } from "./merge-servers.ts";
import type { MergedServer } from "./merge-servers.ts";
import { readClientServers } from "./read-client-servers.ts";
import { toConfigText } from "./to-config-text.ts";
import { toImportedEntry } from "./to-imported-entry.ts";

let home: string;
let workingFolder: string;

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), "codemode-init-"));
  onTestFinished(() => rm(root, { recursive: true }));
  home = join(root, "home");
  workingFolder = join(root, "work");
});

async function put(file: string, content: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
}

async function importAll(
  platform: NodeJS.Platform = "linux",
): Promise<{ servers: MergedServer[]; problems: string[] }> {
  const places = clientFiles({ env: {}, platform, home }, workingFolder);
  const found = await Promise.all(places.map((place) => readClientServers(place, workingFolder)));
  return {
    servers: mergeServers(found.flatMap((each) => each.servers)),
    problems: found.flatMap((each) => each.problem ?? []),
  };
}

test("servers of every client are found", async () => {
  await put(join(workingFolder, ".mcp.json"), { mcpServers: { project: { command: "a" } } });
  await put(join(home, ".config/Claude/claude_desktop_config.json"), {
    mcpServers: { desktop: { command: "b" } },
  });
  await put(join(home, ".claude.json"), {
    mcpServers: { claude: { type: "http", url: "https://example.com/mcp" } },
    projects: {
      [workingFolder]: { mcpServers: { here: { command: "c" } } },
      "/elsewhere": { mcpServers: { there: { command: "d" } } },
    },
  });
  await put(join(home, ".cursor/mcp.json"), { mcpServers: { cursor: { command: "e" } } });
  await put(
    join(workingFolder, ".vscode/mcp.json"),
    `{ // comments\n "servers": { "code": { "type": "stdio", "command": "f" }, }, }`,
  );
  await put(
    join(home, ".codex/config.toml"),
    `model = "x"\n[mcp_servers.codex]\ncommand = "g"\nargs = ["1"]\n[mcp_servers.off]\ncommand = "h"\nenabled = false\n`,
  );
  const { servers, problems } = await importAll();
  expect(problems).toEqual([]);
  expect(servers.map(({ name, client, entry }) => [name, client, entry.command ?? entry.url])).toEqual([
    ["project", "Claude Code", "a"],
    ["code", "VS Code", "f"],
    ["desktop", "Claude Desktop", "b"],
    ["here", "Claude Code", "c"],
    ["claude", "Claude Code", "https://example.com/mcp"],
    ["cursor", "Cursor", "e"],
    ["codex", "Codex", "g"],
  ]);
});

test.each([
  ["darwin", "Library/Application Support/Claude/claude_desktop_config.json"],
  ["win32", "AppData/Roaming/Claude/claude_desktop_config.json"],
] as const)("Claude Desktop's file on %s", async (platform, file) => {
  await put(join(home, file), { mcpServers: { desktop: { command: "b" } } });
  expect((await importAll(platform)).servers.map((server) => server.name)).toEqual(["desktop"]);
});

test("a broken file is told and costs only itself", async () => {
  await put(join(workingFolder, ".mcp.json"), "{");
  await put(join(home, ".codex/config.toml"), "[[[");
  await put(join(home, ".cursor/mcp.json"), {
    mcpServers: { cursor: { command: "e" }, odd: "text", empty: {} },
  });
  const { servers, problems } = await importAll();
  expect(servers.map((server) => server.name)).toEqual(["cursor"]);
  expect(problems).toHaveLength(2);
});

describe("an entry of another client", () => {
  test.each([
    [{ command: "npx", args: ["codemode", "serve", "--stdio"] }, undefined],
    [{ command: "/usr/bin/codemode", args: ["serve"] }, undefined],
    [{ command: "x", disabled: true }, undefined],
    ["npx", undefined],
    [
      { command: "x", args: ["${workspaceFolder}/y"], env: { K: "${input:api-key}" } },
      { command: "x", args: ["./y"], env: { K: "${API_KEY}" } },
    ],
    [
      { command: "x", env: { N: 5 }, env_vars: ["TOKEN"] },
      { command: "x", env: { N: "5", TOKEN: "${TOKEN}" } },
    ],
    [
      { url: "https://a.b", type: "sse", timeout: 5 },
      { url: "https://a.b", type: "sse" },
    ],
    [
      { url: "https://a.b", bearer_token_env_var: "T", env_http_headers: { "X-A": "A" } },
      { url: "https://a.b", headers: { "X-A": "${A}", Authorization: "Bearer ${T}" } },
    ],
    [{ serverUrl: "https://a.b" }, { url: "https://a.b" }],
  ])("%j → %j", (raw, expected) => {
    expect(toImportedEntry(raw)).toEqual(expected);
  });
});

describe("secrets", () => {
  const secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
  test.each([
    [{ command: "x", env: { GITHUB_TOKEN: secret } }, ["GITHUB_TOKEN"]],
    [{ command: "x", env: { MY_SETTING: secret } }, ["MY_SETTING"]],
    [{ command: "x", env: { PASSWORD: secret } }, ["PASSWORD"]],
    [{ command: "x", env: { URL: `postgres://u:${secret}@h/d` } }, ["URL"]],
    [{ command: "x", args: ["--api-key", secret] }, ["S_API_KEY"]],
    [{ command: "x", args: [`--api-key=${secret}`] }, ["S_API_KEY"]],
    [{ command: "x", args: [`API_KEY=${secret}`] }, ["S_API_KEY"]],
    [{ command: "x", args: ["--header", `Authorization: ${secret}`] }, ["S_AUTHORIZATION"]],
    [{ command: "x", args: ["run", secret] }, ["S_ARGUMENT_2"]],
    [{ command: "x", args: [`postgres://u:${secret}@h/d`] }, ["S_ARGUMENT_1"]],
    [{ url: "https://a.b", headers: { Authorization: `Bearer ${secret}` } }, ["S_TOKEN"]],
    [{ url: "https://a.b", headers: { "X-Api-Key": secret } }, ["S_X_API_KEY"]],
    [{ url: `https://a.b/mcp?api_key=${secret}` }, ["S_URL"]],
    [{ url: `https://a.b/s/${secret}/mcp` }, ["S_URL"]],
  ])("in %j never reach the file", (entry, variables) => {
    const hidden = hideSecrets("s", entry, new Map());
    expect(JSON.stringify(hidden)).not.toContain(secret);
    expect(hidden.variables).toEqual(variables);
    expect(JSON.stringify(hidden.entry)).toContain(`\${${variables[0]}}`);
  });

  test.each([
    {
      command: "npx",
      args: [
        "-y",
        "@modelcontextprotocol/server-filesystem@2026.8.31",
        "/home/me/Documents/2026-projects-and-notes",
      ],
    },
    {
      command: "x",
      env: {
        LOG_LEVEL: "debug",
        DEBUG: "true",
        PORT: "8080",
        TOKEN: "${MY_TOKEN}",
        HOME_PAGE: "https://example.com/a/b",
      },
    },
    { command: "uvx", args: ["mcp-server-git", "--repository", "path/to/git/repo", "--verbose"] },
    {
      url: "https://mcp.example.com/v1/mcp?project=docs",
      headers: { Authorization: "Bearer ${TOKEN}", Accept: "application/json" },
    },
  ])("are not seen in %j", (entry) => {
    expect(hideSecrets("s", entry, new Map())).toEqual({ entry, variables: [] });
  });

  test("of one name and different values get variables of their own", () => {
    const client = "Cursor";
    const server = (name: string, key: string) => ({
      client,
      file: "",
      name,
      entry: { command: name, env: { API_KEY: key } },
    });
    const merged = mergeServers([
      server("a", "one-secret"),
      server("b", "two-secret"),
      server("c", "one-secret"),
    ]);
    expect(merged.map(({ entry }) => entry.env)).toEqual([
      { API_KEY: "${API_KEY}" },
      { API_KEY: "${B_API_KEY}" },
      { API_KEY: "${API_KEY}" },
    ]);
  });
});

test("every variable that must be set is named, whoever wrote it", () => {
  const entries = [
    { command: "x", env: { K: "${input:api-key}", L: "${LEVEL:-info}", M: "${env:MODE}" } },
    { url: "https://a.b/${TENANT}", bearer_token_env_var: "T", env_http_headers: { "X-A": "A" } },
    { command: "y", env_vars: ["FORWARDED"], args: ["--token", "ghp_0123456789abcdefghijABCDEFGHIJ012345"] },
    { command: "${userHome}/bin/z" },
  ];
  const merged = mergeServers(
    entries.map((raw, at) => ({
      client: "Codex",
      file: "",
      name: `s${at}`,
      entry: toImportedEntry(raw) ?? { command: "" },
    })),
  );
  expect(merged.map(({ variables }) => variables)).toEqual([
    ["API_KEY", "MODE"],
    ["TENANT", "A", "T"],
    ["S2_TOKEN", "FORWARDED"],
    ["HOME"],
  ]);
  const text = toConfigText(merged, {});
  for (const name of merged.flatMap(({ variables }) => variables)) expect(text).toContain(`//   ${name}\n`);
});

test("a secret is not put under a name that another server refers to", () => {
  const server = (name: string, key: string) => ({
    client: "Cursor",
    file: "",
    name,
    entry: { command: name, env: { API_KEY: key } },
  });
  const merged = mergeServers([server("a", "one-secret"), server("b", "${API_KEY}")]);
  expect(merged.map(({ entry }) => entry.env?.["API_KEY"])).toEqual(["${A_API_KEY}", "${API_KEY}"]);
});

test("the same server twice is one, another of the same name is told apart", () => {
  const entry = { command: "x" };
  const merged = mergeServers([
    { client: "Claude Code", file: "", name: "git.hub", entry },
    { client: "Cursor", file: "", name: "git.hub", entry },
    { client: "Cursor", file: "", name: "git.hub", entry: { command: "y" } },
  ]);
  expect(merged.map(({ name }) => name)).toEqual(["git-hub", "git-hub-cursor"]);
});

describe("the file", () => {
  const servers: MergedServer[] = [
    { name: "a", client: "Cursor", file: "", entry: { command: "x", args: ["y"] }, variables: ["T"] },
    {
      name: "b",
      client: "Cursor",
      file: "",
      entry: {
        url: "https://a.b/with/a/rather/long/path/that/makes/the/line/long",
        headers: { Authorization: "Bearer ${T}", "X-Another-Header": "value" },
      },
      variables: [],
    },
  ];
  test.each([
    ["with servers", servers, ["a", "b"]],
    ["without any", [], ["everything"]],
  ])("%s is a good configuration", (_what, given, names) => {
    const text = toConfigText(given, { schema: "./schema.json" });
    const { config, warnings } = parseConfig(text, "codemode.json");
    expect(Object.keys(config.mcpServers ?? {})).toEqual(names);
    expect(config.sources).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  test("has of what tools do only what was seen to be missing, and it fills in only", () => {
    const text = toConfigText(servers, { unstated: { a: { "get_*": "read" } } });
    expect(parseConfig(text, "codemode.json").config.sources).toEqual({
      a: { unstated: { "get_*": "read" } },
    });
  });
});
