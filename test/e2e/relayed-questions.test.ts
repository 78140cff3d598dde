/**
 * What upstream servers ask in the middle of calls, put to the user and the model of the official client: every era of the
 * server with every era of the client, through the built program over standard input and output.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import type { CallToolResult, ElicitResult } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { runDocumentSchema } from "../../src/spec/run.ts";
import type { RunDocument } from "../../src/spec/run.ts";
import { cliFile, documentOf, isolatedEnvironment, root, runCli } from "../fixtures/built-cli.ts";

/** Real programs, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const server = join(root, "test/fixtures/mcp/asking-server.ts");
const clientEras = { "2026-07-28": { mode: { pin: "2026-07-28" } }, initialize: { mode: "legacy" } } as const;
type Era = keyof typeof clientEras;
const eras: readonly Era[] = ["2026-07-28", "initialize"];
const pairs = eras.flatMap((client) => eras.map((upstream) => ({ client, upstream })));

interface Asking {
  readonly form?: (message: string, schema: unknown) => ElicitResult;
  readonly model?: (text: string) => string;
  readonly relay?: { readonly elicitation?: boolean; readonly sampling?: boolean };
  readonly policy?: string;
}

interface Place {
  readonly env: { [name: string]: string };
  readonly config: readonly string[];
}

function place(upstream: Era, { relay, policy = "allow-all" }: Asking): Place {
  const env = isolatedEnvironment();
  const file = join(env["HOME"] ?? "", "codemode.json");
  const hotel = { command: process.execPath, args: ["--no-warnings", server, upstream] };
  const sources = relay === undefined ? {} : { sources: { hotel: { relay } } };
  writeFileSync(file, JSON.stringify({ mcpServers: { hotel }, policy, ...sources }));
  return { env, config: ["--config", file] };
}

async function connect(era: Era, { env, config }: Place, { form, model }: Asking): Promise<Client> {
  const client = new Client(
    { name: "test", version: "1" },
    {
      capabilities: {
        ...(form === undefined ? {} : { elicitation: { form: {} } }),
        ...(model === undefined ? {} : { sampling: {} }),
      },
      versionNegotiation: clientEras[era],
    },
  );
  if (form !== undefined)
    client.setRequestHandler("elicitation/create", ({ params }) =>
      form(params.message, "requestedSchema" in params ? params.requestedSchema : undefined),
    );
  if (model !== undefined)
    client.setRequestHandler("sampling/createMessage", ({ params }) => ({
      role: "assistant",
      model: "test",
      content: { type: "text", text: model(JSON.stringify(params)) },
    }));
  onTestFinished(() => client.close());
  const args = [cliFile, "serve", "--stdio", ...config];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: "ignore" }));
  return client;
}

const runOf = ({ _meta }: CallToolResult): RunDocument => runDocumentSchema.parse(_meta?.["codemode/run"]);

async function run(
  code: string,
  { client: era, upstream }: (typeof pairs)[number],
  asking: Asking,
): Promise<RunDocument> {
  const client = await connect(era, place(upstream, asking), asking);
  return runOf(await client.callTool({ name: "execute", arguments: { code } }));
}

const book = `return await tools.hotel.book({ city: "Oslo" })`;

describe.each(pairs)("a server of the $upstream era and a client of the $client era", (pair) => {
  test("forms and completions reach the client, with the source named and its words set off", async () => {
    const forms: string[] = [];
    const schemas: unknown[] = [];
    const prompts: string[] = [];
    const code = `
      const oslo = await tools.hotel.book({ city: "Oslo" });
      const rome = await tools.hotel.book({ city: "Rome" });
      const words = await tools.hotel.describe({});
      const one = await codemode.ask({ prompt: "One?", schema: { type: "integer" } });
      return { oslo, rome, words, one };`;
    const document = await run(code, pair, {
      relay: { sampling: true },
      form: (message, schema) => {
        forms.push(message);
        schemas.push(schema);
        return message.includes("Rome")
          ? { action: "decline" }
          : { action: "accept", content: { nights: 3 } };
      },
      model: (prompt) => {
        prompts.push(prompt);
        return prompt.includes("One?") ? "1" : "Splendid.";
      },
    });
    expect(document).toMatchObject({
      status: "completed",
      result: {
        oslo: { city: "Oslo", said: "accept", nights: 3 },
        rome: { city: "Rome", said: "decline" },
        one: 1,
      },
    });
    expect(JSON.stringify(document.result)).toContain("Splendid.");
    expect(forms).toHaveLength(2);
    expect(forms[0]).toContain(`The server "hotel" asks you this, in the middle of tools.hotel.book.`);
    expect(forms[0]).toContain("\n| How many nights in Oslo?");
    expect(schemas[0]).toMatchObject({ properties: { nights: { title: "hotel asks: Nights" } } });
    expect(prompts).toHaveLength(2);
    expect(prompts[0]).toContain(`The server \\"hotel\\" asks for a completion`);
    expect(prompts[0]).toContain("| Praise the hotel.");
  });

  test("a client that cannot be asked: the call fails, and says why", async () => {
    const code = `return [
      await tools.hotel.book({ city: "Oslo" }).catch((e) => [e.code, e.message]),
      await tools.hotel.describe({}).catch((e) => e.code),
    ]`;
    const { result } = await run(code, pair, {});
    expect(result).toEqual([
      ["relay_declined", expect.stringContaining("the client cannot ask its user")],
      expect.stringMatching(/^(tool_failed|relay_declined)$/),
    ]);
  });

  test("an approval comes first and the form after it; who asks again and again is given up", async () => {
    const asked: string[] = [];
    const code = `
      const booked = await tools.hotel.book({ city: "Oslo" });
      return [booked, await tools.hotel.loop({}).catch((e) => e.code)];`;
    const document = await run(code, pair, {
      policy: "ask-writes",
      form: (message) => {
        asked.push(message);
        const approving = message.startsWith("A program waits for your answer");
        return { action: "accept", content: approving ? { decision: "approve" } : { nights: 4 } };
      },
    });
    expect(document.result).toEqual([expect.objectContaining({ nights: 4 }), "relay_declined"]);
    const kinds = asked.map((message) => (message.startsWith("A program") ? "approval" : "form"));
    expect(kinds).toEqual(["approval", "form", "approval", "form", "form", "form", "form", "form"]);
  });
});

test("a replay asks nobody", async () => {
  const here = place("2026-07-28", {});
  let times = 0;
  const form = (): ElicitResult => {
    times += 1;
    return { action: "accept", content: { nights: 3 } };
  };
  const client = await connect("2026-07-28", here, { form });
  const { runId } = runOf(await client.callTool({ name: "execute", arguments: { code: book } }));
  const replayed = await runCli(["replay", runId, "--json", ...here.config], { env: here.env });
  expect(documentOf(replayed, runDocumentSchema)).toMatchObject({ result: { nights: 3 } });
  expect(times).toBe(1);
});

test.each(eras)(
  "an upstream's progress reaches a client of the %s era, with what was called",
  async (era) => {
    const client = await connect(era, place("2026-07-28", {}), {});
    const told: (string | undefined)[] = [];
    await client.callTool(
      { name: "execute", arguments: { code: `console.log("sweeping"); return await tools.hotel.clean({})` } },
      { onprogress: ({ message }) => void told.push(message) },
    );
    const last = told.findLast((message) => message?.includes("room"));
    expect(last).toMatch(/^0 of 1 calls done; hotel\.clean: room \d; logged: sweeping$/);
  },
);
