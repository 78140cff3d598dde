/**
 * Counts one workload both ways with the same tokenizer. Classic: the definitions of all tools, then each call and its
 * answer, every token once. Ours: instructions and definitions of the MCP server, the search and its answer, the
 * program and its answer, all as a real client receives them from a real run.
 */
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { createCodemode, createFunctionsSource, createWorkerdEngine } from "../../src/index.ts";
import { createMcpServer } from "../../src/surfaces/mcp/create-mcp-server.ts";
import type { Workload } from "./workload.ts";

export interface Counted {
  readonly classic: { readonly definitions: number; readonly calls: number; readonly total: number };
  readonly ours: {
    readonly definitions: number;
    readonly search: number;
    readonly program: number;
    readonly answer: number;
    readonly total: number;
  };
  /** What the published way would take. */
  readonly bar: number;
}

export async function countWorkload(workload: Workload): Promise<Counted> {
  const classic = await countClassic(workload);
  const ours = await countOurs(workload);
  const bar = "tokens" in workload.bar ? workload.bar.tokens : workload.bar.share * classic.total;
  return { classic, ours, bar };
}

async function countClassic({ tools, calls }: Workload): Promise<Counted["classic"]> {
  const definitions = Object.entries(tools).reduce(
    (sum, [name, { description, input }]) => sum + count({ name, description, inputSchema: input }),
    0,
  );
  let spent = 0;
  for (const { tool, args } of calls) {
    const answer = await tools[tool]?.run(args, undefined as never);
    spent += count({ name: tool, arguments: args }) + count(answer);
  }
  return { definitions, calls: spent, total: definitions + spent };
}

async function countOurs({ source, tools, query, program, verify }: Workload): Promise<Counted["ours"]> {
  await using codemode = createCodemode({
    sources: [createFunctionsSource(source, tools)],
    engine: createWorkerdEngine(),
    policy: "allow-all",
  });
  await codemode.catalog({ fresh: true });
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: "bench", version: "1" });
  await createMcpServer(codemode).connect(far);
  await client.connect(near);
  const listed = (await client.listTools()).tools;
  const definitions =
    count(client.getInstructions() ?? "") +
    listed.reduce(
      (sum, { name, description, inputSchema }) => sum + count({ name, description, inputSchema }),
      0,
    );
  const asked = await call(client, "search", { query });
  const ran = await call(client, "execute", { code: program });
  if (ran.isError) throw new Error(ran.text);
  const { document } = await codemode.execute({ code: program });
  verify(document.result);
  await client.close();
  const search = count({ name: "search", arguments: { query } }) + count(asked.text);
  const written = count({ name: "execute", arguments: { code: program } });
  const answer = count(ran.text);
  return { definitions, search, program: written, answer, total: definitions + search + written + answer };
}

async function call(
  client: Client,
  name: string,
  args: { readonly [name: string]: unknown },
): Promise<{ readonly text: string; readonly isError: boolean }> {
  const {
    content,
    structuredContent,
    isError = false,
  } = await client.callTool({ name, arguments: { ...args } });
  const [block, ...links] = content;
  if (block?.type !== "text" || structuredContent !== undefined || links.some(({ type }) => type === "text"))
    throw new Error("The answer is not one text.");
  // What a client shows of links to files counts as well.
  return { text: [block.text, ...links.map((link) => JSON.stringify(link))].join("\n"), isError };
}

const piece = 20_000;

/** Piece by piece, since one text of megabytes is slow to tokenize. */
function count(value: unknown): number {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  let tokens = 0;
  for (let at = 0; at < text.length; at += piece) tokens += countTokens(text.slice(at, at + piece));
  return tokens;
}
