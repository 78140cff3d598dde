/**
 * What a person is told of approvals, on the built program: those that stand and how to take them back, how long a
 * question stays open, with which command it is answered, and which proposal of a snippet is accepted.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { cliFile, isolatedEnvironment, quickstart, runCli } from "../fixtures/built-cli.ts";
import type { Finished } from "../fixtures/built-cli.ts";

const write = (name: string): string =>
  `await tools.memory.create_entities({ entities: [{ name: "${name}", entityType: "person", observations: [] }] }); return 1`;

let env: { [name: string]: string };
let config: string[];

function configure(approvals: object = {}): void {
  const file = join(env["HOME"] ?? "", "codemode.json");
  const text = readFileSync(quickstart, "utf8")
    .replace('"allow-all"', `"ask-writes", "approvals": ${JSON.stringify(approvals)}`)
    .replaceAll("../../node_modules", join(dirname(quickstart), "../../node_modules"))
    .replace('"./files"', JSON.stringify(join(dirname(quickstart), "files")));
  writeFileSync(file, text);
  config = ["--config", file];
}

beforeEach(() => {
  env = isolatedEnvironment();
  configure();
});

const cli = (...args: string[]): Promise<Finished> => runCli([...args, ...config], { env });
const run = async (code: string): Promise<{ runId: string; status: string }> =>
  JSON.parse((await runCli(["run", "-", "--json", ...config], { env, input: code })).stdout) as {
    runId: string;
    status: string;
  };

describe("a standing approval", () => {
  it("is listed, shown, known to policy test, and revoked", async () => {
    const { runId } = await run(write("Ada"));
    const args = JSON.stringify({ entities: [{ name: "Alan", entityType: "person", observations: [] }] });
    const test = ["policy", "test", "memory.create_entities", "--args", args, "--json"];
    expect(JSON.parse((await cli(...test)).stdout)).toMatchObject({ decision: "ask" });
    const match = { "/entities/0/name": { matches: "A*" } };
    await cli("approve", runId, "--for", "2h", "--match", JSON.stringify(match));
    const grant = { runId, seq: 1, path: "memory.create_entities", effect: "write", for: "while", match };
    expect(JSON.parse((await cli("grants", "--json")).stdout)).toMatchObject({ grants: [grant] });
    expect(JSON.parse((await cli("approvals", "--json")).stdout)).toMatchObject({ grants: [grant] });
    expect((await cli("approvals")).stdout).toContain(`${runId}/1 memory.create_entities (write) until`);
    expect(JSON.parse((await cli(...test)).stdout)).toMatchObject({
      decision: "allow",
      policy: "ask",
      grant: { runId },
    });
    const other = test.map((each) => each.replace("Alan", "Grace"));
    expect(JSON.parse((await cli(...other)).stdout)).toMatchObject({ decision: "ask" });
    expect((await run(write("Alan"))).status).toBe("completed");
    expect(await cli("grants", "revoke", `${runId}/1`)).toMatchObject({
      code: 0,
      stdout: `${runId}/1 revoked\n`,
    });
    expect(await cli("grants", "revoke", `${runId}/1`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("grant_not_found") as string,
    });
    expect((await run(write("Anna"))).status).toBe("paused");
    expect(JSON.parse((await cli(...test)).stdout)).toMatchObject({ decision: "ask" });
  }, 120_000);

  it.each([
    [["grants", "keep"], "keep"],
    [["grants", "revoke"], "<run>/<call>"],
    [["grants", "revoke", "run_1"], "<run>/<call>"],
  ])("is not named by %j", async (args, told) => {
    expect(await cli(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(told) as string });
  });
});

describe("a question", () => {
  it.each([
    [999, 2],
    [1_000, 0],
    [31_536_000_000, 0],
    [31_536_000_001, 2],
  ])("may stay open for %i ms: exit code %i", async (expiresMs, code) => {
    configure({ expiresMs });
    expect(await cli("approvals")).toMatchObject({ code });
  });

  it("is closed once its time is over, and rejected then", async () => {
    configure({ expiresMs: 1_000 });
    const { runId } = await run(write("Ada"));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(JSON.parse((await cli("approvals", "--json")).stdout)).toMatchObject({ runs: [] });
    const { stdout } = await cli("resume", runId, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "approval_rejected" } });
  });

  it("comes with the command that answers it, and the server says that it waits", async () => {
    const client = new Client({ name: "no-forms", version: "1" });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [cliFile, "serve", "--stdio", ...config],
      env,
      stderr: "pipe",
    });
    let said = "";
    transport.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    onTestFinished(() => client.close());
    await client.connect(transport);
    const result = await client.callTool({ name: "execute", arguments: { code: write("Ada") } });
    const [{ text = "" } = {}] = result.content as { text?: string }[];
    const [runId = ""] = /run_\w+/.exec(text) ?? [];
    expect(text).toContain(`codemode approve ${runId}`);
    expect(text).toContain(`codemode reject ${runId}`);
    const line = `${runId} waits for a person: wants to call memory.create_entities. Answer with codemode approve ${runId}`;
    await expect.poll(() => said).toContain(line);
    expect(JSON.parse((await cli("approve", runId, "--json")).stdout)).toMatchObject({ status: "completed" });
  }, 60_000);
});

describe("a proposed snippet", () => {
  const propose = (answer: number): string =>
    `return codemode.propose({ name: "answer", description: "Answers.", code: "return ${answer}" })`;

  it("is shown, and accepted only as the version that was shown", async () => {
    await run(propose(41));
    const unseen = await cli("snippets", "accept", "answer");
    expect(unseen).toMatchObject({ code: 2, stderr: expect.stringContaining("return 41") as string });
    const [, hash = ""] = /--hash ([0-9a-f]{12})/.exec(unseen.stderr) ?? [];
    await run(propose(42));
    const late = await cli("snippets", "accept", "answer", "--hash", hash);
    expect(late).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("approval_not_pending") as string,
    });
    expect(late.stderr).toContain("return 42");
    const [, next = ""] = /--hash ([0-9a-f]{12})/.exec(late.stderr) ?? [];
    expect(await cli("snippets", "accept", "answer", "--hash", next.slice(0, 11))).toMatchObject({ code: 1 });
    const accepted = await cli("snippets", "accept", "answer", "--hash", next);
    expect(accepted).toMatchObject({ code: 0, stdout: expect.stringContaining("answer v2") as string });
    expect(accepted.stderr).toContain("return 42");
  }, 60_000);
});
