import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { CallContext, Source } from "../../spec/source.ts";
import { loadConfig } from "./config/load-config.ts";
import { configToSources } from "./config-to-sources.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "codemode-sources-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
});

async function sourcesOf(config: object, env: { readonly [name: string]: string } = {}): Promise<Source[]> {
  const file = join(folder, "codemode.json");
  await writeFile(file, JSON.stringify(config));
  const loaded = await loadConfig({
    flag: file,
    workingFolder: folder,
    host: { env, platform: "linux", home: folder },
  });
  const sources = await configToSources(loaded);
  onTestFinished(async () => {
    await Promise.all(sources.map((source) => source[Symbol.asyncDispose]()));
  });
  return sources;
}

const signal = AbortSignal.timeout(20_000);
const context: CallContext = {
  signal,
  timeoutMs: 10_000,
  principal: "local",
  runId: "r",
  seq: 1,
  maxResultBytes: 10_000,
};

/** A server of one tool that answers with its arguments, a variable and its folder. */
const mirror = `
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\\n");
let text = "";
process.stdin.on("data", (chunk) => {
  text += chunk;
  for (let end = text.indexOf("\\n"); end !== -1; end = text.indexOf("\\n")) {
    const { id, method, params } = JSON.parse(text.slice(0, end));
    text = text.slice(end + 1);
    if (method === "initialize") send({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "mirror", version: "1" } } });
    else if (method === "tools/list") send({ id, result: { tools: [{ name: "mirror", inputSchema: { type: "object" } }] } });
    else if (method === "tools/call") send({ id, result: { content: [], structuredContent: { argv: process.argv.slice(2), place: process.env.PLACE, cwd: process.cwd() } } });
    else if (id !== undefined) send({ id, error: { code: -32601, message: "no" } });
  }
});
`;

describe("a command", () => {
  test("gets its arguments, environment and folder as the file means them", async () => {
    await writeFile(join(folder, "mirror.cjs"), mirror);
    const [source] = await sourcesOf(
      {
        mcpServers: {
          mirror: {
            command: process.execPath,
            args: ["mirror.cjs", "~/x", "${A}/y", "."],
            env: { PLACE: "${B}" },
          },
        },
      },
      { A: "a", B: "there", PATH: process.env["PATH"] ?? "" },
    );
    await source?.list({ signal });
    const outcome = await source?.call({ upstreamName: "mirror", args: {} }, context);
    expect(outcome?.value).toEqual({ argv: [join(folder, "x"), "a/y", "."], place: "there", cwd: folder });
  });

  test.each([
    [{ command: "codemode-no-such-command" }, /mcpServers\.a\.command \(.*codemode\.json:1:\d+\)/],
    [{ command: "./gone.sh" }, /mcpServers\.a\.command \(.*codemode\.json:1:\d+\)/],
    [
      { command: process.execPath, args: ["-e", "process.exit(3)"] },
      /mcpServers\.a \(.*codemode\.json:1:\d+\)/,
    ],
  ])("that cannot be started is named with field and file: %j", async (entry, place) => {
    const [source] = await sourcesOf({ mcpServers: { a: entry } });
    const failure = await source?.list({ signal }).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: "source_unavailable" });
    expect(
      `${String(Reflect.get(Object(failure), "message"))} ${String(Reflect.get(Object(failure), "hint"))}`,
    ).toMatch(place);
    expect(source?.status().reason).toMatch(place);
  });

  test("is disabled by its entry", async () => {
    expect(
      await sourcesOf({ mcpServers: { a: { command: "x", disabled: true }, b: { command: "x" } } }),
    ).toHaveLength(1);
  });

  test.each([
    [{ command: "node", env: { T: "${MISSING}" } }, "mcpServers.a.env.T"],
    [{ command: "node", args: ["x", "${MISSING}"] }, "mcpServers.a.args[1]"],
    [{ url: "http://127.0.0.1:9", headers: { T: "Bearer ${MISSING}" } }, "mcpServers.a.headers.T"],
    [{ url: "http://${MISSING}" }, "mcpServers.a.url"],
  ])("fails alone for a missing variable in %j", async (entry, field) => {
    const [source] = await sourcesOf({ mcpServers: { a: entry } });
    const failure = await source?.list({ signal }).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ message: expect.stringContaining(field) });
    expect(failure).toMatchObject({ message: expect.stringContaining("${MISSING}") });
  });
});

describe("an API", () => {
  const document = {
    openapi: "3.1.0",
    info: { title: "t", version: "1" },
    paths: {
      "/whoami": {
        get: {
          operationId: "whoami",
          responses: {
            200: { description: "ok", content: { "application/json": { schema: { type: "object" } } } },
          },
        },
      },
    },
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    security: [{ token: [] }],
  };

  let seen: string | undefined;

  async function serveWhoami(): Promise<string> {
    const server = createServer((request, response) => {
      seen = request.headers.authorization;
      response.setHeader("content-type", "application/json");
      response.end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.each([
    ["a variable", "${TOKEN}"],
    ["a file", { file: "./token.txt" }],
    ["a command", { command: [process.execPath, "-p", "'from-' + 'test'"] }],
  ])("is called with a secret from %s", async (_where, bearer) => {
    await writeFile(join(folder, "api.json"), JSON.stringify(document));
    await writeFile(join(folder, "token.txt"), "from-test\n");
    const baseUrl = await serveWhoami();
    const [source] = await sourcesOf(
      { openapi: { api: { spec: "./api.json", baseUrl, auth: { bearer } } } },
      { TOKEN: "from-test" },
    );
    const listing = await source?.list({ signal });
    await source?.call({ upstreamName: listing?.tools[0]?.upstreamName ?? "", args: {} }, context);
    expect(seen).toBe("Bearer from-test");
  });

  test.each([
    [{ spec: "${MISSING}" }, "openapi.api.spec"],
    [{ spec: "./api.json", baseUrl: "${MISSING}" }, "openapi.api.baseUrl"],
  ])("fails alone for a missing variable in %j", async (entry, field) => {
    const [api, other] = await sourcesOf({ openapi: { api: entry, other: { spec: "./gone.json" } } });
    expect(api?.status()).toMatchObject({ state: "failed", reason: expect.stringContaining(field) });
    await expect(api?.list({ signal })).rejects.toMatchObject({ code: "config_variable_missing" });
    expect(other?.status().state).toBe("idle");
  });

  test.each([
    [{ file: "./gone.txt" }, /openapi\.api\.auth\.bearer \(.*codemode\.json:1:\d+\) cannot be read/],
    [
      { command: [process.execPath, "-e", "process.exit(1)"] },
      /openapi\.api\.auth\.bearer \(.*codemode\.json:1:\d+\) failed/,
    ],
    [
      { command: [process.execPath, "-e", ""] },
      /openapi\.api\.auth\.bearer \(.*codemode\.json:1:\d+\) is empty/,
    ],
    ["${MISSING}", /openapi\.api\.auth\.bearer \(.*codemode\.json:1:\d+\) needs \$\{MISSING\}/],
  ])("says which secret is wrong: %j", async (bearer, words) => {
    await writeFile(join(folder, "api.json"), JSON.stringify(document));
    const [source] = await sourcesOf({
      openapi: { api: { spec: "./api.json", baseUrl: await serveWhoami(), auth: { bearer } } },
    });
    const listing = await source?.list({ signal });
    const failure = source?.call({ upstreamName: listing?.tools[0]?.upstreamName ?? "", args: {} }, context);
    await expect(failure).rejects.toMatchObject({ message: expect.stringMatching(words) });
  });
});
