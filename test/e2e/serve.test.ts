import { execFileSync } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { CallToolResult } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, onTestFinished, test } from "vitest";
import { runDocumentSchema } from "../../src/spec/run.ts";
import {
  cliFile,
  isolatedEnvironment,
  quickstart,
  root,
  runCli,
  startCli,
  untilFinished,
  untilOutput,
} from "../fixtures/built-cli.ts";

const config = ["--config", quickstart];
const eras = [
  ["2026-07-28", { mode: { pin: "2026-07-28" } }],
  ["initialize", { mode: "legacy" }],
] as const;

/** Calls two servers in parallel, filters, and answers with a small value. */
const program = `
const [orders, customers, sum] = await Promise.all([
  tools.files.read_text_file({ path: "orders.csv" }),
  tools.files.read_text_file({ path: "customers.json" }),
  tools.everything.get_sum({ a: 40, b: 2 }),
]);
const ada = orders.content.split("\\n").filter((line) => line.includes(",Ada,"));
return { orders: ada.length, customers: JSON.parse(customers.content).length, sum: JSON.stringify(sum).includes("42") };
`;

function textOf({ content }: CallToolResult): string {
  expect(content).toHaveLength(1);
  const [block] = content;
  return block?.type === "text" ? block.text : "(no text)";
}

async function useBothTools(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  expect(tools.map((tool) => tool.name)).toEqual(["search", "execute"]);
  expect(encode(JSON.stringify(tools)).length).toBeLessThanOrEqual(700);
  const found = textOf(await client.callTool({ name: "search", arguments: { query: "read a text file" } }));
  expect(found).toContain("files.read_text_file");
  const run = await client.callTool({ name: "execute", arguments: { code: program } });
  const document = runDocumentSchema.parse(run._meta?.["codemode/run"]);
  expect(document).toMatchObject({ status: "completed", result: { orders: 3, customers: 4, sum: true } });
  expect(document.calls).toHaveLength(3);
  expect(textOf(run)).toContain("3");
  const wrong = await client.callTool({
    name: "execute",
    arguments: { code: "return tools.files.read_txt_file({ path: 'x' })" },
  });
  expect(wrong.isError).toBe(true);
  expect(textOf(wrong)).toContain("read_text_file");
}

describe.each(eras)("the official client of the %s era", (_era, versionNegotiation) => {
  test("over standard input and output", async () => {
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation });
    onTestFinished(() => client.close());
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [cliFile, "serve", "--stdio", ...config],
        env: isolatedEnvironment(),
        stderr: "ignore",
      }),
    );
    await useBothTools(client);
  });

  test("over HTTP", async () => {
    const { url } = await serve();
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation });
    onTestFinished(() => client.close());
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    await useBothTools(client);
    expect(client.getInstructions()).toMatch(/files[^]*everything|everything[^]*files/);
  });
});

interface Serving {
  readonly child: ChildProcessWithoutNullStreams;
  readonly url: string;
}

async function serve(env = isolatedEnvironment()): Promise<Serving> {
  const child = startCli(["serve", "--port", "0", ...config], { env });
  const output = await untilOutput(child, /(ready, \d+ tools[^]*){3}/);
  return { child, url: /http:\S+\/mcp/.exec(output)?.[0] ?? "" };
}

test("what a person sees: the address, the sources, and how to add it to clients", async () => {
  const child = startCli(["serve", "--port", "0", ...config]);
  const finished = untilFinished(child);
  const output = await untilOutput(child, /(ready, \d+ tools[^]*){3}/);
  expect(output).toMatch(/MCP endpoint: http:\/\/127\.0\.0\.1:\d+\/mcp/);
  for (const name of ["everything", "files", "memory"])
    expect(output).toMatch(new RegExp(`${name} +ready, \\d+ tools`));
  for (const client of ["claude mcp add", "codex mcp add", ".cursor/mcp.json", "code --add-mcp"])
    expect(output).toContain(client);
  child.kill("SIGTERM");
  expect((await finished).code).toBe(0);
});

