/** What leaves the host, byte by byte, from a document to a socket. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callSource } from "../../../test/fixtures/openapi/call-source.ts";
import {
  header,
  type RecordedRequest,
  type RecordingServer,
  startRecordingServer,
} from "../../../test/fixtures/openapi/recording-server.ts";
import type { Source } from "../../spec/source.ts";
import type { Value } from "../../spec/value.ts";
import { createOpenApiSource } from "./create-openapi-source.ts";

const fixtures = join(import.meta.dirname, "../../../test/fixtures/openapi");

let server: RecordingServer;

beforeAll(async () => {
  server = await startRecordingServer();
});
afterAll(() => server[Symbol.asyncDispose]());

async function sent(source: Source, upstreamName: string, args: Value): Promise<RecordedRequest> {
  const before = server.requests.length;
  await callSource(source, upstreamName, args);
  expect(server.requests).toHaveLength(before + 1);
  return server.last();
}

describe("parameters", () => {
  let source: Source;
  beforeAll(() => {
    source = createOpenApiSource("styles", {
      spec: join(fixtures, "styles.json"),
      baseUrl: `${server.origin}/v1`,
    });
  });
  afterAll(() => source[Symbol.asyncDispose]());

  const list = ["blue", "black", "brown"];
  const map = { R: 100, G: 200, B: 150 };

  // OpenAPI 3.1.1, "Style Examples"; what that leaves open follows RFC 6570 and RFC 3986.
  test.each<[operation: string, value: Value, target: string]>([
    ["simple", "blue", "/v1/simple/blue"],
    ["simple", list, "/v1/simple/blue,black,brown"],
    ["simple", map, "/v1/simple/R,100,G,200,B,150"],
    ["simpleExplode", list, "/v1/simple-explode/blue,black,brown"],
    ["simpleExplode", map, "/v1/simple-explode/R=100,G=200,B=150"],
    ["simple", 0, "/v1/simple/0"],
    ["simple", false, "/v1/simple/false"],
    ["simple", 12345678901234567890n, "/v1/simple/12345678901234567890"],
    ["simple", "a b&c=d;e,f@g:h+i~j'k", "/v1/simple/a%20b%26c%3Dd%3Be%2Cf%40g%3Ah%2Bi~j%27k"],
    ["simple", "é漢😀", "/v1/simple/%C3%A9%E6%BC%A2%F0%9F%98%80"],
    ["simple", "100%", "/v1/simple/100%25"],
    ["simple", "\ud800", "/v1/simple/%EF%BF%BD"],
    ["simple", "...", "/v1/simple/..."],
    ["simple", new Date(0), "/v1/simple/1970-01-01T00%3A00%3A00.000Z"],
    ["label", "blue", "/v1/label/.blue"],
    ["label", list, "/v1/label/.blue,black,brown"],
    ["label", map, "/v1/label/.R,100,G,200,B,150"],
    ["labelExplode", list, "/v1/label-explode/.blue.black.brown"],
    ["labelExplode", map, "/v1/label-explode/.R=100.G=200.B=150"],
    ["matrix", "blue", "/v1/matrix/;color=blue"],
    ["matrix", list, "/v1/matrix/;color=blue,black,brown"],
    ["matrix", map, "/v1/matrix/;color=R,100,G,200,B,150"],
    ["matrixExplode", list, "/v1/matrix-explode/;color=blue;color=black;color=brown"],
    ["matrixExplode", map, "/v1/matrix-explode/;R=100;G=200;B=150"],
    ["pathContent", { a: [1] }, "/v1/path-content/%7B%22a%22%3A%5B1%5D%7D"],
    ["form", "", "/v1/form?color="],
    ["form", "blue", "/v1/form?color=blue"],
    ["form", list, "/v1/form?color=blue,black,brown"],
    ["form", map, "/v1/form?color=R,100,G,200,B,150"],
    ["form", ["a,b", "c d"], "/v1/form?color=a%2Cb,c%20d"],
    ["form", [], "/v1/form"],
    ["form", {}, "/v1/form"],
    ["form", null, "/v1/form"],
    ["formExplode", list, "/v1/form-explode?color=blue&color=black&color=brown"],
    ["formExplode", new Set(list), "/v1/form-explode?color=blue&color=black&color=brown"],
    ["formExplode", map, "/v1/form-explode?R=100&G=200&B=150"],
    ["formExplode", new Map([["R", 100]]), "/v1/form-explode?R=100"],
    ["formExplode", "a&b=c#d?e+f g", "/v1/form-explode?color=a%26b%3Dc%23d%3Fe%2Bf%20g"],
    ["formExplode", [null, "x", undefined], "/v1/form-explode?color=x"],
    ["space", list, "/v1/space?color=blue%20black%20brown"],
    ["space", map, "/v1/space?color=R%20100%20G%20200%20B%20150"],
    ["pipe", list, "/v1/pipe?color=blue%7Cblack%7Cbrown"],
    ["pipe", map, "/v1/pipe?color=R%7C100%7CG%7C200%7CB%7C150"],
    ["deep", map, "/v1/deep?color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"],
    ["deep", { a: { b: "c" }, d: ["e"] }, "/v1/deep?color%5Ba%5D%5Bb%5D=c&color%5Bd%5D%5B0%5D=e"],
    ["reserved", "a/b?c=d,e;f:g@h%41", "/v1/reserved?color=a/b?c=d,e;f:g@h%41"],
    ["reserved", "a&b#c[d]+%e", "/v1/reserved?color=a%26b%23c%5Bd%5D%2B%25e"],
    ["queryContent", { a: "b c" }, "/v1/query-content?color=%7B%22a%22%3A%22b%20c%22%7D"],
    ["fixedQuery", "blue", "/v1/fixed?action=copy&color=blue"],
  ])("%s %o → %s", async (operation, value, target) => {
    const request = await sent(source, operation, { color: value });
    expect(request.line).toBe(`GET ${target} HTTP/1.1`);
  });

  test("several parameters share a segment, and names are encoded too", async () => {
    expect((await sent(source, "mixed", { a: "x-y", b: 1, ext: "tar.gz" })).target).toBe(
      "/v1/mixed/x-y-1.tar.gz",
    );
    expect((await sent(source, "oddNames", { "page[size]": 5, "a&b=c": "d" })).target).toBe(
      "/v1/odd-names?page%5Bsize%5D=5&a%26b%3Dc=d",
    );
  });

  test("a parameter over several segments keeps its slashes only", async () => {
    expect((await sent(source, "multiSegment", { path: "src/a b/c_d.ts" })).target).toBe(
      "/v1/files/src/a%20b/c_d.ts",
    );
  });

  test.each<[operation: string, value: Value, name: string, text: string]>([
    ["header", "blue", "x-color", "blue"],
    ["header", ["blue", "black"], "x-color", "blue,black"],
    ["header", { R: 100, G: 200 }, "x-color", "R,100,G,200"],
    ["headerExplode", { R: 100, G: 200 }, "x-color", "R=100,G=200"],
    ["headerContent", { a: "ü" }, "x-color", '{"a":"ü"}'],
    ["cookie", "a b;c", "cookie", "color=a%20b%3Bc"],
    ["cookie", ["a", "b"], "cookie", "color=a; color=b"],
    ["cookieFlat", ["a", "b"], "cookie", "color=a,b"],
  ])("%s %o → %s: %s", async (operation, value, name, text) => {
    const request = await sent(source, operation, { color: value, "X-Color": value });
    expect(header(request, name)).toBe(text);
  });

  test("the request holds nothing that was not asked for", async () => {
    const request = await sent(source, "form", { color: "blue" });
    expect(request.headers.map(([name]) => name.toLowerCase()).sort()).toEqual([
      "accept",
      "accept-encoding",
      "connection",
      "host",
      "user-agent",
    ]);
    expect(header(request, "host")).toBe(`127.0.0.1:${server.port}`);
  });
});
