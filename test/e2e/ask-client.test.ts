/** Approvals inside `execute`, through the built program and the official client, in both eras and transports. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { CallToolResult, ElicitResult } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { runDocumentSchema } from "../../src/spec/run.ts";
import type { RunDocument } from "../../src/spec/run.ts";
import {
  cliFile,
  isolatedEnvironment,
  quickstart,
  startCli,
  untilFinished,
  untilOutput,
} from "../fixtures/built-cli.ts";

const eras = [
  ["2026-07-28", { mode: { pin: "2026-07-28" } }],
  ["initialize", { mode: "legacy" }],
] as const;
type Negotiation = (typeof eras)[number][1];

const code = `
await tools.memory.create_entities({ entities: [{ name: "Ada", entityType: "person", observations: ["programs"] }] });
return (await tools.memory.search_nodes({ query: "Ada" })).entities.length;`;

interface Place {
  readonly env: { [name: string]: string };
  readonly config: readonly string[];
}

/** The quickstart, but a person is asked before writes. */
function place(approvals = ""): Place {
  const env = isolatedEnvironment();
  const file = join(env["HOME"] ?? "", "codemode.json");
  const text = readFileSync(quickstart, "utf8")
    .replace('"allow-all"', `"ask-writes"${approvals}`)
    .replaceAll("../../node_modules", join(dirname(quickstart), "../../node_modules"))
    .replace('"./files"', JSON.stringify(join(dirname(quickstart), "files")));
  writeFileSync(file, text);
  return { env, config: ["--config", file] };
}

function createClient(versionNegotiation: Negotiation, answer: ElicitResult, autoFulfill = true): Client {
  const client = new Client(
    { name: "test", version: "1" },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation, inputRequired: { autoFulfill } },
  );
  client.setRequestHandler("elicitation/create", () => Promise.resolve(answer));
  onTestFinished(() => client.close());
  return client;
}

const overStdio = async (client: Client, { env, config }: Place): Promise<void> =>
  client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [cliFile, "serve", "--stdio", ...config],
      env,
      stderr: "ignore",
    }),
  );

async function overHttp(client: Client, { env, config }: Place): Promise<() => Promise<void>> {
  const child = startCli(["serve", "--port", "0", ...config], { env });
  const output = await untilOutput(child, /(ready, \d+ tools[^]*){3}/);
  await client.connect(new StreamableHTTPClientTransport(new URL(/http:\S+\/mcp/.exec(output)?.[0] ?? "")));
  return async () => {
    const finished = untilFinished(child);
    child.kill("SIGTERM");
    await finished;
  };
}

const documentOf = ({ _meta }: CallToolResult): RunDocument =>
  runDocumentSchema.parse(_meta?.["codemode/run"]);
const approved: ElicitResult = { action: "accept", content: { decision: "approve" } };
const execute = (client: Client): Promise<CallToolResult> =>
  client.callTool({ name: "execute", arguments: { code } });

describe.each(eras)("the official client of the %s era", (_era, negotiation) => {
  test.each([
    ["standard input and output", overStdio],
    ["HTTP", overHttp],
  ])("approves inside execute over %s", async (_name, connect) => {
    const here = place();
    const client = createClient(negotiation, approved);
    await connect(client, here);
    expect(documentOf(await execute(client))).toMatchObject({ status: "completed", result: 1 });
    const keyFile = join(here.env["XDG_STATE_HOME"] ?? "", "codemode", "approvals.key");
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  });

  test("declines over HTTP", async () => {
    const client = createClient(negotiation, { action: "decline" });
    await overHttp(client, place());
    expect(documentOf(await execute(client))).toMatchObject({
      status: "failed",
      error: { code: "approval_rejected" },
      writes: [{ state: "intent" }],
    });
  });

  test("is not asked where answers are given elsewhere", async () => {
    const client = createClient(negotiation, approved);
    await overStdio(client, place(`, "approvals": { "ask": "elsewhere" }`));
    expect(documentOf(await execute(client)).status).toBe("paused");
  });
});

test("what was asked before a restart is answered after it, once", async () => {
  const here = place();
  const [, negotiation] = eras[0];
  const before = createClient(negotiation, approved, false);
  const stop = await overHttp(before, here);
  const asked: unknown = await before.request(
    { method: "tools/call", params: { name: "execute", arguments: { code } } },
    { allowInputRequired: true },
  );
  const { requestState } = z.looseObject({ requestState: z.string() }).parse(asked);
  await before.close();
  await stop();
  const after = createClient(negotiation, approved, false);
  await overHttp(after, here);
  const retry = {
    method: "tools/call" as const,
    params: { name: "execute", arguments: { code }, requestState, inputResponses: { answers: approved } },
  };
  expect(documentOf(await after.request(retry))).toMatchObject({ status: "completed", result: 1 });
  const again = await after.request(retry);
  expect(again).toMatchObject({ isError: true });
  expect(JSON.stringify(again)).toContain("approval_state_invalid");
});
