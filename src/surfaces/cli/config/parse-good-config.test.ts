import { describe, expect, test } from "vitest";
import { parseConfig } from "./parse-config.ts";

const file = "/project/codemode.json";
const server = `"mcpServers": { "files": { "command": "node" } }`;

describe("a good configuration", () => {
  test("may have comments, trailing commas and a byte order mark", () => {
    const { config, warnings } = parseConfig(
      `\uFEFF// servers\n{ ${server}, /* none */ "limits": { "calls": 5, }, }`,
      file,
    );
    expect(config).toEqual({ mcpServers: { files: { command: "node" } }, limits: { calls: 5 } });
    expect(warnings).toEqual([]);
  });

  test("takes what users of other clients have", () => {
    const { config } = parseConfig(
      JSON.stringify({
        mcpServers: {
          a: { type: "stdio", command: "npx", args: ["-y", "x"], env: { TOKEN: "${TOKEN}" }, cwd: "~/x" },
          b: { type: "http", url: "https://example.com/mcp", headers: { Authorization: "Bearer ${env:T}" } },
          c: { type: "streamable-http", url: "https://example.com/mcp" },
          d: { type: "sse", url: "https://example.com/sse" },
          "io.github/e": { url: "https://example.com" },
        },
      }).replace("io.github/e", "io-github/e"),
      file,
    );
    expect(Object.keys(config.mcpServers ?? {})).toHaveLength(5);
  });

  test("takes every key of the contract", () => {
    const whole = {
      $schema: "./schema.json",
      mcpServers: { github: { command: "npx" } },
      openapi: {
        cloudflare: { spec: "./cloudflare.json", baseUrl: "https://example.com", auth: { bearer: "${T}" } },
      },
      sources: {
        github: { trusted: true, include: ["*"], exclude: [], rename: {}, effects: { "search_*": "read" } },
      },
      policy: "ask-writes",
      limits: { wallMs: 30_000, cpuMs: 10_000, memoryMb: 128, calls: 1_000 },
      store: "~/.local/state/codemode/state.db",
      sandbox: { engine: "workerd", reuse: true },
      server: { host: "127.0.0.1", port: 4_000 },
      check: "error",
      surface: "auto",
    };
    expect(parseConfig(JSON.stringify(whole), file).config).toEqual(whole);
  });

  test.each(["read-only", "ask-writes", "allow-all", { preset: "read-only" }])(
    "takes the policy %j",
    (policy) => {
      const source = `{ ${server}, "policy": ${JSON.stringify(policy)} }`;
      const parsed = parseConfig(source, file).config.policy;
      expect(parsed).toEqual(typeof policy === "string" ? policy : { ...policy, rules: [] });
    },
  );

  test("warns about keys of other clients in a server's entry, with the place", () => {
    const { warnings } = parseConfig(
      `{ "mcpServers": { "a": { "command": "x",\n  "autoApprove": [], "comand": 1 } } }`,
      file,
    );
    expect(warnings).toEqual([
      "mcpServers.a.autoApprove has no meaning to codemode and is ignored (/project/codemode.json:2:3).",
      'mcpServers.a.comand has no meaning to codemode and is ignored (/project/codemode.json:2:22). Did you mean "command"?',
    ]);
  });
});
