/** An API behind its document, as a user has it: the example run by the program, and requests byte by byte. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { isolatedEnvironment, root, runCli } from "../fixtures/built-cli.ts";
import { petsDocument } from "../fixtures/openapi/pets.ts";
import { header, startRecordingServer, type RecordingServer } from "../fixtures/openapi/recording-server.ts";
import {
  createCodemode,
  createOpenApiSource,
  createQuickJsEngine,
  createWorkerdEngine,
  type Json,
} from "../../src/index.ts";

const example = join(root, "examples/openapi");
const key = "canary-shop-key-8c1f";

async function startShop(): Promise<{ readonly url: string; readonly asked: string[] }> {
  const child = spawn(process.execPath, [join(example, "shop-server.js"), "0"], {
    env: { SHOP_KEY: key },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  const asked: string[] = [];
  child.stdout.on("data", (chunk) => asked.push(...String(chunk).trim().split("\n")));
  await once(child.stdout, "data");
  return { url: asked.shift()?.split(" ").at(-1) ?? "", asked };
}

it("the example: reads in pages, asks before it writes, and never shows its key", async () => {
  const { url, asked } = await startShop();
  const env = { ...isolatedEnvironment(), SHOP_URL: url, SHOP_KEY: key };
  const config = ["--config", join(example, "codemode.json")];
  const seen: string[] = [];
  const codemode = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await runCli([...args, ...config], { env });
    seen.push(stdout, stderr);
    return stdout;
  };

  const found = await codemode("search", "paid orders");
  expect(found).toMatch(/^shop\.orders\.list read\n/);
  expect(found).toContain('status?: "open" | "paid" | "cancelled"');

  const paid = await codemode("run", join(example, "paid-by-city.snippet.ts"));
  expect(JSON.parse(paid)).toEqual({ Bergen: 191_000, Kyoto: 190_000, Lyon: 207_000 });
  expect(asked.filter((line) => line.startsWith("GET /orders"))).toHaveLength(3);
  expect(asked.filter((line) => line.startsWith("GET /customers"))).toHaveLength(6);

  await codemode("run", join(example, "thank.snippet.ts"));
  expect(asked.filter((line) => line.startsWith("POST"))).toEqual([]);
  await codemode("approve", "--all");
  expect(asked.filter((line) => line.startsWith("POST"))).toEqual(["POST /orders/o0/notes"]);
  const done = await codemode("approve", "--all");
  expect(done).toContain('There is no orders \\"o999\\".');
  expect(done).toMatch(/"notes": \[\s*"Thank you!"\s*\]/);
  expect(seen.join("\n")).not.toContain(key);
});

it.each([
  ["a wrong key", { SHOP_KEY: "another" }, /401/],
  ["no key", {}, /SHOP_KEY/],
])("the example with %s says so", async (_what, given, message) => {
  const { url } = await startShop();
  const env = { ...isolatedEnvironment(), SHOP_URL: url, ...given };
  const { stdout, stderr } = await runCli(
    ["run", join(example, "paid-by-city.snippet.ts"), "--config", join(example, "codemode.json")],
    { env },
  );
  expect(stdout + stderr).toMatch(message);
});

const secret = "canary-credential-77ab";
const basic = Buffer.from(`me:${secret}`).toString("base64");

/** Arguments as a program writes them, and the request line that they are to become. */
const requests: readonly (readonly [tool: string, args: string, line: string])[] = [
  ["simple", "{ color: ['blue', 'a b'] }", "GET /v1/simple/blue,a%20b HTTP/1.1"],
  ["labelExplode", "{ color: { R: 100, G: 200 } }", "GET /v1/label-explode/.R=100.G=200 HTTP/1.1"],
  ["matrixExplode", "{ color: ['a', 'b'] }", "GET /v1/matrix-explode/;color=a;color=b HTTP/1.1"],
  ["multiSegment", "{ path: 'src/a b/c.ts' }", "GET /v1/files/src/a%20b/c.ts HTTP/1.1"],
  ["form", "{ color: ['a,b', 'c'] }", "GET /v1/form?color=a%2Cb,c HTTP/1.1"],
  ["formExplode", "{ color: ['a', 'b'] }", "GET /v1/form-explode?color=a&color=b HTTP/1.1"],
  ["space", "{ color: ['a', 'b'] }", "GET /v1/space?color=a%20b HTTP/1.1"],
  ["pipe", "{ color: ['a', 'b'] }", "GET /v1/pipe?color=a%7Cb HTTP/1.1"],
  ["deep", "{ color: { a: { b: 'c' } } }", "GET /v1/deep?color%5Ba%5D%5Bb%5D=c HTTP/1.1"],
  ["reserved", "{ color: 'a/b?c' }", "GET /v1/reserved?color=a/b?c HTTP/1.1"],
  ["queryContent", "{ color: { a: 1 } }", "GET /v1/query-content?color=%7B%22a%22%3A1%7D HTTP/1.1"],
  [
    "formExplode",
    "{ color: 12345678901234567890n }",
    "GET /v1/form-explode?color=12345678901234567890 HTTP/1.1",
  ],
];