test("over standard input and output, only messages are written there", async () => {
  const child = startCli(["serve", "--stdio", ...config]);
  const finished = untilFinished(child);
  const answered = untilOutput(child, /"id":2/);
  const send = (message: object): void =>
    void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  send({
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
  });
  send({ method: "notifications/initialized" });
  send({
    id: 2,
    method: "tools/call",
    params: { name: "execute", arguments: { code: "console.log('x'); return 1" } },
  });
  await answered;
  child.stdin.end();
  const { code, stdout } = await finished;
  expect(code).toBe(0);
  for (const line of stdout.trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
});

describe("the end", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("by %s leaves no process behind", async (signal) => {
    const { child } = await serve();
    const finished = untilFinished(child);
    const children = descendants(child.pid ?? 0);
    expect(children.length).toBeGreaterThanOrEqual(3);
    child.kill(signal);
    expect((await finished).code).toBe(0);
    await expect.poll(() => children.filter(isAlive), { timeout: 5_000 }).toEqual([]);
  });

  test("by the client's end of input leaves no process behind", async () => {
    const child = startCli(["serve", "--stdio", ...config]);
    const finished = untilFinished(child);
    await expect
      .poll(() => descendants(child.pid ?? 0).length, { timeout: 15_000 })
      .toBeGreaterThanOrEqual(3);
    const children = descendants(child.pid ?? 0);
    child.stdin.end();
    expect((await finished).code).toBe(0);
    await expect.poll(() => children.filter(isAlive), { timeout: 5_000 }).toEqual([]);
  });

  test("by SIGKILL leaves no process behind", async () => {
    const { child, url } = await serve();
    const client = new Client({ name: "test", version: "1" });
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    await client.callTool({ name: "execute", arguments: { code: "return 1" } });
    const children = descendants(child.pid ?? 0);
    child.kill("SIGKILL");
    await expect.poll(() => children.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });

  test("of a run by SIGINT is a cancelled run", async () => {
    const child = startCli(["run", "-", "--json", ...config]);
    const finished = untilFinished(child);
    child.stdin.end("await tools.everything.trigger_long_running_operation({ duration: 60, steps: 60 });");
    await expect
      .poll(() => descendants(child.pid ?? 0).length, { timeout: 15_000 })
      .toBeGreaterThanOrEqual(2);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    child.kill("SIGINT");
    const { code, stdout } = await finished;
    expect(code).toBe(130);
    expect(runDocumentSchema.parse(JSON.parse(stdout))).toMatchObject({ status: "cancelled" });
  });
});

test("a port in use is a clear error", async () => {
  const { url } = await serve();
  const { port } = new URL(url);
  const finished = await runCli(["serve", "--port", port, ...config]);
  expect(finished.code).toBe(2);
  expect(finished.stderr).toContain(`port_in_use: Port ${port}`);
});

test("beyond loopback nothing starts without a token", async () => {
  const finished = await runCli(["serve", "--host", "0.0.0.0", "--port", "0", ...config]);
  expect(finished.code).toBe(2);
  expect(finished.stderr).toContain("bind_requires_token");
});

describe("the official inspector", () => {
  const inspect = (...args: string[]): unknown => {
    const program = join(root, "node_modules/.bin/mcp-inspector-cli");
    const output = execFileSync(program, ["--cli", ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return JSON.parse(output);
  };

  test("lists and calls both tools", async () => {
    const { url } = await serve();
    expect(inspect(url, "--method", "tools/list")).toMatchObject({
      tools: [{ name: "search" }, { name: "execute" }],
    });
    const found = inspect(
      url,
      "--method",
      "tools/call",
      "--tool-name",
      "search",
      "--tool-arg",
      "query=sum of two numbers",
    );
    expect(JSON.stringify(found)).toContain("everything.get_sum");
    const ran = inspect(
      url,
      "--method",
      "tools/call",
      "--tool-name",
      "execute",
      "--tool-arg",
      "code=return 6 * 7",
    );
    expect(JSON.stringify(ran)).toContain("42");
  });
});

/** Pids of all processes below one, by /proc. */
function descendants(pid: number): number[] {
  const parents = readdirSync("/proc").flatMap((name) => {
    const child = Number(name);
    if (!Number.isInteger(child)) return [];
    const parent = parentOf(child);
    return parent === undefined ? [] : [[child, parent] as const];
  });
  const below = (of: number): number[] =>
    parents.filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state = "", parent = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  return parentOf(pid) !== undefined;
}
