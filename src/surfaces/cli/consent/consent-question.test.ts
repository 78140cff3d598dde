import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Config } from "../config/config-schema.ts";
import { parseConfig } from "../config/parse-config.ts";
import { consentQuestion } from "./consent-question.ts";

async function ask(config: unknown, document?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-consent-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  if (document !== undefined) await writeFile(join(folder, "api.json"), document);
  const file = join(folder, "codemode.json");
  const parsed: Config = parseConfig(JSON.stringify(config), file).config;
  return consentQuestion({
    file,
    found: "was found in the working folder",
    config: parsed,
    folder,
    files: { paths: [], complete: true },
  });
}

const server = { command: "mark-command" };
const api = { spec: "mark-spec.json", baseUrl: "https://mark-base.example" };
const secret = { command: ["mark-secret-command", "mark-secret-argument"] };

/** A setting, and what of it must be in the question. */
const settings: readonly (readonly [string, unknown, readonly string[]])[] = [
  [
    "a program",
    { mcpServers: { a: { ...server, args: ["mark-argument"], cwd: "mark-cwd" } } },
    ["mark-command", "mark-argument", "mark-cwd"],
  ],
  [
    "an argument as long as a screen",
    { mcpServers: { a: { ...server, args: ["x".repeat(5_000), "mark-late"] } } },
    ["mark-late"],
  ],
  [
    "an environment",
    { mcpServers: { a: { ...server, env: { NODE_OPTIONS: "--require ./mark-hook" } } } },
    ["NODE_OPTIONS", "mark-hook"],
  ],
  [
    "an address and headers",
    { mcpServers: { a: { url: "https://mark-host.example/mcp", headers: { "X-Mark": "${MARK_TOKEN}" } } } },
    ["https://mark-host.example/mcp", "X-Mark", "a: MARK_TOKEN → https://mark-host.example"],
  ],
  [
    "where an API is",
    { openapi: { a: { ...api, auth: { bearer: "${MARK_TOKEN}" } } } },
    ["mark-spec.json", "https://mark-base.example", "a: MARK_TOKEN → https://mark-base.example"],
  ],
  [
    "origins",
    { openapi: { a: { ...api, origins: ["https://mark-other.example"], auth: { bearer: "${T}" } } } },
    ["a: T → https://mark-base.example, https://mark-other.example"],
  ],
  [
    "a bearer's command",
    { openapi: { a: { ...api, auth: { bearer: secret } } } },
    ["openapi.a.auth.bearer.command", "mark-secret-command", "mark-secret-argument"],
  ],
  [
    "a password's command",
    { openapi: { a: { ...api, auth: { basic: { username: "mark-user", password: secret } } } } },
    ["mark-user", "mark-secret-argument"],
  ],
  [
    "an API key's command",
    { openapi: { a: { ...api, auth: { apiKey: secret } } } },
    ["openapi.a.auth.apiKey.command", "mark-secret-argument"],
  ],
  [
    "a placed API key's command",
    { openapi: { a: { ...api, auth: { apiKey: { in: "header", name: "mark-name", value: secret } } } } },
    ["mark-name", "mark-secret-argument"],
  ],
  [
    "a client secret's command",
    {
      openapi: {
        a: {
          ...api,
          auth: {
            oauth2: { clientId: "mark-client", clientSecret: secret, tokenUrl: "https://mark-token.example" },
          },
        },
      },
    },
    ["mark-client", "mark-secret-argument", "https://mark-token.example"],
  ],
  [
    "a scheme's command",
    { openapi: { a: { ...api, auth: { schemes: { file: secret } } } } },
    ["openapi.a.auth.schemes.file.command", "mark-secret-argument"],
  ],
  [
    "a secret's file",
    { openapi: { a: { ...api, auth: { bearer: { file: "/mark/secret" } } } } },
    ["openapi.a.auth.bearer.file: /mark/secret", "what /mark/secret holds"],
  ],
  [
    "headers and variables of an API",
    {
      openapi: {
        a: { ...api, headers: { M: "mark-header" }, serverVariables: { v: "mark-variable" }, request: true },
      },
    },
    ["mark-header", "mark-variable", "openapi.a.request: true"],
  ],
  [
    "a manual",
    {
      utcp: {
        a: {
          manual: "https://mark-manual.example",
          commands: true,
          origins: ["http://mark-origin.local"],
          variables: { K: secret },
        },
      },
    },
    ["https://mark-manual.example", "utcp.a.commands: true", "mark-origin", "mark-secret-argument"],
  ],
  [
    "what is believed of tools",
    {
      mcpServers: { a: server },
      sources: {
        a: {
          trusted: true,
          effects: { "mark-*": "read" },
          unstated: { "get-mark": "read" },
          rename: { x: "mark_name" },
          descriptions: { x: "mark-words" },
        },
      },
    },
    ["sources.a.trusted: true", "mark-*", "get-mark", "mark_name", "mark-words"],
  ],
  [
    "what undoes, repeats and asks",
    {
      mcpServers: { a: server },
      sources: {
        a: {
          undo: { x: { tool: "mark-undo" } },
          idempotency: { argument: "mark-key" },
          relay: { sampling: true },
          replay: "reexecute",
        },
      },
    },
    ["mark-undo", "mark-key", "sampling", "reexecute"],
  ],
  [
    "the policy",
    {
      mcpServers: { a: server },
      policy: { preset: "allow-all", rules: [{ decision: "allow", path: "mark.*" }] },
    },
    ["allow-all", "mark.*"],
  ],
  [
    "a store and its key",
    { mcpServers: { a: server }, store: { path: "./mark.db", key: secret } },
    ["./mark.db", "store.key.command", "mark-secret-argument"],
  ],
  ["modules", { mcpServers: { a: server }, modules: ["mark-module"] }, ["mark-module"]],
  [
    "rules of running",
    {
      mcpServers: { a: server },
      check: "off",
      sandbox: { require: "process" },
      limits: { calls: 4_321 },
      server: { host: "0.0.0.0" },
      approvals: { ask: "client" },
      snippets: { propose: "allow" },
      retention: { runs: 17 },
      passthrough: ["mark.*"],
      workspace: { files: { files: 8_765 } },
    },
    ["check: off", "process", "4321", "0.0.0.0", "client", "propose", "17", "mark.*", "8765"],
  ],
];

