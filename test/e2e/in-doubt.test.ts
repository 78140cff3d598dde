/**
 * A payment is sent, the host is killed before the answer comes, and a person says what became of it: with the official
 * client of both eras, at the command line and at a terminal.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "@modelcontextprotocol/client";
import type { CallToolResult, ElicitResult } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { runDocumentSchema } from "../../src/spec/run.ts";
import type { RunDocument } from "../../src/spec/run.ts";
import { cliFile, documentOf, isolatedEnvironment, root, runCli, startCli } from "../fixtures/built-cli.ts";

/** Real programs, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const code = `
const { receipt } = await tools.bank.pay({ amount: 7 }).catch((error) => ({ receipt: error.code }));
return { receipt };`;

interface Doubt {
  readonly env: { [name: string]: string };
  readonly config: readonly string[];
  readonly runId: string;
  /** Amounts that the bank has taken. */
  readonly payments: () => string[];
}

const server = join(root, "test/fixtures/mcp/paying-stdio.ts");

/** A host is killed while its one payment is under way. */
async function killBetween(): Promise<Doubt> {
  const env = isolatedEnvironment();
  const home = env["HOME"] ?? "";
  const file = join(home, "codemode.json");
  const bank = { command: process.execPath, args: ["--no-warnings", server, home] };
  writeFileSync(file, JSON.stringify({ mcpServers: { bank }, policy: "allow-all" }));
  writeFileSync(join(home, "hang"), "");
  const payments = (): string[] =>
    existsSync(join(home, "payments")) ? readFileSync(join(home, "payments"), "utf8").trim().split("\n") : [];
  const config = ["--config", file];
  const host = startCli(["run", "-", "--json", ...config], { env });
  host.stdin.end(code);
  await vi.waitFor(() => expect(payments()).toEqual(["7"]), { timeout: 60_000 });
  const gone = new Promise((done) => host.once("close", done));
  host.kill("SIGKILL");
  await gone;
  rmSync(join(home, "hang"));
  // A dead host's lease runs out by itself; a test does not wait for that.
  const store = new DatabaseSync(join(env["XDG_STATE_HOME"] ?? "", "codemode", "state.db"), {
    timeout: 5_000,
  });
  store.exec("UPDATE runs SET lease_until = 0");
  const { run_id: runId } = store.prepare("SELECT run_id FROM runs").get() as { run_id: string };
  store.close();
  return { env, config, runId, payments };
}

interface Way {
  readonly content: { readonly [field: string]: string };
  readonly document: object;
  readonly payments: readonly string[];
}

const left = { status: "completed", result: { receipt: "approval_rejected" }, writes: [{ state: "error" }] };
const ways: readonly (readonly [string, Way])[] = [
  [
    "it happened, with its result",
    {
      content: { doubt_1: "happened", result_1: '{"receipt":41}' },
      document: { status: "completed", result: { receipt: 41 }, writes: [{ state: "done" }] },
      payments: ["7"],
    },
  ],
  [
    "send it again",
    {
      content: { doubt_1: "send_again" },
      document: { status: "completed", result: { receipt: 2 }, writes: [{ state: "done" }] },
      payments: ["7", "7"],
    },
  ],
  ["it did not happen", { content: { doubt_1: "did_not_happen" }, document: left, payments: ["7"] }],
  [
    "stop",
    {
      content: { doubt_1: "stop", comment: "ask the bank" },
      document: {
        status: "rejected",
        error: { code: "approval_rejected", message: expect.stringContaining("ask the bank") as string },
        writes: [{ state: "in_doubt" }],
      },
      payments: ["7"],
    },
  ],
  ["leave it open", { content: { doubt_1: "leave_open" }, document: { status: "paused" }, payments: ["7"] }],
];

