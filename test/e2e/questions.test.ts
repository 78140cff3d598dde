/** Questions of a snippet to a person, through the built program and the official client in both eras. */
import { Client } from "@modelcontextprotocol/client";
import type { CallToolResult, ElicitResult } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, onTestFinished, test } from "vitest";
import { runDocumentSchema } from "../../src/spec/run.ts";
import type { RunDocument } from "../../src/spec/run.ts";
import { cliFile, documentOf, isolatedEnvironment, quickstart, runCli } from "../fixtures/built-cli.ts";

const config = ["--config", quickstart];
const code = `
const sure = await codemode.confirm("Go on?");
const { n } = await codemode.input({ message: "How many?", schema: { type: "object", properties: { n: { type: "integer" } }, required: ["n"] } });
return [sure, n];`;

test("are answered at the command line, with a value that fits", async () => {
  const env = isolatedEnvironment();
  const run = await runCli(["run", "-", "--json", ...config], { env, input: code });
  expect(run.code).toBe(3);
  const { runId, pending } = documentOf(run, runDocumentSchema);
  expect(pending).toMatchObject([{ kind: "input", question: { message: "Go on?" } }]);
  expect((await runCli(["approvals", ...config], { env })).stdout).toContain("Go on?");
  const approved = await runCli(["approve", runId, "--json", ...config], { env });
  expect(documentOf(approved, runDocumentSchema).pending).toMatchObject([
    { question: { message: "How many?" } },
  ]);
  const answer = (value: string): ReturnType<typeof runCli> =>
    runCli(["answer", runId, "--value", value, "--json", ...config], { env });
  expect((await answer("three")).stderr).toContain("usage");
  expect((await answer(`{"n":"three"}`)).stderr).toContain("answer_invalid");
  const answered = await answer(`{"n":3}`);
  expect(answered.code).toBe(0);
  expect(documentOf(answered, runDocumentSchema).result).toEqual([true, 3]);
});

describe.each([
  ["2026-07-28", { mode: { pin: "2026-07-28" } }],
  ["initialize", { mode: "legacy" }],
] as const)("a client of the %s era", (_era, versionNegotiation) => {
  async function connect(answer: (message: string) => ElicitResult): Promise<Client> {
    const client = new Client(
      { name: "test", version: "1" },
      {
        capabilities: { elicitation: { form: {} } },
        versionNegotiation,
        inputRequired: { autoFulfill: true },
      },
    );
    client.setRequestHandler("elicitation/create", async ({ params }) => answer(params.message));
    onTestFinished(() => client.close());
    const args = [cliFile, "serve", "--stdio", ...config];
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args,
        env: isolatedEnvironment(),
        stderr: "ignore",
      }),
    );
    return client;
  }
  const execute = async (client: Client): Promise<RunDocument> => {
    const { _meta }: CallToolResult = await client.callTool({ name: "execute", arguments: { code } });
    return runDocumentSchema.parse(_meta?.["codemode/run"]);
  };

  test("answers one question after the other inside execute", async () => {
    const asked: string[] = [];
    const client = await connect((message) => {
      asked.push(message);
      return { action: "accept", content: asked.length === 1 ? { answer: true } : { n: 4 } };
    });
    expect(await execute(client)).toMatchObject({ status: "completed", result: [true, 4] });
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain("asked by the program:\n| Go on?");
  });

  test("that closes the form leaves the run paused", async () => {
    const client = await connect(() => ({ action: "cancel" }));
    expect(await execute(client)).toMatchObject({ status: "paused", pending: [{ kind: "input" }] });
  });
});
