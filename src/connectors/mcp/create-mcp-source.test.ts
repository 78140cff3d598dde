import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { callTool, listTools } from "../../../test/fixtures/mcp/call-context.ts";
import type { Source } from "../../spec/source.ts";
import { createMcpSource } from "./create-mcp-source.ts";

const packages = join(import.meta.dirname, "../../../node_modules/@modelcontextprotocol");
const everything = join(packages, "server-everything/dist/index.js");
const node = process.execPath;

function using(source: Source): Source {
  onTestFinished(() => source[Symbol.asyncDispose]());
  return source;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function startEverything(mode: "streamableHttp" | "sse", port: number): Promise<ChildProcess> {
  const child = spawn(node, [everything, mode], {
    env: { ...process.env, PORT: String(port) },
    stdio: "pipe",
  });
  await new Promise<void>((resolve, reject) => {
    const watch = (chunk: Buffer) => {
      if (/port/i.test(String(chunk))) resolve();
    };
    child.stdout.on("data", watch);
    child.stderr.on("data", watch);
    child.once("exit", () => reject(new Error(`${mode} did not start`)));
  });
  return child;
}

async function stopEverything(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exited;
}

describe("the everything server", () => {
  const children: ChildProcess[] = [];
  const ports = { http: 0, sse: 0 };

  beforeAll(async () => {
    ports.http = await freePort();
    ports.sse = await freePort();
    children.push(
      await startEverything("streamableHttp", ports.http),
      await startEverything("sse", ports.sse),
    );
  });
  afterAll(async () => {
    await Promise.all(children.map(stopEverything));
  });

  const over = {
    stdio: () => createMcpSource("every", { transport: "stdio", command: node, args: [everything] }),
    "streamable http": () =>
      createMcpSource("every", { transport: "http", url: `http://127.0.0.1:${ports.http}/mcp` }),
    "sse, found out": () =>
      createMcpSource("every", { transport: "http", url: `http://127.0.0.1:${ports.sse}/sse` }),
    "sse, stated": () =>
      createMcpSource("every", { transport: "http", url: `http://127.0.0.1:${ports.sse}/sse`, type: "sse" }),
  };

  describe.each(Object.entries(over))("over %s", (_name, create) => {
    test("lists every tool and calls some", async () => {
      const source = using(create());
      expect(source.status()).toEqual({ state: "idle" });
      const { tools, issues, title, instructions } = await listTools(source);
      expect(tools.length).toBeGreaterThanOrEqual(12);
      expect(issues).toEqual([]);
      expect(title).toBe("Everything Reference Server");
      expect(instructions).toMatch(/Everything Server/);
      expect(tools.find((tool) => tool.upstreamName === "echo")).toMatchObject({
        name: ["echo"],
        input: { type: "object", properties: { message: { type: "string" } }, required: ["message"] },
      });
      expect(await callTool(source, "echo", { message: "hi" })).toBe("Echo: hi");
      expect(await callTool(source, "get-structured-content", { location: "New York" })).toEqual({
        temperature: 33,
        conditions: "Cloudy",
        humidity: 82,
      });
      expect(source.status().state).toBe("ready");
      await source[Symbol.asyncDispose]();
      expect(source.status()).toEqual({ state: "closed" });
      await expect(callTool(source, "echo", { message: "late" })).rejects.toMatchObject({
        code: "source_unavailable",
      });
    });

    test("passes progress on and stops at the deadline", async () => {
      const source = using(create());
      const progress: unknown[] = [];
      const slow = { duration: 0.4, steps: 2 };
      await callTool(source, "trigger-long-running-operation", slow, {
        onProgress: (each) => progress.push(each),
      });
      expect(progress).toEqual([
        { done: 1, total: 2 },
        { done: 2, total: 2 },
      ]);
      const began = Date.now();
      await expect(
        callTool(source, "trigger-long-running-operation", { duration: 20, steps: 2 }, { timeoutMs: 300 }),
      ).rejects.toMatchObject({
        code: "source_timeout",
        message: '"every" did not answer within 300 ms while calling trigger-long-running-operation.',
        outcome: "unknown",
      });
      expect(Date.now() - began).toBeLessThan(3_000);
      expect(await callTool(source, "echo", { message: "still" })).toBe("Echo: still");
    });

    test("bytes, links and the tool's own errors", async () => {
      const source = using(create());
      expect(await callTool(source, "get-tiny-image")).toMatchObject([
        expect.any(String),
        { type: "image", mimeType: "image/png", size: 4033, data: expect.any(Uint8Array) },
        expect.any(String),
      ]);
      expect(await callTool(source, "get-resource-links", { count: 1 })).toMatchObject([
        expect.any(String),
        { type: "resource_link", uri: "demo://resource/dynamic/blob/1", mimeType: "text/plain" },
      ]);
      await expect(callTool(source, "get-sum", { a: 1 })).rejects.toMatchObject({
        code: "tool_failed",
        message: expect.stringMatching(/expected number, received undefined at b/),
      });
    });
  });

  test("a server that was restarted has forgotten the session, which costs nothing", async () => {
    const port = await freePort();
    const first = await startEverything("streamableHttp", port);
    const source = using(
      createMcpSource("every", { transport: "http", url: `http://127.0.0.1:${port}/mcp` }),
    );
    expect(await callTool(source, "echo", { message: "one" })).toBe("Echo: one");
    await stopEverything(first);
    await expect(callTool(source, "echo", { message: "gone" })).rejects.toMatchObject({
      code: "source_unavailable",
      message: expect.stringMatching(/ECONNREFUSED/),
      outcome: "not_sent",
    });
    expect(source.status()).toMatchObject({ state: "failed", reason: expect.stringMatching(/ECONNREFUSED/) });
    const second = await startEverything("streamableHttp", port);
    onTestFinished(() => stopEverything(second));
    await expect
      .poll(() => callTool(source, "echo", { message: "two" }).catch(String), { timeout: 5_000 })
      .toBe("Echo: two");
  });
});

test("an SSE server that goes away fails the call at once, and is found again", async () => {
  const port = await freePort();
  const first = await startEverything("sse", port);
  const source = using(createMcpSource("every", { transport: "http", url: `http://127.0.0.1:${port}/sse` }));
  expect(await callTool(source, "echo", { message: "one" })).toBe("Echo: one");
  const call = callTool(source, "trigger-long-running-operation", { duration: 20, steps: 2 });
  setTimeout(() => void stopEverything(first), 200);
  const began = Date.now();
  await expect(call).rejects.toMatchObject({ code: "source_unavailable", outcome: "unknown" });
  expect(Date.now() - began).toBeLessThan(3_000);
  const second = await startEverything("sse", port);
  onTestFinished(() => stopEverything(second));
  await expect
    .poll(() => callTool(source, "echo", { message: "two" }).catch(String), { timeout: 5_000 })
    .toBe("Echo: two");
});

describe("other real servers", () => {
  test("the filesystem server says what is read and what destroys", async () => {
    const folder = await mkdtemp(join(tmpdir(), "codemode-mcp-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "note.json"), '{"kept":[1,2]}');
    const server = join(packages, "server-filesystem/dist/index.js");
    const options = { transport: "stdio", command: node, args: [server, folder] } as const;
    const source = using(createMcpSource("files", options));
    const effects = new Map((await listTools(source)).tools.map((tool) => [tool.upstreamName, tool.effect]));
    expect(effects.get("read_text_file")).toBe("read");
    expect(effects.get("write_file")).toBe("destructive");
    expect(effects.get("create_directory")).toBeUndefined();
    expect(await callTool(source, "read_text_file", { path: join(folder, "note.json") })).toEqual({
      content: '{"kept":[1,2]}',
    });
    const untrusted = using(createMcpSource("files", { ...options, trusted: false }));
    expect((await listTools(untrusted)).tools.filter((tool) => tool.effect !== undefined)).toEqual([]);
    expect(untrusted.fingerprint).not.toBe(source.fingerprint);
  });

  test("the memory server keeps its state between calls, since the connection is kept", async () => {
    const folder = await mkdtemp(join(tmpdir(), "codemode-mcp-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const source = using(
      createMcpSource("memory", {
        transport: "stdio",
        command: node,
        args: [join(packages, "server-memory/dist/index.js")],
        env: { MEMORY_FILE_PATH: "${FILE}" },
        resolve: (template) => template.replace("${FILE}", join(folder, "memory.json")),
      }),
    );
    const entities = [{ name: "Ada", entityType: "person", observations: ["wrote programs"] }];
    await callTool(source, "create_entities", { entities });
    expect(await callTool(source, "read_graph")).toEqual({ entities, relations: [] });
  });
});
