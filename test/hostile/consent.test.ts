/**
 * A folder that somebody else wrote: whatever its configuration would start, read, send or loosen is shown before it
 * counts, and nothing of it happens before a person has agreed to exactly that.
 */
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../src/surfaces/cli/config/load-config.ts";
import { isolatedEnvironment, runCli } from "../fixtures/built-cli.ts";

interface Lair {
  readonly env: { readonly [name: string]: string };
  readonly cwd: string;
  /** Appears when something of the folder was run. */
  readonly trace: string;
  readonly put: (name: string, content: string | object) => void;
  /** What a person is shown; agrees. */
  readonly agree: () => Promise<string>;
  /** As where nobody can be asked. */
  readonly load: () => Promise<unknown>;
}

function lair(): Lair {
  const env = isolatedEnvironment();
  const home = env["HOME"] ?? "";
  const cwd = mkdtempSync(join(home, "cloned-"));
  const found = { workingFolder: cwd, host: { env, platform: process.platform, home } };
  return {
    env,
    cwd,
    trace: join(home, "trace"),
    put: (name, content) => {
      mkdirSync(join(cwd, name, ".."), { recursive: true });
      writeFileSync(join(cwd, name), typeof content === "string" ? content : JSON.stringify(content));
    },
    agree: async () => {
      let shown = "";
      await loadConfig({ ...found, ask: async (question) => ((shown = question), true) });
      return shown;
    },
    load: () => loadConfig(found),
  };
}

const node = process.execPath;
const touch = (trace: string): string => `require("node:fs").writeFileSync(${JSON.stringify(trace)}, "")`;
const api = {
  openapi: "3.1.0",
  info: { title: "a", version: "1" },
  paths: { "/x": { get: { operationId: "x" } } },
};

/** Ways in which a configuration runs something, each told apart from the others by where it stands. */
const programs: readonly (readonly [string, (command: string[]) => object])[] = [
  ["a server", ([command, ...args]) => ({ mcpServers: { a: { command, args } } })],
  [
    "a bearer token's command",
    (command) => ({
      openapi: { a: { spec: "a.json", baseUrl: "http://127.0.0.1:9", auth: { bearer: { command } } } },
    }),
  ],
  [
    "a scheme's command",
    (command) => ({
      openapi: {
        a: { spec: "a.json", baseUrl: "http://127.0.0.1:9", auth: { schemes: { k: { command } } } },
      },
    }),
  ],
  [
    "the store's key",
    ([...command]) => ({ mcpServers: { a: { command: "true" } }, store: { key: { command } } }),
  ],
];

describe.each(programs)("what %s starts", (_what, toConfig) => {
  it("is not started before anybody has agreed, and is shown whole", async () => {
    const { trace, put, agree, load } = lair();
    const padding = "#".repeat(3_000);
    put("a.json", api);
    put("codemode.json", toConfig([node, "-e", `/*${padding}*/${touch(trace)}`]));
    await expect(load()).rejects.toMatchObject({ code: "config_consent_required" });
    expect(existsSync(trace)).toBe(false);
    expect(await agree()).toContain(JSON.stringify(trace).slice(1, -1));
  });

  it("is not started from a file of the folder that has changed since", async () => {
    const { trace, put, agree, load } = lair();
    put("a.json", api);
    put("run.js", 'require("./lib/inner")');
    put("lib/inner.js", "process.exit(1)");
    put("codemode.json", toConfig([node, "run.js"]));
    expect(await agree()).toContain("lib/inner.js");
    put("lib/inner.js", touch(trace));
    await expect(load()).rejects.toMatchObject({ code: "config_consent_required" });
    expect(existsSync(trace)).toBe(false);
  });
});

it("every command asks first", async () => {
  const { env, cwd, trace, put } = lair();
  put("codemode.json", { mcpServers: { a: { command: node, args: ["-e", touch(trace)] } } });
  const commands = [["tools"], ["doctor"], ["runs"], ["serve", "--stdio"], ["approvals"], ["search", "x"]];
  const finished = await Promise.all(commands.map((command) => runCli(command, { cwd, env })));
  for (const { code, stdout, stderr } of finished) {
    expect(code).toBe(2);
    expect(stdout + stderr).toContain("config_consent_required");
  }
  expect(existsSync(trace)).toBe(false);
});

describe("where a secret goes", () => {
  it.each([
    [
      "an API",
      (host: string) => ({ openapi: { a: { spec: "a.json", baseUrl: host, auth: { bearer: "${TOKEN}" } } } }),
    ],
    [
      "a server",
      (host: string) => ({ mcpServers: { a: { url: `${host}/mcp`, headers: { A: "${TOKEN}" } } } }),
    ],
    [
      "a token's server",
      (host: string) => ({
        openapi: {
          a: {
            spec: "a.json",
            baseUrl: "https://fine.example",
            auth: { oauth2: { clientId: "x", clientSecret: "${TOKEN}", tokenUrl: host } },
          },
        },
      }),
    ],
    ["an address itself", (host: string) => ({ mcpServers: { a: { url: `${host}/?t=\${TOKEN}` } } })],
  ])("is shown, and asked about again when it changes: %s", async (_what, toConfig) => {
    const { put, agree, load } = lair();
    put("a.json", api);
    put("codemode.json", toConfig("https://fine.example"));
    expect(await agree()).toMatch(/TOKEN → .*https:\/\/fine\.example/);
    put("codemode.json", toConfig("https://stranger.example"));
    await expect(load()).rejects.toMatchObject({ code: "config_consent_required" });
    expect(await agree()).toMatch(/TOKEN → .*https:\/\/stranger\.example/);
  });

  it("is asked about again when the document that names it changes", async () => {
    const { put, agree, load } = lair();
    put("a.json", { ...api, servers: [{ url: "https://fine.example" }] });
    put("codemode.json", { openapi: { a: { spec: "a.json", auth: { bearer: "${TOKEN}" } } } });
    expect(await agree()).toContain("TOKEN → https://fine.example");
    put("a.json", { ...api, servers: [{ url: "https://stranger.example" }] });
    await expect(load()).rejects.toMatchObject({ code: "config_consent_required" });
  });
});

it("an agreement to servers that came with the folder is not taken from init", async () => {
  const { env, cwd, trace, put } = lair();
  put(".mcp.json", { mcpServers: { a: { command: node, args: ["-e", touch(trace)] } } });
  put(".vscode/mcp.json", { servers: { b: { command: node, args: ["-e", touch(trace)] } } });
  expect((await runCli(["init"], { cwd, env })).code).toBe(0);
  expect((await runCli(["tools"], { cwd, env })).stderr).toContain("config_consent_required");
  expect(existsSync(trace)).toBe(false);
});
