import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import {
  cliFile,
  documentOf,
  isolatedEnvironment,
  root,
  runCli,
  startCli,
  toolsSchema,
  untilFinished,
} from "../fixtures/built-cli.ts";

const fixture = (name: string, ...args: string[]): object => ({
  command: process.execPath,
  args: ["--no-warnings", join(root, "test/fixtures/mcp", name), ...args],
});

let env: { readonly [name: string]: string };
let file: string;

/** Beside a sound server one that never answers, one that ends at once, and one that lacks a variable. */
function configure(startMs: number): void {
  writeFileSync(
    file,
    JSON.stringify({
      mcpServers: {
        good: fixture("stating-stdio.ts"),
        hanging: fixture("bad-start.ts", "silent"),
        crashing: fixture("bad-start.ts", "crash"),
        bare: { ...fixture("stating-stdio.ts"), env: { T: "${CODEMODE_TEST_MISSING}" } },
      },
      sources: { hanging: { startMs } },
    }),
  );
}

beforeEach(() => {
  env = isolatedEnvironment();
  file = join(mkdtempSync(join(env["HOME"] ?? "", "slow-")), "codemode.json");
});

async function took<T>(work: Promise<T>): Promise<readonly [T, number]> {
  const began = performance.now();
  return [await work, performance.now() - began];
}

/** Sixty seconds for the hanging one: whatever waited for it would be noticed. */
const ages = 60_000;
const searchSchema = z.object({
  results: z.array(z.object({ path: z.string() })),
  missing: z.array(z.object({ name: z.string(), state: z.string(), reason: z.string() })),
});

test("a search is answered from what is ready, and says what is missing", async () => {
  configure(ages);
  // The state of a slow machine's start is not what is measured: what is known is asked again.
  await runCli(["search", "silent one", "--config", file], { env });
  const [finished, ms] = await took(runCli(["search", "silent one", "--json", "--config", file], { env }));
  expect(ms).toBeLessThan(15_000);
  const { results, missing } = documentOf(finished, searchSchema);
  expect(results[0]?.path).toBe("good.get_silent_one");
  expect(missing).toEqual(
    expect.arrayContaining([
      { name: "bare", state: "down", reason: "down, set CODEMODE_TEST_MISSING" },
      { name: "hanging", state: "starting", reason: "starting" },
    ]),
  );
});

test("the list of tools waits for as long as a source may take, and says what its process said", async () => {
  configure(1_000);
  const [finished, ms] = await took(runCli(["tools", "--json", "--config", file], { env }));
  expect(ms).toBeLessThan(20_000);
  const { sources } = documentOf(finished, toolsSchema);
  expect(sources).toMatchObject([
    { name: "good", state: "ready", tools: 7 },
    {
      name: "hanging",
      state: "failed",
      reason: expect.stringMatching(
        /did not answer within 1000 ms.*waiting for the database.*sources\.hanging\.startMs/,
      ),
    },
    {
      name: "crashing",
      state: "failed",
      reason: expect.stringMatching(/Error: TOKEN \(none\) is not valid/),
    },
    { name: "bare", state: "failed", reason: expect.stringContaining("CODEMODE_TEST_MISSING") },
  ]);
});

test("doctor looks at everything at once", async () => {
  configure(3_000);
  const [finished, ms] = await took(runCli(["doctor", "--config", file], { env }));
  expect(ms).toBeLessThan(30_000);
  expect(finished.code).toBe(1);
  expect(finished.stdout).toContain("a snippet ran in");
  expect(finished.stdout).toContain("snippets are type-checked");
  expect(finished.stdout).toContain("waiting for the database");
});

test("a program that has nothing to do with a slow source does not wait for it", async () => {
  configure(ages);
  const child = startCli(["run", "-", "--json", "--config", file], { env });
  child.stdin.end("return await tools.good.list_stated({})");
  const [finished, ms] = await took(untilFinished(child));
  expect(ms).toBeLessThan(20_000);
  expect(JSON.parse(finished.stdout)).toMatchObject({
    status: "completed",
    result: expect.stringContaining("list_stated"),
  });
});

describe("Ctrl-C ends a start within a second", () => {
  test.each([
    ["tools"],
    ["doctor"],
    ["search", "x"],
    ["types"],
    ["call", "hanging.echo"],
    ["run", "-"],
    ["describe", "hanging.echo"],
  ])("%s", async (...command) => {
    configure(ages);
    const child = startCli([...command, "--config", file], { env });
    child.stdin.end("return await tools.hanging.echo({})");
    const finished = untilFinished(child);
    await expect
      .poll(() => servers(child.pid ?? 0).length, { timeout: 20_000, interval: 20 })
      .toBeGreaterThan(0);
    const children = servers(child.pid ?? 0);
    const began = performance.now();
    child.kill("SIGINT");
    const { code, stderr } = await finished;
    // A second, and what a machine adds to it that has much else to do.
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(code).toBe(130);
    expect(stderr).not.toMatch(/\n\s+at |internal:/);
    await expect.poll(() => children.filter(isAlive), { timeout: 5_000 }).toEqual([]);
  });
});

/** The servers that a program has started and that never answer. */
function servers(parent: number): number[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [pid = 0, ppid = 0] = line.trim().split(/\s+/).map(Number);
    return ppid === parent && line.includes("bad-start.ts silent") ? [pid] : [];
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a session on a cold start is told of every source, and so is whoever asks", async () => {
  configure(ages);
  const client = new Client({ name: "test", version: "1" });
  onTestFinished(() => client.close());
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cliFile, "serve", "--stdio", "--config", file, "--log", "silent"],
    env: { ...env },
  });
  await client.connect(transport);
  const instructions = client.getInstructions() ?? "";
  expect(instructions).not.toContain("No source offers any tool");
  expect(instructions).toMatch(/hanging: starting/);
  const text = async (name: string, args: { [key: string]: string }): Promise<string> => {
    const { content } = await client.callTool({ name, arguments: args });
    const [first] = content;
    return first?.type === "text" ? first.text : "";
  };
  const [found, ms] = await took(text("search", { query: "silent one" }));
  // Two seconds of patience, and what a machine adds to it that has much else to do.
  expect(ms).toBeLessThan(15_000);
  expect(found).toContain("good.get_silent_one");
  expect(found).toContain("bare: down, set CODEMODE_TEST_MISSING");
  expect(found).toMatch(/crashing: down, exited with code 1.*TOKEN \(none\) is not valid/);
  expect(await text("search", { query: "anything", source: "hanging" })).toContain("hanging: starting");
  const checked = await text("execute", { code: "return await tools.bare.get_silent_one({})" });
  expect(checked).toContain("The source bare offers nothing now: down, set CODEMODE_TEST_MISSING.");
  const described = await text("execute", { code: 'return await codemode.describe("bare")' });
  expect(described).toContain("bare: down, set CODEMODE_TEST_MISSING");
});
