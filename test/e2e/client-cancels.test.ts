/**
 * A client that cancels `execute`, or goes away in its middle: the snippet and its calls upstream stop. Real servers over
 * standard input and output and over HTTP, with the official client of both eras.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import {
  cliFile,
  documentOf,
  isolatedEnvironment,
  root,
  runCli,
  startCli,
  untilOutput,
} from "../fixtures/built-cli.ts";

/** Real programs, on a machine that may be busy. */
vi.setConfig({ testTimeout: 180_000 });

const runsSchema = z.looseObject({ runs: z.array(z.looseObject({ status: z.string() })) });

interface Place {
  readonly env: { [name: string]: string };
  readonly config: readonly string[];
  readonly payments: () => string[];
  /** That the gate was reached, and told to stop. */
  readonly gate: () => string[];
}

function place(): Place {
  const env = isolatedEnvironment();
  const home = env["HOME"] ?? "";
  const file = join(home, "codemode.json");
  const args = ["--no-warnings", join(root, "test/fixtures/mcp/paying-stdio.ts"), home];
  const bank = { command: process.execPath, args };
  // A write under way is waited for, for a while; a read is called off at once.
  const sources = { bank: { effects: { gate: "read" } } };
  writeFileSync(file, JSON.stringify({ mcpServers: { bank }, sources, policy: "allow-all" }));
  const linesOf = (name: string): string[] =>
    existsSync(join(home, name)) ? readFileSync(join(home, name), "utf8").trim().split("\n") : [];
  return {
    env,
    config: ["--config", file],
    payments: () => linesOf("payments"),
    gate: () => linesOf("gate"),
  };
}

/** Pays once, then waits at a gate that nobody opens, and would pay for ever after it. */
const code = `
await tools.bank.pay({ amount: 1 });
await tools.bank.gate({}).catch(() => undefined);
for (;;) await tools.bank.pay({ amount: 2 });`;

async function expectStopped({ env, config, payments }: Place): Promise<void> {
  await vi.waitFor(
    async () => {
      const { runs } = documentOf(await runCli(["runs", "--json", ...config], { env }), runsSchema);
      expect(runs).toMatchObject([{ status: "cancelled" }]);
    },
    { timeout: 60_000 },
  );
  expect(payments(), "nothing was sent after it").toEqual(["1"]);
}

describe.each([
  ["2026-07-28", { mode: { pin: "2026-07-28" } }],
  ["initialize", { mode: "legacy" }],
] as const)("a client of the %s era", (era, versionNegotiation) => {
  const createClient = (): Client => {
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation });
    onTestFinished(() => client.close());
    return client;
  };
  const overStdio = async (client: Client, { env, config }: Place): Promise<void> => {
    const args = [cliFile, "serve", "--stdio", ...config];
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args, env, stderr: "ignore" }),
    );
  };
  const overHttp = async (client: Client, { env, config }: Place): Promise<void> => {
    const server = startCli(["serve", "--port", "0", ...config], { env });
    const url = /http:\S+\/mcp/.exec(await untilOutput(server, /ready, \d+ tools/))?.[0] ?? "";
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  };

  test.each([
    ["standard input and output", overStdio],
    ["HTTP", overHttp],
  ])("cancels over %s", async (_name, connect) => {
    const here = place();
    const client = createClient();
    await connect(client, here);
    const cancel = new AbortController();
    const call = client.callTool({ name: "execute", arguments: { code } }, { signal: cancel.signal });
    const failed = expect(call).rejects.toThrow();
    await vi.waitFor(() => expect(here.gate()).toEqual(["reached"]), { timeout: 60_000 });
    cancel.abort();
    await failed;
    await vi.waitFor(() => expect(here.gate()).toEqual(["reached", "stopped"]), { timeout: 60_000 });
    await expectStopped(here);
    // The session itself goes on.
    expect((await client.listTools()).tools.length).toBeGreaterThan(0);
  });

  // Of the older era a stream that breaks off says nothing: its client may come back.
  test.each([
    ["standard input and output", overStdio],
    ...(era === "initialize" ? [] : [["HTTP", overHttp] as const]),
  ] as const)("goes away over %s", async (_name, connect) => {
    const here = place();
    const client = createClient();
    await connect(client, here);
    const call = client.callTool({ name: "execute", arguments: { code } });
    const failed = expect(call).rejects.toThrow();
    await vi.waitFor(() => expect(here.gate()).toEqual(["reached"]), { timeout: 60_000 });
    await client.close();
    await failed;
    await expectStopped(here);
  });
});
