/** How a source comes by its document, and what it never takes from one. */
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { callSource, listSource } from "../../../test/fixtures/openapi/call-source.ts";
import {
  canary,
  credentials,
  failure,
  openPets,
  petsDocument,
  serve,
} from "../../../test/fixtures/openapi/pets.ts";
import { header, type RecordingServer } from "../../../test/fixtures/openapi/recording-server.ts";
import type { OpenApiSourceOptions } from "./openapi-source-options.ts";

describe("the document", () => {
  async function folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), "openapi-"));
    onTestFinished(() => rm(path, { recursive: true, force: true }));
    return path;
  }

  test("is kept parsed under the hash of its text, and parsed anew when that changes or is spoilt", async () => {
    const cacheFolder = await folder();
    const file = join(await folder(), "pets.json");
    await writeFile(file, JSON.stringify(petsDocument()));
    const details = async () => {
      const source = openPets({ spec: file, cacheFolder });
      await listSource(source);
      return source.status().details?.[1];
    };
    expect(await details()).toBe("document parsed");
    expect(await details()).toBe("document loaded from its kept form");
    const [kept = ""] = await readdir(cacheFolder);
    expect(kept).toMatch(/^[0-9a-f]{64}\.json$/);
    await writeFile(join(cacheFolder, kept), (await readFile(join(cacheFolder, kept), "utf8")).slice(0, 50));
    expect(await details()).toBe("document parsed");
    await writeFile(file, JSON.stringify(petsDocument({ info: { title: "Other", version: "2" } })));
    expect(await details()).toBe("document parsed");
  });

  test("a changed file changes the fingerprint and the next listing", async () => {
    const file = join(await folder(), "pets.yaml");
    await writeFile(file, "openapi: 3.0.0\ninfo: {title: One, version: '1'}\npaths: {}\n");
    const source = openPets({ spec: file });
    expect((await listSource(source)).title).toBe("One");
    await writeFile(file, "openapi: 3.0.0\ninfo: {title: Two, version: '1'}\npaths: {}\n");
    await utimes(file, 1, 1);
    expect((await listSource(source)).title).toBe("Two");
    expect(openPets({ spec: file }).fingerprint).not.toBe(source.fingerprint);
  });

  test("comes from a URL, to which its servers are relative", async () => {
    const server = await serve(({ target }) =>
      target === "/docs/openapi.json"
        ? { body: JSON.stringify(petsDocument({ servers: [{ url: "../api" }] })) }
        : { body: '"called"' },
    );
    const source = openPets({ spec: `${server.origin}/docs/openapi.json` });
    expect(await callSource(source, "get")).toBe("called");
    expect(server.last().target).toBe("/api/pets");
  });

  test.each<
    [
      what: string,
      make: (server: RecordingServer) => OpenApiSourceOptions["spec"],
      code: string,
      message: RegExp,
    ]
  >([
    ["a missing file", () => "/no/such/file.json", "source_unavailable", /does not exist/],
    ["a missing URL", (server) => `${server.origin}/missing`, "source_unavailable", /answered 404/],
    ["a URL that leads inside", (server) => `${server.origin}/away`, "source_unavailable", /private address/],
    [
      "no description at all",
      () => ({ hello: "world" }),
      "source_invalid",
      /no "openapi" or "swagger" field/,
    ],
    ["an unknown version", () => ({ openapi: "4.0.0" }), "source_invalid", /version "4.0.0"/],
    [
      "an object that contains itself",
      () => {
        const looped: { self?: object } = {};
        looped.self = looped;
        return looped;
      },
      "source_invalid",
      /no plain JSON object/,
    ],
    ["a list", () => [], "source_invalid", /not an object/],
  ])("%s is a coded error and the source's state", async (_what, make, code, message) => {
    const server = await serve(({ target }) =>
      target === "/away" ? { status: 302, headers: { Location: "http://127.0.0.1:1/" } } : { status: 404 },
    );
    const source = openPets({ spec: make(server) });
    const error = await failure(listSource(source));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(source.status()).toMatchObject({ state: "failed", reason: expect.stringMatching(message) });
  });

  test("a source is idle until it is asked, shares one load, and stays closed", async () => {
    const server = await serve(() => ({ body: JSON.stringify(petsDocument()) }));
    const source = openPets({ spec: `${server.origin}/openapi.json` });
    expect(source.status()).toEqual({ state: "idle" });
    await Promise.all([listSource(source), listSource(source)]);
    expect(server.requests).toHaveLength(1);
    expect(source.status().state).toBe("ready");
    await source[Symbol.asyncDispose]();
    expect(source.status()).toEqual({ state: "closed" });
    expect(await failure(callSource(source, "get"))).toMatchObject({ code: "source_unavailable" });
  });
});

