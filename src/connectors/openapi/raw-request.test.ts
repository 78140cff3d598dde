/** The tool for what a document forgot. */
import { describe, expect, test } from "vitest";
import { callSource, listSource } from "../../../test/fixtures/openapi/call-source.ts";
import {
  canary,
  credentials,
  failure,
  openPets,
  petsDocument,
  serve,
} from "../../../test/fixtures/openapi/pets.ts";
import { header } from "../../../test/fixtures/openapi/recording-server.ts";

describe("the raw request tool", () => {
  test("is off unless asked for", async () => {
    const off = openPets({ spec: petsDocument() });
    expect((await listSource(off)).tools.map((tool) => tool.upstreamName)).not.toContain("request");
    expect(await failure(callSource(off, "request", { method: "GET", path: "/x" }))).toMatchObject({
      code: "tool_not_found",
    });
    expect((await listSource(openPets({ spec: petsDocument(), request: true }))).tools.at(-1)).toMatchObject({
      name: ["request"],
      effect: "destructive",
    });
  });

  test("sends what it is given, with the source's credentials", async () => {
    const server = await serve(() => ({ status: 201, body: '{"id":1}', headers: { "X-Extra": "e" } }));
    const source = openPets({
      spec: petsDocument(),
      baseUrl: `${server.origin}/v1`,
      request: true,
      credentials: credentials({ bearer: canary }),
    });
    const args = {
      method: "POST",
      path: "/made up/1",
      query: { a: [1, 2], "b c": "d" },
      headers: { "X-One": "1" },
      body: { x: 1 },
    };
    expect(await callSource(source, "request", args)).toMatchObject({
      status: 201,
      headers: { "x-extra": "e" },
      body: { id: 1 },
    });
    expect(server.last().line).toBe("POST /v1/made%20up/1?a=1&a=2&b%20c=d HTTP/1.1");
    expect(server.last().body.toString()).toBe('{"x":1}');
    expect(header(server.last(), "authorization")).toBe(`Bearer ${canary}`);
  });

  test.each([
    "x",
    "//evil.example/",
    "/a/../b",
    "/a/%2e%2e/b",
    "/a?b",
    "/a#b",
    "/a\\b",
    "/a%2fb",
    "/a\r\nb",
    "/a/.%2E",
  ])("the path %j is refused", async (path) => {
    const server = await serve();
    const source = openPets({ spec: petsDocument(), baseUrl: server.origin, request: true });
    expect(await failure(callSource(source, "request", { method: "GET", path }))).toMatchObject({
      code: "tool_arguments_invalid",
    });
    expect(server.requests).toHaveLength(0);
  });

  test.each(["Host", "Authorization", "Cookie", "Transfer-Encoding"])(
    "the header %s is refused",
    async (name) => {
      const source = openPets({ spec: petsDocument(), baseUrl: "http://127.0.0.1:1", request: true });
      const args = { method: "GET", path: "/x", headers: { [name]: "x" } };
      expect(await failure(callSource(source, "request", args))).toMatchObject({
        code: "tool_arguments_invalid",
      });
    },
  );
});
