import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import type { CallToolResult } from "@modelcontextprotocol/client";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, onTestFinished, test } from "vitest";
import { createMemoryCodemode } from "../../../test/fixtures/memory-codemode.ts";
import type { MemoryCodemode } from "../../../test/fixtures/memory-codemode.ts";
import { runDocumentSchema } from "../../spec/run.ts";
import { createMcpServer } from "./create-mcp-server.ts";

async function connect(codemode: MemoryCodemode = createMemoryCodemode()): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: "test", version: "1" });
  await createMcpServer(codemode).connect(far);
  await client.connect(near);
  onTestFinished(() => client.close());
  return client;
}

function textOf({ content }: CallToolResult): string {
  const [block] = content;
  expect(content).toHaveLength(1);
  return block?.type === "text" ? block.text : "(no text)";
}

describe("what a model is shown", () => {
  test("is two tools in at most 700 tokens", async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(["search", "execute"]);
    expect(encode(JSON.stringify(tools)).length).toBeLessThanOrEqual(700);
  });

  test("is the same for every fleet", async () => {
    const small = await (await connect(createMemoryCodemode(["a.b"]))).listTools();
    const other = await (await connect(createMemoryCodemode(["c.d", "e.f"]))).listTools();
    expect(JSON.stringify(small)).toBe(JSON.stringify(other));
  });

  test("has the sources in its instructions", async () => {
    expect((await connect()).getInstructions()).toContain("- github (1)");
  });
});

describe("search", () => {
  test.each([
    [{ query: "issues" }, { query: "issues" }],
    [{}, { query: "" }],
    [
      { query: "x", limit: "3", source: "github", detail: "full" },
      { query: "x", limit: 3, source: "github", detail: "full" },
    ],
    [
      { query: "x", limit: 500 },
      { query: "x", limit: 50 },
    ],
    [{ query: "x", source: null, limit: null, detail: null }, { query: "x" }],
  ])("understands %j", async (args, expected) => {
    const codemode = createMemoryCodemode();
    const client = await connect(codemode);
    expect(textOf(await client.callTool({ name: "search", arguments: args }))).toBe(
      `found by ${expected.query}`,
    );
    // Whose search it is, for its fair share; the session and the peer are those of HTTP.
    expect(codemode.searched).toEqual([{ ...expected, client: ["", "test", ""] }]);
  });

  test.each([
    [{ query: "x", detail: "everything" }, /detail.*\n.*"names" \| "signatures" \| "full"/],
    [{ query: "x", limit: 0 }, /limit/],
    [{ words: "x" }, /words/],
  ])("teaches what is wrong with %j", async (args, message) => {
    const client = await connect();
    const result = await client.callTool({ name: "search", arguments: args });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(message);
  });
});

describe("execute", () => {
  test("answers one text and the run document beside it", async () => {
    const client = await connect();
    const result = await client.callTool({ name: "execute", arguments: { code: "1 + 1" } });
    expect(textOf(result)).toBe("returned 1 + 1");
    expect(result.isError).toBeUndefined();
    expect(runDocumentSchema.parse(result._meta?.["codemode/run"])).toMatchObject({
      status: "completed",
      result: "1 + 1",
    });
  });

  test("says that a failed run failed", async () => {
    const client = await connect();
    const result = await client.callTool({ name: "execute", arguments: { code: "fail" } });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toBe("snippet_threw: no");
    expect(runDocumentSchema.parse(result._meta?.["codemode/run"]).status).toBe("failed");
  });

  test("keeps a huge result out of the message", async () => {
    const client = await connect();
    const result = await client.callTool({ name: "execute", arguments: { code: "large" } });
    expect(JSON.stringify(result).length).toBeLessThan(2 ** 20);
    expect(runDocumentSchema.parse(result._meta?.["codemode/run"])).not.toHaveProperty("result");
  });

  test("turns a fault of the product into an answer", async () => {
    const client = await connect();
    const result = await client.callTool({ name: "execute", arguments: { code: "throw" } });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toBe("internal: the sandbox is on fire");
  });

  test("continues a run by its id", async () => {
    const codemode = createMemoryCodemode();
    const client = await connect(codemode);
    const result = await client.callTool({ name: "execute", arguments: { resume: "run_1" } });
    expect(textOf(result)).toBe("returned resumed run_1");
    const both = await client.callTool({ name: "execute", arguments: { resume: "run_1", code: null } });
    expect(textOf(both)).toBe("returned resumed run_1");
  });

  test.each([[{}], [{ code: 1 }], [{ script: "1" }], [{ code: "1", resume: "run_1" }]])(
    "teaches how it is called with %j",
    async (args) => {
      const client = await connect();
      const result = await client.callTool({ name: "execute", arguments: args });
      expect(result.isError).toBe(true);
      expect(textOf(result)).toContain("execute takes either { code: string }");
    },
  );

  test("tells progress and is cancelled with its request", async () => {
    const codemode = createMemoryCodemode();
    const client = await connect(codemode);
    const seen: string[] = [];
    const stop = new AbortController();
    const call = client.callTool(
      { name: "execute", arguments: { code: "slow" } },
      {
        signal: stop.signal,
        onprogress: ({ message }) => {
          seen.push(message ?? "");
          if (seen.length === 2) stop.abort();
        },
      },
    );
    await expect(call).rejects.toThrow();
    await expect.poll(() => codemode.cancelled).toEqual(["slow"]);
    expect(seen[0]).toContain("github.issues.create");
  });
});

test("a path called as a tool is answered with the program to write", async () => {
  const client = await connect();
  const call = client.callTool({ name: "github.issues.craete", arguments: {} });
  await expect(call).rejects.toThrow('execute({ code: "return await tools.github.issues.create(…)" })');
});