describe("headers that a document may not hand to a snippet", () => {
  test.each([
    "Host",
    "Cookie",
    "Transfer-Encoding",
    "Content-Length",
    "Connection",
    "Proxy-Authorization",
    "Upgrade",
    "Bad Name",
    "X\r\nY",
  ])("%j is left out and said", async (name) => {
    const source = openPets({
      spec: petsDocument({}, { parameters: [{ name, in: "header", schema: { type: "string" } }] }),
    });
    const { tools, issues } = await listSource(source);
    expect(tools[0]?.input).toHaveProperty("properties", {});
    expect(issues[0]).toMatchObject({
      kind: "repaired",
      reason: expect.stringContaining("belongs to the connection"),
    });
  });

  test.each(["Authorization", "Accept", "Content-Type"])("%s is set from elsewhere", async (name) => {
    const source = openPets({
      spec: petsDocument({}, { parameters: [{ name, in: "header", required: true, schema: {} }] }),
    });
    const { tools, issues } = await listSource(source);
    expect(tools[0]?.input).toHaveProperty("properties", {});
    expect(issues).toEqual([]);
  });

  test.each(["a\r\nX-Evil: 1", "a\nb", "a\0b", "漢字", "a\u007f"])(
    "the value %j is refused",
    async (value) => {
      const server = await serve();
      const source = openPets({
        spec: petsDocument({}, { parameters: [{ name: "X-Color", in: "header", schema: {} }] }),
        baseUrl: server.origin,
      });
      expect(await failure(callSource(source, "get", { "X-Color": value }))).toMatchObject({
        code: "tool_arguments_invalid",
      });
      expect(server.requests).toHaveLength(0);
    },
  );
});

describe("parameters that are the operator's", () => {
  const parameters = [
    { name: "token", in: "query", required: true, schema: { type: "string" } },
    { name: "X-Key", in: "header", required: true, schema: { type: "string" } },
    { name: "q", in: "query", schema: { type: "string" } },
  ];
  const body = {
    type: "object",
    properties: { token: { type: "string" }, text: { type: "string" } },
    required: ["token"],
  };
  const document = petsDocument(
    { components: { securitySchemes: { k: { type: "apiKey", in: "header", name: "X-Key" } } } },
    { parameters, requestBody: { content: { "application/x-www-form-urlencoded": { schema: body } } } },
  );
  const input = async (options: Partial<OpenApiSourceOptions>) => {
    const { tools } = await listSource(openPets({ spec: document, ...options }));
    return tools.find((tool) => tool.upstreamName === "post")?.input;
  };

  test("are shown unless they are hidden by name, or are where the host puts a key", async () => {
    expect(await input({})).toMatchObject({
      properties: { token: {}, "X-Key": {}, q: {} },
      required: ["token", "X-Key"],
    });
    const shown = await input({ hide: ["token"], credentials: credentials({ apiKey: canary }) });
    expect(shown).toEqual({
      type: "object",
      properties: {
        q: { type: "string" },
        body: { type: "object", properties: { text: { type: "string" } } },
      },
      additionalProperties: false,
    });
  });

  test("are not asked for at the call", async () => {
    const server = await serve();
    const source = openPets({
      spec: document,
      baseUrl: server.origin,
      hide: ["token"],
      credentials: credentials({ apiKey: canary }),
    });
    await callSource(source, "post", { q: "x", body: { text: "y" } });
    expect(server.last().line).toBe("POST /pets?q=x HTTP/1.1");
    expect(header(server.last(), "x-key")).toBe(canary);
  });
});
