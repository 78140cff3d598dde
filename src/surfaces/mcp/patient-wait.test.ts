import { Client, InMemoryTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { CallToolResult } from "@modelcontextprotocol/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { createCodemode, createFunctionsSource, createWorkerdEngine } from "../../index.ts";
import type { Codemode } from "../../index.ts";
import { documentOf, eras, type Era } from "../../../test/fixtures/asking-client.ts";
import { createMcpHttp } from "./create-mcp-http.ts";
import { createMcpServer } from "./create-mcp-server.ts";

interface Slow {
  readonly codemode: Codemode;
  readonly release: () => void;
  readonly calls: { begun: number; aborted: number };
}

function startSlow(): Slow {
  const gate = Promise.withResolvers<void>();
  const calls = { begun: 0, aborted: 0 };
  const source = createFunctionsSource("slow", {
    wait: {
      effect: "read",
      input: { type: "object" },
      run: async (_args, { signal }) => {
        calls.begun += 1;
        signal.addEventListener("abort", () => (calls.aborted += 1));
        await gate.promise;
        return "done";
      },
    },
  });
  const codemode = createCodemode({ sources: [source], engine: createWorkerdEngine(), check: "off" });
  onTestFinished(async () => {
    gate.resolve();
    await codemode.close();
  });
  return { codemode, release: gate.resolve, calls };
}

async function connect(
  codemode: Codemode,
  era: Era,
  patienceMs: number,
  principal = "local",
): Promise<Client> {
  const modern = era !== "initialize";
  const client = new Client(
    { name: "test", version: "1" },
    { versionNegotiation: { mode: modern ? { pin: era } : "legacy" } },
  );
  if (modern) {
    const http = createMcpHttp(codemode, { patienceMs, principal });
    onTestFinished(() => http[Symbol.asyncDispose]());
    const fetch = (url: string | URL, init?: RequestInit): Promise<Response> =>
      http.fetch(new Request(url, init));
    await client.connect(new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), { fetch }));
  } else {
    const [near, far] = InMemoryTransport.createLinkedPair();
    await createMcpServer(codemode, { patienceMs, principal }).connect(far);
    await client.connect(near);
  }
  onTestFinished(() => client.close());
  return client;
}

const call = (client: Client, args: { [name: string]: string }): Promise<CallToolResult> =>
  client.callTool({ name: "execute", arguments: args });
const code = `return await tools.slow.wait({});`;

describe.each(eras)("a client of the %s era", (era) => {
  test("is told that a long run goes on, and waits for it again until it ends", async () => {
    const { codemode, release, calls } = startSlow();
    const client = await connect(codemode, era, 300);
    const first = await call(client, { code });
    const { runId, status } = documentOf(first);
    expect(status).toBe("running");
    expect(first.isError).toBeUndefined();
    expect(JSON.stringify(first.content)).toContain(`execute({ resume: \\"${runId}\\" })`);
    expect(documentOf(await call(client, { resume: runId }))).toMatchObject({ runId, status: "running" });
    release();
    await expect
      .poll(async () => documentOf(await call(client, { resume: runId })), { timeout: 20_000 })
      .toMatchObject({ status: "completed", result: "done" });
    expect(calls).toEqual({ begun: 1, aborted: 0 });
  });

  test("that asks for progress is kept waiting, and told of calls and logs", async () => {
    const { codemode, release } = startSlow();
    const client = await connect(codemode, era, 200);
    const told: string[] = [];
    const running = client.callTool(
      { name: "execute", arguments: { code: `console.log("half\\nway"); ${code}` } },
      { onprogress: ({ message }) => void told.push(message ?? "") },
    );
    await expect.poll(() => told.at(-1), { timeout: 10_000 }).toContain("logged: half way");
    expect(told.at(-1)).toContain("0 of 1 calls done; calling slow.wait");
    release();
    expect(documentOf(await running).status).toBe("completed");
  });

  test("that cancels stops the snippet and its calls", async () => {
    const { codemode, calls } = startSlow();
    const client = await connect(codemode, era, 60_000);
    const cancel = new AbortController();
    const running = client.callTool({ name: "execute", arguments: { code } }, { signal: cancel.signal });
    await expect.poll(() => calls.begun, { timeout: 10_000 }).toBe(1);
    cancel.abort();
    await expect(running).rejects.toThrow();
    await expect.poll(() => calls.aborted, { timeout: 10_000 }).toBe(1);
    await expect.poll(async () => (await codemode.runs())[0]?.status, { timeout: 10_000 }).toBe("cancelled");
  });

  test("does not find the run of another principal", async () => {
    const { codemode } = startSlow();
    const { runId } = documentOf(await call(await connect(codemode, era, 200, "ada"), { code }));
    const other = await call(await connect(codemode, era, 200, "bob"), { resume: runId });
    expect(other.isError).toBe(true);
    expect(JSON.stringify(other.content)).toContain("run_not_found");
  });
});
