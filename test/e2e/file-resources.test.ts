/** Files of a workspace as MCP resources, read by the official client of both eras over HTTP; and from the command line. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  createCodemode,
  createFunctionsSource,
  createWorkerdEngine,
  type Codemode,
} from "../../src/index.ts";
import { startHttpServer } from "../../src/surfaces/http/start-http-server.ts";
import { createMcpHttp } from "../../src/surfaces/mcp/create-mcp-http.ts";
import { isolatedEnvironment, quickstart, runCli, type Finished } from "../fixtures/built-cli.ts";

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 255]);
const eras = [
  ["2026-07-28", { mode: { pin: "2026-07-28" } }],
  ["initialize", { mode: "legacy" }],
] as const;

function start(resultTokens = 1_200): Codemode {
  const source = createFunctionsSource("s", {
    shot: {
      effect: "read",
      input: { type: "object" },
      run: ({ n }: { n?: number }) => ({
        type: "image",
        mimeType: "image/png",
        data: n === undefined ? png : Uint8Array.of(...png, n),
      }),
    },
  });
  const codemode = createCodemode({
    sources: [source],
    engine: createWorkerdEngine(),
    limits: { resultTokens },
  });
  onTestFinished(() => codemode.close());
  return codemode;
}

describe.each(eras)("the official client of the %s era", (_era, versionNegotiation) => {
  async function connect(codemode: Codemode, principal = "local"): Promise<Client> {
    const mcp = createMcpHttp(codemode, { principal });
    const server = await startHttpServer({ port: 0, mcp: (request) => mcp.fetch(request) });
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation });
    onTestFinished(async () => {
      await client.close();
      await mcp[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    });
    await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${server.port}/mcp`)));
    return client;
  }

  test("follows the links of an answer to the whole result and to an image", async () => {
    const client = await connect(start());
    const code =
      "await tools.s.shot({}); return Array.from({ length: 900 }, (_, id) => ({ id, name: 'é' + id }))";
    const { content } = await client.callTool({ name: "execute", arguments: { code } });
    const links = content.flatMap((block) => (block.type === "resource_link" ? [block] : []));
    expect(links.map(({ mimeType }) => mimeType)).toEqual(["image/png", "application/json"]);
    expect(content.filter(({ type }) => type === "text")).toHaveLength(1);
    const [image, result] = await Promise.all(links.map(({ uri }) => client.readResource({ uri })));
    const [first] = image?.contents ?? [];
    expect(first).toMatchObject({ mimeType: "image/png" });
    expect(first !== undefined && "blob" in first && Buffer.from(first.blob, "base64")).toEqual(
      Buffer.from(png),
    );
    const [second] = result?.contents ?? [];
    const text = second !== undefined && "text" in second ? second.text : "";
    expect(JSON.parse(text)).toEqual(Array.from({ length: 900 }, (_, id) => ({ id, name: `é${id}` })));
    const part = await client.readResource({ uri: `${links[1]?.uri}?offset=1&length=7` });
    expect(part.contents).toMatchObject([{ text: '{"id":0' }]);
  });

  test.each([256, 300, 600, 900, 6_000])("has links within a budget of %d tokens", async (tokens) => {
    const client = await connect(start(tokens));
    const code = `await Promise.all([1, 2, 3, 4].map((n) => tools.s.shot({ n })));
      return Array.from({ length: 9000 }, (_, id) => ({ id, name: "é" + id }))`;
    const { content } = await client.callTool({ name: "execute", arguments: { code } });
    const shown = content.map((block) => (block.type === "text" ? block.text : JSON.stringify(block)));
    expect(countTokens(shown.join("\n"))).toBeLessThanOrEqual(tokens);
    if (tokens === 6_000) expect(shown).toHaveLength(1 + 4);
  });

  test("lists every file once, page after page, with a template", async () => {
    const codemode = start();
    for (let n = 0; n < 230; n += 1)
      await codemode.files.write({
        path: `f/${String(n).padStart(3, "0")} é?.txt`.replace("?", "!"),
        content: `${n}`,
      });
    const client = await connect(codemode);
    const uris: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await client.listResources(cursor === undefined ? {} : { cursor });
      uris.push(...page.resources.map(({ uri }) => uri));
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== undefined && pages < 9);
    expect(new Set(uris).size).toBe(230);
    expect((await client.readResource({ uri: uris[229] ?? "" })).contents).toMatchObject([{ text: "229" }]);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates).toMatchObject([{ uriTemplate: "codemode://files/{+path}{?offset,length}" }]);
  });

  test("never sees files of another principal, and what it asks for wrongly is an error", async () => {
    const codemode = start();
    await codemode.files.write({ path: "secret.txt", content: "canary" });
    const client = await connect(codemode, "other");
    expect((await client.listResources()).resources).toEqual([]);
    const say = async (uri: string): Promise<string> =>
      client.readResource({ uri }).then(
        (found) => JSON.stringify(found),
        (error: unknown) => String(error).replaceAll(uri, "<uri>"),
      );
    const absent = await say("codemode://files/absent.txt");
    expect(absent).toMatch(/not found/i);
    expect(await say("codemode://files/secret.txt")).toBe(absent);
    for (const path of [
      "../secret.txt",
      "%2e%2e/secret.txt",
      "..%2fsecret.txt",
      "/etc/passwd",
      "",
      "%",
      "a%00b",
      "__proto__",
    ])
      expect(await say(`codemode://files/${path}`)).not.toContain("canary");
    expect(await say("file:///etc/passwd")).not.toContain("root:");
    await expect(client.listResources({ cursor: "%%%" })).rejects.toThrow("cursor");
  });

  test("reads a large file in parts only", async () => {
    const codemode = start();
    await codemode.files.write({ path: "large.bin", content: new Uint8Array(4 * 2 ** 20 + 1).fill(7) });
    const client = await connect(codemode);
    await expect(client.readResource({ uri: "codemode://files/large.bin" })).rejects.toThrow("in parts");
    const { contents } = await client.readResource({
      uri: `codemode://files/large.bin?offset=${4 * 2 ** 20}&length=${2 ** 20}`,
    });
    expect(contents).toMatchObject([{ blob: Buffer.from([7]).toString("base64") }]);
  });
});

test("files from the command line: put, list, cat, search, get, rm, over one store", async () => {
  const env = isolatedEnvironment();
  const folder = join(env["HOME"] ?? "", "work");
  mkdirSync(folder);
  const cli = (args: readonly string[]): Promise<Finished> =>
    runCli(["files", ...args, "--config", quickstart], { env, cwd: folder });
  writeFileSync(join(folder, "orders.csv"), "id\n1,overdue\n");
  expect(await cli(["put", "orders.csv", "data/orders.csv"])).toMatchObject({
    code: 0,
    stdout: "data/orders.csv: 13 bytes\n",
  });
  expect(JSON.parse((await cli(["list", "--json"])).stdout)).toMatchObject({
    files: [{ path: "data/orders.csv", bytes: 13, mime: "text/csv" }],
  });
  expect((await cli(["list", "x*"])).stdout).toBe("");
  expect((await cli(["cat", "data/orders.csv"])).stdout).toBe("id\n1,overdue\n");
  expect((await cli(["search", "overdue", "--glob", "*.csv"])).stdout).toBe("data/orders.csv:2: 1,overdue\n");
  expect((await cli(["get", "data/orders.csv", "copy.csv"])).code).toBe(0);
  expect(readFileSync(join(folder, "copy.csv"), "utf8")).toBe("id\n1,overdue\n");
  expect((await cli(["get", "data/orders.csv", "copy.csv"])).stderr).toContain("cannot be written");
  expect((await cli(["rm", "data/orders.csv"])).code).toBe(0);
  expect(await cli(["cat", "data/orders.csv"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("file_not_found") as string,
  });
  expect((await cli(["put", "orders.csv", "../orders.csv"])).stderr).toContain("file_path_invalid");
  expect((await cli(["move", "a"])).code).toBe(2);
}, 120_000);