describe("the question shows, uncut", () => {
  test.each(settings)("%s", async (_what, config, shown) => {
    const question = await ask(config);
    for (const words of shown) expect(question).toContain(words);
  });
});

test("a variable is shown wherever it stands, even where nothing else would be", async () => {
  const question = await ask({ mcpServers: { a: server }, $schema: "https://example.com/?t=${MARK_TOKEN}" });
  expect(question).toContain("${MARK_TOKEN}");
});

test("what is switched off is left out, and so is what is harmless", async () => {
  const question = await ask({
    mcpServers: { a: server, b: { command: "mark-off", disabled: true } },
    surface: "inline",
  });
  expect(question).not.toContain("mark-off");
  expect(question).not.toContain("inline");
});

test.each([
  [
    "OpenAPI",
    { openapi: "3.1.0", servers: [{ url: "https://mark-first.example/v1" }] },
    "https://mark-first.example",
  ],
  ["Swagger", { swagger: "2.0", host: "mark-swagger.example" }, "https://mark-swagger.example"],
  ["one without any", { openapi: "3.1.0" }, "the address that ./api.json names first"],
])("names the server of a document: %s", async (_what, document, host) => {
  const config = { openapi: { a: { spec: "./api.json", auth: { bearer: "${T}" } } } };
  expect(await ask(config, JSON.stringify(document))).toContain(`a: T → ${host}`);
});

test.each(["\u001B[2J", "\u202E", "\u200B", "\u00AD", "\u{E0041}", "\u3164", "\u2028", "\r", "\u00A0"])(
  "%j does not reach the terminal",
  async (char) => {
    const question = await ask({ mcpServers: { [`a${char}`.slice(0, 60)]: { command: `x${char}y` } } }).catch(
      () => "",
    );
    const shown = question === "" ? await ask({ mcpServers: { a: { command: `x${char}y` } } }) : question;
    expect(shown.replaceAll("\n", "")).not.toMatch(
      /[\p{C}\p{Default_Ignorable_Code_Point}\u2028\u2029\u00A0]/u,
    );
    expect(shown).toMatch(/x⟨U\+[0-9A-F]+⟩/);
  },
);
