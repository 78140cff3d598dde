/**
 * What a snippet or a document can do to the requests of an OpenAPI source, through the whole product: they
 * stay on their operation's path and on the origin that the operator named.
 */
import { afterEach, describe, expect, it } from "vitest";
import { createCodemode, createOpenApiSource, type Codemode } from "../../src/index.ts";
import type { OpenApiSourceOptions } from "../../src/connectors/openapi/openapi-source-options.ts";
import {
  startRecordingServer,
  type Answer,
  type RecordingServer,
} from "../fixtures/openapi/recording-server.ts";
import { canary } from "./canary.ts";
import { prototypesToText } from "./host-state.ts";
import { engines } from "./hostile-host.ts";

const toClose: (() => PromiseLike<unknown>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).toReversed()) await close();
});

async function serve(answer?: Answer): Promise<RecordingServer> {
  const server = await startRecordingServer(answer);
  toClose.push(() => server[Symbol.asyncDispose]());
  return server;
}

const [, createEngine] = engines[0] ?? [];
function open(spec: object, options: Omit<OpenApiSourceOptions, "spec"> = {}): Codemode {
  if (createEngine === undefined) throw new Error("no engine");
  const codemode = createCodemode({
    sources: [createOpenApiSource("pets", { spec, limits: { retries: 0 }, ...options })],
    engine: createEngine({ prewarm: 1 }),
    check: "off",
    policy: "allow-all",
    limits: { callMs: 3_000 },
  });
  toClose.push(() => codemode.close());
  return codemode;
}

const inPath = { name: "id", in: "path", required: true, schema: { type: "string" } };
const inHeader = (name: string) => ({ name, in: "header", schema: { type: "string" } });

function document(over: object = {}, parameters: readonly object[] = []): object {
  const responses = { 200: { description: "ok", content: { "application/json": { schema: {} } } } };
  return {
    openapi: "3.0.3",
    info: { title: "Pets", version: "1" },
    paths: {
      "/pets/{id}/toys": { get: { operationId: "toys", parameters: [inPath, ...parameters], responses } },
      "/pets": { get: { operationId: "list", parameters, responses } },
    },
    ...over,
  };
}

const credentials = { for: async () => ({ bearer: canary }) };

/** Runs the call; the error's code, or that it answered. */
async function attempt(codemode: Codemode, call: string): Promise<string> {
  const execution = await codemode.execute({
    code: `try { await ${call}; return "answered" } catch (error) { return String(error.code) }`,
  });
  expect(execution.document.status).toBe("completed");
  expect(JSON.stringify(execution)).not.toContain(canary);
  return execution.document.result === "answered"
    ? "answered"
    : JSON.stringify(execution.document.result).slice(1, -1);
}