/** Ways to authenticate, and the bytes that the request must hold. */
const ways: readonly (readonly [way: string, scheme: object, credential: Json, bytes: string])[] = [
  ["a bearer token", { type: "http", scheme: "bearer" }, { bearer: secret }, `Bearer ${secret}`],
  [
    "basic",
    { type: "http", scheme: "basic" },
    { basic: { username: "me", password: secret } },
    `Basic ${basic}`,
  ],
  [
    "a key in a header",
    { type: "apiKey", in: "header", name: "X-Key" },
    { apiKey: secret },
    `X-Key: ${secret}`,
  ],
  [
    "a key in the query",
    { type: "apiKey", in: "query", name: "key" },
    { apiKey: secret },
    `/pets?key=${secret} `,
  ],
  [
    "a key in a cookie",
    { type: "apiKey", in: "cookie", name: "sid" },
    { apiKey: secret },
    `Cookie: sid=${secret}`,
  ],
];

async function startServer(...args: Parameters<typeof startRecordingServer>): Promise<RecordingServer> {
  const server = await startRecordingServer(...args);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

describe.each([
  ["workerd", createWorkerdEngine],
  ["quickjs", createQuickJsEngine],
])("from a program on %s", (_engine, createEngine) => {
  it("every style arrives byte for byte", async () => {
    const server = await startServer();
    const styles = createOpenApiSource("styles", {
      spec: join(root, "test/fixtures/openapi/styles.json"),
      baseUrl: `${server.origin}/v1`,
    });
    await using codemode = createCodemode({ sources: [styles], engine: createEngine() });
    const calls = requests.map(([tool, args]) => `await tools.styles.${tool}(${args} as any);`);
    const { document } = await codemode.execute({ code: calls.join("\n") });
    expect(document.error).toBeUndefined();
    expect(server.requests.map(({ line }) => line)).toEqual(requests.map(([, , line]) => line));
  });

  it.each(ways)("%s is in its own request and nowhere else", async (_way, scheme, credential, bytes) => {
    const other = await startServer();
    const server = await startServer((request) => ({
      status: 418,
      headers: {
        "Content-Type": "application/json",
        "X-Echo": request.bytes.toString("base64").slice(0, 500),
      },
      body: JSON.stringify({ echo: request.bytes.toString(), target: request.target }),
    }));
    const document = petsDocument({ components: { securitySchemes: { s: scheme } }, security: [{ s: [] }] });
    const sources = [
      createOpenApiSource("pets", {
        spec: document,
        baseUrl: server.origin,
        credentials: { for: async () => credential },
      }),
      createOpenApiSource("others", { spec: document, baseUrl: other.origin }),
    ];
    await using codemode = createCodemode({ sources, engine: createEngine(), policy: "allow-all" });
    const { document: run, text } = await codemode.execute({
      code: `const seen = [JSON.stringify(Object.keys(globalThis))];
for (const call of [tools.pets.get, tools.others.get]) {
  try { seen.push(await (call as any)({})); }
  catch (error) { seen.push(JSON.stringify([error.message, error.data, error.stack])); }
}
console.log(seen);
return seen;`,
    });
    expect(run.error).toBeUndefined();
    expect(server.last().bytes.toString().toLowerCase()).toContain(bytes.toLowerCase());
    expect(other.requests).toHaveLength(1);
    expect(header(other.last(), "authorization")).toBeUndefined();
    const everything = [text, JSON.stringify(run), other.last().bytes.toString()].join("\n");
    for (const each of [secret, basic]) expect(everything).not.toContain(each);
  });
});
