import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { McpServer, Server } from "@modelcontextprotocol/server";
import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import type { CallContext } from "../../spec/source.ts";
import { createMcpClientSource } from "./create-mcp-client-source.ts";

const signal = new AbortController().signal;
const context = (more: Partial<CallContext> = {}): CallContext => ({
  signal,
  timeoutMs: 5_000,
  principal: "local",
  runId: "run_1",
  seq: 1,
  maxResultBytes: 2 ** 20,
  ...more,
});

async function connect(server: Pick<McpServer, "connect">): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  const client = new Client({ name: "test", version: "1" });
  await client.connect(near);
  return client;
}

describe("a source of a connected client", () => {
  it("lists every page, and believes effects only where it is told to", async () => {
    const server = new Server({ name: "paged", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", ({ params }) => {
      const page = Number(params?.cursor ?? "0");
      const tool = {
        name: `tool-${page}`,
        inputSchema: { type: "object" as const },
        annotations: { readOnlyHint: true },
      };
      return { tools: [tool], ...(page < 2 ? { nextCursor: String(page + 1) } : {}) };
    });
    const client = await connect(server);
    const trusting = createMcpClientSource("paged", client, { trusted: true });
    const { tools } = await trusting.list({ signal });
    expect(tools.map(({ upstreamName, effect }) => [upstreamName, effect])).toEqual([
      ["tool-0", "read"],
      ["tool-1", "read"],
      ["tool-2", "read"],
    ]);
    const wary = await createMcpClientSource("paged", client).list({ signal });
    expect(wary.tools.map(({ effect }) => effect)).toEqual([undefined, undefined, undefined]);
    await client.close();
  });

  it("calls, tells of progress, and cancels upstream", async () => {
    const aborted = Promise.withResolvers<void>();
    const server = new McpServer({ name: "slow", version: "1" });
    server.registerTool(
      "count",
      { inputSchema: z.object({ to: z.number() }) },
      async ({ to }, { mcpReq }) => {
        const progressToken = mcpReq._meta?.progressToken;
        if (progressToken !== undefined)
          await mcpReq.notify({
            method: "notifications/progress",
            params: { progressToken, progress: 1, total: to },
          });
        return { content: [{ type: "text", text: `counted to ${to}` }] };
      },
    );
    server.registerTool("hang", {}, async ({ mcpReq }) => {
      mcpReq.signal.addEventListener("abort", () => aborted.resolve());
      await aborted.promise;
      return { content: [] };
    });
    const client = await connect(server);
    const source = createMcpClientSource("slow", client);
    const onProgress = vi.fn<() => void>();
    const { value } = await source.call({ upstreamName: "count", args: { to: 3 } }, context({ onProgress }));
    expect(value).toBe("counted to 3");
    expect(onProgress).toHaveBeenCalledWith({ done: 1, total: 3 });

    const controller = new AbortController();
    const hanging = source.call({ upstreamName: "hang", args: {} }, context({ signal: controller.signal }));
    setTimeout(() => controller.abort(), 50);
    await expect(hanging).rejects.toMatchObject({ code: "run_cancelled" });
    await aborted.promise;
    await client.close();
  });

  it("says what the server says of one call, and what went wrong around it", async () => {
    const server = new McpServer({ name: "shop", version: "1" });
    server.registerTool("fail", {}, () => ({ isError: true, content: [{ type: "text", text: "sold out" }] }));
    server.registerTool("hang", {}, () => new Promise(() => {}));
    const client = await connect(server);
    const source = createMcpClientSource("shop", client);
    const call = (upstreamName: string, more?: Partial<CallContext>) =>
      source.call({ upstreamName, args: {} }, context(more));
    await expect(call("fail")).rejects.toMatchObject({ code: "tool_failed", message: "sold out" });
    await expect(call("missing")).rejects.toMatchObject({ code: "tool_failed" });
    await expect(call("hang", { timeoutMs: 200 })).rejects.toMatchObject({ code: "source_timeout" });
    await client.close();
    await expect(call("fail")).rejects.toMatchObject({ code: "source_unavailable" });
    expect(source.status().state).toBe("failed");
  });

  it("closes only what it was given", async () => {
    for (const owned of [false, true]) {
      const close = vi.fn<() => Promise<void>>(async () => {});
      const client = {
        listTools: async () => ({ tools: [] }),
        callTool: async () => ({ content: [] }),
        close,
      };
      const source = createMcpClientSource("one", client, { owned });
      expect((await source.list({ signal })).tools).toEqual([]);
      await source[Symbol.asyncDispose]();
      expect(close).toHaveBeenCalledTimes(owned ? 1 : 0);
      await expect(source.call({ upstreamName: "a", args: {} }, context())).rejects.toMatchObject({
        code: "source_unavailable",
        outcome: "not_sent",
      });
    }
  });

  it.each([undefined, null, "text", 3])("refuses an answer that is %s", async (answer) => {
    const client = { listTools: async () => answer, callTool: async () => answer };
    const source = createMcpClientSource("odd", client);
    await expect(source.list({ signal })).rejects.toMatchObject({ code: "source_invalid" });
    await expect(source.call({ upstreamName: "a", args: {} }, context())).rejects.toMatchObject({
      code: "tool_result_invalid",
    });
  });
});