describe("34. a path parameter", () => {
  const values = [
    "..",
    ".",
    "../../admin",
    "%2e%2e",
    "%2e%2e%2fadmin",
    "a/b",
    "a\\b",
    "a?admin=1",
    "a#b",
    "a\0b",
    "",
    "..;/admin",
    "a%00",
    "//evil.example",
    "\u2024\u2024",
    "a b",
  ];

  it.each(values)("%j stays on its operation's path", async (id) => {
    const server = await serve();
    const codemode = open(document(), { baseUrl: `${server.origin}/v1` });
    const code = await attempt(codemode, `tools.pets.toys({ id: ${JSON.stringify(id)} })`);
    for (const { target } of server.requests) expect(target).toMatch(/^\/v1\/pets\/[^/?#\\]+\/toys$/);
    for (const { target } of server.requests) {
      const segment = decodeURIComponent(target.split("/")[3] ?? "");
      expect(segment, "byte for byte").toBe(id);
      expect(segment).not.toMatch(/^\.{0,2}$/);
    }
    expect(code).toMatch(/^(answered|tool_arguments_invalid)$/);
    expect(server.requests).toHaveLength(code === "answered" ? 1 : 0);
  });
});

describe("35. another origin", () => {
  it.each([301, 302, 303, 307, 308])(
    "a redirect (%i) leads nowhere else, and the secret stays",
    async (status) => {
      const other = await serve();
      const server = await serve(() => ({ status, headers: { Location: `${other.origin}/v1/pets` } }));
      const codemode = open(document(), { baseUrl: `${server.origin}/v1`, credentials });
      expect(await attempt(codemode, "tools.pets.list({})")).toBe("tool_failed");
      expect([server.requests.length, other.requests.length]).toEqual([1, 0]);
    },
  );

  it.each([
    ["link-local", "http://169.254.169.254/latest"],
    ["loopback", "LOOPBACK"],
    ["loopback by name", "NAME"],
    ["private", "http://10.0.0.1/"],
    ["an address as a number", "http://2130706433/"],
    ["a user before the host", "http://api.example@127.0.0.1/"],
    ["a file", "file:///etc/"],
  ])("a document's own server: %s", async (_, url) => {
    const server = await serve();
    const real = url
      .replace("LOOPBACK", server.origin)
      .replace("NAME", server.origin.replace("127.0.0.1", "localhost"));
    const codemode = open(document({ servers: [{ url: real }] }), { credentials });
    expect(await attempt(codemode, "tools.pets.list({})")).not.toBe("answered");
    expect(server.requests).toEqual([]);
  });
});

describe("36. headers", () => {
  it.each(["a\r\nX-Evil: 1", "a\nHost: evil", "a\r", "a\0b", "\r\n\r\nGET /admin HTTP/1.1"])(
    "the value %j adds no header and no request",
    async (value) => {
      const server = await serve();
      const codemode = open(document({}, [inHeader("X-Note")]), { baseUrl: server.origin });
      const code = await attempt(codemode, `tools.pets.list({ "X-Note": ${JSON.stringify(value)} })`);
      expect(code).not.toBe("answered");
      expect(server.requests).toEqual([]);
    },
  );

  it.each(["Host", "Authorization", "Cookie", "Transfer-Encoding", "Content-Length", "Connection"])(
    "a parameter called %s is not the snippet's to set",
    async (name) => {
      const server = await serve();
      const codemode = open(document({}, [inHeader(name)]), { baseUrl: server.origin, credentials });
      await attempt(codemode, `tools.pets.list({ ${JSON.stringify(name)}: "evil" })`);
      for (const { headers } of server.requests)
        expect(
          headers.filter(
            ([own, value]) => own.toLowerCase() === name.toLowerCase() && value.includes("evil"),
          ),
        ).toEqual([]);
    },
  );
});

describe("37. a hostile document", () => {
  const loop = {
    components: { schemas: { A: { $ref: "#/components/schemas/B" }, B: { $ref: "#/components/schemas/A" } } },
  };
  const body = { name: "a", in: "query", schema: { $ref: "#/components/schemas/A" } };

  it.each<[what: string, make: (origin: string) => object]>([
    ["references in a ring", () => document(loop, [body])],
    [
      "a schema within itself",
      () =>
        document(
          {
            components: {
              schemas: { A: { type: "object", properties: { a: { $ref: "#/components/schemas/A" } } } },
            },
          },
          [body],
        ),
    ],
    [
      "a remote reference",
      (origin) => document({}, [{ name: "a", in: "query", schema: { $ref: `${origin}/schema.json` } }]),
    ],
    [
      "a reference to a file",
      () => document({}, [{ name: "a", in: "query", schema: { $ref: "file:///etc/passwd" } }]),
    ],
    [
      "names of prototypes",
      () =>
        document(
          JSON.parse(
            '{"components":{"schemas":{"__proto__":{"type":"string"},"constructor":{"type":"string"},"A":{"$ref":"#/components/schemas/__proto__"}}}}',
          ) as object,
          [body],
        ),
    ],
    [
      "operations named like prototypes",
      () =>
        document({
          paths: {
            "/x": Object.fromEntries(
              ["get", "put", "post"].map((method, at) => [
                method,
                { operationId: ["__proto__", "constructor", "then"][at], responses: {} },
              ]),
            ),
            "/pets": { get: { operationId: "list", responses: {} } },
          },
        }),
    ],
    [
      "ten thousand operations",
      () =>
        document({
          paths: Object.fromEntries([
            ...Array.from({ length: 10_000 }, (_, at) => [
              `/p${at}`,
              { get: { operationId: `o${at}`, responses: {} } },
            ]),
            ["/pets", { get: { operationId: "list", responses: {} } }],
          ]),
        }),
    ],
  ])("%s: what can be called still is", async (_, make) => {
    const before = prototypesToText();
    const server = await serve();
    const codemode = open(make(server.origin), { baseUrl: server.origin });
    await codemode.catalog({ fresh: true });
    const [source] = codemode.sources();
    expect(source?.status.state).toBe("ready");
    expect(await attempt(codemode, "tools.pets.list({})")).toBe("answered");
    expect(
      server.requests.map((request) => request.target).filter((target) => !target.startsWith("/pets")),
    ).toEqual([]);
    expect(prototypesToText()).toBe(before);
  });
});
