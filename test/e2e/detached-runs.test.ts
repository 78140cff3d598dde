/**
 * Runs that nobody waits for: they outlive the request, the client's session and the program that began them, and are
 * found again by their id. Over standard input and output, over HTTP and at the command line.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { CallToolResult } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { runDocumentSchema } from "../../src/spec/run.ts";
import type { RunDocument } from "../../src/spec/run.ts";
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
vi.setConfig({ testTimeout: 120_000 });

/** Pays, waits until the gate is opened by a file, pays again. */
const code = `
await tools.bank.pay({ amount: 1 });
await tools.bank.gate({});
await tools.bank.pay({ amount: 2 });
return "paid twice";`;

interface Place {
  readonly env: { [name: string]: string };
  readonly config: readonly string[];
  readonly open: () => void;
  readonly payments: () => string[];
}

function place(): Place {
  const env = isolatedEnvironment();
  const home = env["HOME"] ?? "";
  const file = join(home, "codemode.json");
  const bank = {
    command: process.execPath,
    args: ["--no-warnings", join(root, "test/fixtures/mcp/paying-stdio.ts"), home],
  };
  const sources = { bank: { effects: { gate: "read" } } };
  writeFileSync(file, JSON.stringify({ mcpServers: { bank }, sources, policy: "allow-all" }));
  return {
    env,
    config: ["--config", file],
    open: () => writeFileSync(join(home, "open"), ""),
    payments: () =>
      existsSync(join(home, "payments"))
        ? readFileSync(join(home, "payments"), "utf8").trim().split("\n")
        : [],
  };
}

const paidTwice = { status: "completed", result: "paid twice" };
const runOf = ({ _meta }: CallToolResult): RunDocument => runDocumentSchema.parse(_meta?.["codemode/run"]);
const execute = async (client: Client, args: object): Promise<RunDocument> =>
  runOf(await client.callTool({ name: "execute", arguments: { ...args } }));

describe.each([
  ["2026-07-28", { mode: { pin: "2026-07-28" } }],
  ["initialize", { mode: "legacy" }],
] as const)("a detached run of a client of the %s era", (_era, versionNegotiation) => {
  const createClient = (): Client => {
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation });
    onTestFinished(() => client.close());
    return client;
  };

  test("outlives the session over HTTP, and another session waits for it", async () => {
    const { env, config, open, payments } = place();
    const server = startCli(["serve", "--port", "0", ...config], { env });
    const url = new URL(/http:\S+\/mcp/.exec(await untilOutput(server, /ready, \d+ tools/))?.[0] ?? "");
    const first = createClient();
    await first.connect(new StreamableHTTPClientTransport(url));
    const { runId, status } = await execute(first, { code, detach: true });
    expect(status).toBe("running");
    await vi.waitFor(() => expect(payments()).toEqual(["1"]), { timeout: 30_000 });
    await first.close();
    const second = createClient();
    await second.connect(new StreamableHTTPClientTransport(url));
    const waiting = execute(second, { resume: runId });
    expect(payments()).toEqual(["1"]);
    open();
    expect(await waiting).toMatchObject({ runId, ...paidTwice });
    expect(payments()).toEqual(["1", "2"]);
  });

  test("outlives the program over standard input and output, and the next one continues it", async () => {
    const { env, config, open, payments } = place();
    const connect = async (client: Client): Promise<void> =>
      client.connect(
        new StdioClientTransport({
          command: process.execPath,
          args: [cliFile, "serve", "--stdio", ...config],
          env,
          stderr: "ignore",
        }),
      );
    const first = createClient();
    await connect(first);
    const { runId } = await execute(first, { code, detach: true });
    await vi.waitFor(() => expect(payments()).toEqual(["1"]), { timeout: 30_000 });
    await first.close();
    const kept = await runCli(["show", runId, "--json", ...config], { env });
    expect(documentOf(kept, runDocumentSchema).status).toBe("running");
    open();
    const second = createClient();
    await connect(second);
    expect(await execute(second, { resume: runId })).toMatchObject({ runId, ...paidTwice });
    expect(payments(), "what was paid is not paid again").toEqual(["1", "2"]);
  });

  test("is refused as a dry run", async () => {
    const { env, config } = place();
    const client = createClient();
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [cliFile, "serve", "--stdio", ...config],
        env,
        stderr: "ignore",
      }),
    );
    const refused = await client.callTool({
      name: "execute",
      arguments: { code, detach: true, dryRun: true },
    });
    expect(refused.isError).toBe(true);
    expect(JSON.stringify(refused.content)).toContain("usage");
  });
});

describe("codemode run --detach", () => {
  test("ends at once; resume waits, and the run is there for every other command", async () => {
    const { env, config, open, payments } = place();
    const begun = await runCli(["run", "-", "--detach", "--json", ...config], { env, input: code });
    expect(begun.code, begun.stderr).toBe(0);
    const { runId } = documentOf(begun, runDocumentSchema);
    await vi.waitFor(() => expect(payments()).toEqual(["1"]), { timeout: 30_000 });
    const waiting = runCli(["resume", runId, "--json", ...config], { env });
    open();
    const finished = await waiting;
    expect(finished.code, finished.stderr).toBe(0);
    expect(documentOf(finished, runDocumentSchema)).toMatchObject({ runId, ...paidTwice });
    expect(payments()).toEqual(["1", "2"]);
  });

  test("can be cancelled", async () => {
    const { env, config, payments } = place();
    const begun = await runCli(["run", "-", "--detach", ...config], { env, input: code });
    const runId = begun.stdout.trim();
    await vi.waitFor(() => expect(payments()).toEqual(["1"]), { timeout: 30_000 });
    expect((await runCli(["cancel", runId, ...config], { env })).code).toBe(0);
    const shown = await runCli(["show", runId, "--json", ...config], { env });
    expect(documentOf(shown, runDocumentSchema).status).toBe("cancelled");
  });

  test.each([
    ["a dry run", { flags: ["--dry-run"] }, "usage"],
    ["a configuration that is wrong", { text: `{ "polcy": 1 }` }, "config_invalid"],
    ["a program that is not there", { file: "absent.ts" }, "usage"],
  ])("says what is wrong with %s", async (_what, { flags = [], text, file = "-" }: Wrong, words) => {
    const { env, config } = place();
    if (text !== undefined) writeFileSync(config[1] ?? "", text);
    const begun = await runCli(["run", file, "--detach", ...flags, ...config], { env, input: "return 1" });
    expect([begun.code, begun.stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});

interface Wrong {
  readonly flags?: readonly string[];
  readonly text?: string;
  readonly file?: string;
}