describe.each([
  ["2026-07-28", { mode: { pin: "2026-07-28" } }],
  ["initialize", { mode: "legacy" }],
] as const)("a payment in doubt, told by a client of the %s era:", (_era, versionNegotiation) => {
  test.each(ways)("%s", async (_way, { content, document, payments }) => {
    const doubt = await killBetween();
    const client = new Client(
      { name: "test", version: "1" },
      { capabilities: { elicitation: { form: {} } }, versionNegotiation },
    );
    onTestFinished(() => client.close());
    const asked: string[] = [];
    client.setRequestHandler("elicitation/create", ({ params }): ElicitResult => {
      asked.push(params.message);
      return { action: "accept", content: { ...content } };
    });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [cliFile, "serve", "--stdio", ...doubt.config],
        env: doubt.env,
        stderr: "ignore",
      }),
    );
    const result: CallToolResult = await client.callTool({
      name: "execute",
      arguments: { resume: doubt.runId },
    });
    const run: RunDocument = runDocumentSchema.parse(result._meta?.["codemode/run"]);
    expect(run).toMatchObject(document);
    expect(doubt.payments()).toEqual(payments);
    expect(asked[0]).toContain("It was sent, and nobody knows whether it happened.");
  });
});

describe("a payment in doubt, told at the command line:", () => {
  test.each([
    ["it happened, with its result", ["answer", "--value", '{"receipt":41}'], 0, ways[0]?.[1]],
    ["send it again", ["reject", "--send-again"], 0, ways[1]?.[1]],
    ["it did not happen", ["reject"], 0, ways[2]?.[1]],
    ["stop", ["reject", "--stop", "--comment", "ask the bank"], 1, ways[3]?.[1]],
  ] as const)("%s", async (_way, [command, ...flags], exit, way) => {
    const { env, config, runId, payments } = await killBetween();
    const resumed = await runCli(["resume", runId, "--json", ...config], { env });
    expect(resumed.code).toBe(3);
    const finished = await runCli([command, runId, ...flags, "--json", ...config], { env });
    expect(finished.code, finished.stderr).toBe(exit);
    expect(documentOf(finished, runDocumentSchema)).toMatchObject(way?.document ?? {});
    expect(payments()).toEqual(way?.payments);
  });

  test("a run that asks for approvals only has nothing to send again", async () => {
    const env = isolatedEnvironment();
    const file = join(env["HOME"] ?? "", "codemode.json");
    const bank = { command: process.execPath, args: ["--no-warnings", server, env["HOME"]] };
    writeFileSync(file, JSON.stringify({ mcpServers: { bank } }));
    const config = ["--config", file];
    const paused = await runCli(["run", "-", "--json", ...config], { env, input: code });
    const { runId } = documentOf(paused, runDocumentSchema);
    const finished = await runCli(["reject", runId, "--send-again", "--json", ...config], { env });
    expect([finished.code, finished.stderr]).toEqual([1, expect.stringContaining("approval_not_pending")]);
  });
});

test.each([
  ["h", ['{"receipt":41}'], { receipt: 41 }, ["7"]],
  ["a", [], { receipt: 2 }, ["7", "7"]],
  ["n", ["not paid"], { receipt: "approval_rejected" }, ["7"]],
] as const)("a payment in doubt, told at a terminal: %s", async (key, words, result, taken) => {
  const { env, config, runId, payments } = await killBetween();
  const quoted = [process.execPath, cliFile, "resume", runId, ...config].map((each) => `'${each}'`).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--command", quoted, "/dev/null"], {
    cwd: root,
    env: { ...env, TERM: "xterm", SHELL: "/bin/sh" },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const typed = [key, ...words];
  let screen = "";
  let from = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    screen += chunk.toString();
    const prompt = /(Answer \[l\]|may be empty\)):/g;
    prompt.lastIndex = from;
    if (!prompt.test(screen)) return;
    from = prompt.lastIndex;
    child.stdin.write(`${typed.shift() ?? ""}\r`);
  });
  expect(await new Promise((done) => child.once("close", done)), screen).toBe(0);
  expect(screen.replaceAll(/\s/g, "")).toContain(JSON.stringify(result));
  expect(payments()).toEqual(taken);
});
