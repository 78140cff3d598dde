/** What becomes of the answers of an API. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { callSource } from "../../../test/fixtures/openapi/call-source.ts";
import { failure, openPets, petsDocument, serve } from "../../../test/fixtures/openapi/pets.ts";
import type { Answer } from "../../../test/fixtures/openapi/recording-server.ts";

describe("answers", () => {
  test.each<[what: string, answer: Answer, value: unknown]>([
    ["JSON", () => ({ body: '{"a":[1,null]}' }), { a: [1, null] }],
    [
      "JSON of a suffix type",
      () => ({ body: "[1]", headers: { "Content-Type": "application/hal+json; charset=utf-8" } }),
      [1],
    ],
    [
      "integers too long for a number",
      () => ({ body: '{"id":12345678901234567890,"n":1.5,"s":"12345678901234567890"}' }),
      { id: 12345678901234567890n, n: 1.5, s: "12345678901234567890" },
    ],
    ["text", () => ({ body: "hello", headers: { "Content-Type": "text/csv" } }), "hello"],
    [
      "text in another charset",
      () => ({
        body: Buffer.from("caf\u00e9", "latin1"),
        headers: { "Content-Type": "text/plain; charset=iso-8859-1" },
      }),
      "café",
    ],
    [
      "bytes",
      () => ({ body: Buffer.from([0, 255]), headers: { "Content-Type": "application/pdf" } }),
      new Uint8Array([0, 255]),
    ],
    ["nothing", () => ({ status: 204 }), null],
    ["an empty body", () => ({ body: "" }), null],
    ["gzip", () => ({ body: gzipSync('{"z":1}'), headers: { "Content-Encoding": "gzip" } }), { z: 1 }],
    [
      "prototype names",
      () => ({ body: '{"__proto__":{"x":1},"constructor":2}' }),
      JSON.parse('{"__proto__":{"x":1},"constructor":2}'),
    ],
  ])("%s", async (_what, answer, value) => {
    const server = await serve(answer);
    expect(await callSource(openPets({ spec: petsDocument(), baseUrl: server.origin }), "get")).toEqual(
      value,
    );
  });

  test("HEAD has no body", async () => {
    const server = await serve();
    expect(await callSource(openPets({ spec: petsDocument(), baseUrl: server.origin }), "head")).toBeNull();
  });

  test.each<[what: string, body: string | Uint8Array, headers: { [name: string]: string }, message: RegExp]>([
    ["too large", "x".repeat(2_000), { "Content-Type": "text/plain" }, /larger than 1000 bytes/],
    [
      "a bomb",
      gzipSync("0".repeat(10_000_000)),
      { "Content-Type": "text/plain", "Content-Encoding": "gzip" },
      /larger than 1000 bytes/,
    ],
    ["too deep", "[".repeat(300), {}, /deeper than 200/],
    ["no JSON", "{oops", {}, /not valid JSON/],
  ])("%s is refused", async (_what, body, headers, message) => {
    const server = await serve(() => ({ body, headers }));
    const source = openPets({ spec: petsDocument(), baseUrl: server.origin });
    const error = await failure(callSource(source, "get", {}, { maxResultBytes: 1_000 }));
    expect(error).toMatchObject({ code: "tool_result_invalid", message: expect.stringMatching(message) });
  });

  test("limits hold on their other side as well", async () => {
    const server = await serve(({ target }) => ({
      body: target.includes("deep") ? "[".repeat(200) + "]".repeat(200) : `"${"x".repeat(998)}"`,
    }));
    const deep = openPets({ spec: petsDocument(), baseUrl: `${server.origin}/deep` });
    const large = openPets({ spec: petsDocument(), baseUrl: server.origin });
    expect(await callSource(large, "get", {}, { maxResultBytes: 1_000 })).toHaveLength(998);
    expect(await callSource(deep, "get", {}, { maxResultBytes: 1_000 })).toHaveLength(1);
  });
});

describe("failures", () => {
  test.each<[what: string, body: string, message: string]>([
    ["message", '{"message":"Not Found","documentation_url":"x"}', "pets answered 404 Not Found: Not Found"],
    [
      "nested",
      '{"error":{"message":"No such customer","type":"invalid"}}',
      "pets answered 404 Not Found: No such customer",
    ],
    [
      "details",
      '{"message":"Validation Failed","errors":[{"message":"name is taken"}]}',
      "pets answered 404 Not Found: Validation Failed (name is taken)",
    ],
    [
      "fields",
      '{"errorMessages":[],"errors":{"summary":"is required"}}',
      "pets answered 404 Not Found: summary: is required",
    ],
    ["problem", '{"title":"Gone","detail":"It left."}', "pets answered 404 Not Found: It left."],
    ["page", "<html><body><h1>Not here</h1></body></html>", "pets answered 404 Not Found: Not here"],
    ["nothing", "", "pets answered 404 Not Found"],
  ])("the API's own words: %s", async (what, body, message) => {
    const type = what === "page" ? "text/html" : "application/json";
    const server = await serve(() => ({
      status: 404,
      body,
      headers: { "Content-Type": type, "X-Request-Id": "r1", "X-Other": "o" },
    }));
    const error = await failure(
      callSource(openPets({ spec: petsDocument(), baseUrl: server.origin }), "get"),
    );
    expect(error).toMatchObject({
      code: "tool_failed",
      message,
      data: { status: 404, headers: { "x-request-id": "r1" } },
    });
    expect(error["data"]).not.toHaveProperty("headers.x-other");
  });

  test("the body is parsed and bounded", async () => {
    const server = await serve(({ method }) => ({
      status: 422,
      body: method === "GET" ? '{"a":1}' : `{"a":"${"x".repeat(50_000)}"}`,
    }));
    const source = openPets({ spec: petsDocument(), baseUrl: server.origin });
    expect(await failure(callSource(source, "get"))).toHaveProperty("data.body", { a: 1 });
    expect(JSON.stringify((await failure(callSource(source, "post")))["data"]).length).toBeLessThan(20_000);
  });

  test("an unreachable host was certainly not sent anything", async () => {
    const server = await serve();
    await server[Symbol.asyncDispose]();
    const source = openPets({ spec: petsDocument(), baseUrl: server.origin });
    expect(await failure(callSource(source, "post"))).toMatchObject({
      code: "source_unavailable",
      outcome: "not_sent",
    });
  });

  test("a write whose connection is lost may have been carried out, and is not repeated", async () => {
    const server = await serve(() => ({ hangUp: true }));
    const error = await failure(
      callSource(openPets({ spec: petsDocument(), baseUrl: server.origin }), "post"),
    );
    expect(error).toMatchObject({
      code: "source_unavailable",
      hint: expect.stringContaining("may have been carried out"),
    });
    expect(error["data"]).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  test("deadline and cancellation", async () => {
    const server = await serve(() => ({ silent: true }));
    const source = openPets({ spec: petsDocument(), baseUrl: server.origin });
    expect(await failure(callSource(source, "get", {}, { timeoutMs: 80 }))).toMatchObject({
      code: "source_timeout",
    });
    const signal = AbortSignal.timeout(80);
    const cancelled = new AbortController();
    signal.addEventListener("abort", () => cancelled.abort());
    expect(await failure(callSource(source, "get", {}, { signal: cancelled.signal }))).toMatchObject({
      code: "run_cancelled",
    });
  });
});
