/** Manuals as sources: what is sent for each tool, what is left out, and what a manual may not choose. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { callSource, listSource } from "../../../test/fixtures/openapi/call-source.ts";
import { canary, failure, serve } from "../../../test/fixtures/openapi/pets.ts";
import { header } from "../../../test/fixtures/openapi/recording-server.ts";
import type { Source } from "../../spec/source.ts";
import type { Value } from "../../spec/value.ts";
import { createUtcpSource } from "./create-utcp-source.ts";
import type { UtcpSourceOptions } from "./utcp-source-options.ts";

function open(options: UtcpSourceOptions): Source {
  const source = createUtcpSource("kit", options);
  onTestFinished(() => source[Symbol.asyncDispose]());
  return source;
}

const text = { type: "string" };

function tool(name: string, template: object, over: object = {}): object {
  return {
    name,
    description: `Does ${name}.`,
    inputs: { type: "object", properties: { id: text, limit: { type: "integer" } }, required: ["id"] },
    outputs: { type: "object", properties: { ok: { type: "boolean" } } },
    tags: ["kit"],
    tool_call_template: template,
    ...over,
  };
}

const manualOf = (...tools: unknown[]): object => ({ utcp_version: "1.0.1", manual_version: "1.0.0", tools });
const http = (url: string, over: object = {}): object => ({
  call_template_type: "http",
  http_method: "GET",
  url,
  ...over,
});

describe("HTTP tools", () => {
  const withBody = {
    inputs: { type: "object", properties: { id: text, body: { type: "object" } }, required: ["body"] },
  };
  const withOrder = { inputs: { type: "object", properties: { id: text, order: { type: "object" } } } };

  test.each<[what: string, tool: readonly [template: object, over: object], args: Value, sent: string]>([
    ["path and query", [{ url: "/things/{id}" }, {}], { id: "a b", limit: 3 }, "GET /things/a%20b?limit=3 "],
    ["query alone", [{ url: "/things" }, {}], { id: "x y" }, "GET /things?id=x%20y "],
    ["a query of its own", [{ url: "/things?kind=kite" }, {}], { id: "1" }, "GET /things?kind=kite&id=1 "],
    [
      "a body",
      [{ url: "/things/{id}", http_method: "POST" }, withBody],
      { id: "1", body: { a: 1 } },
      'POST /things/1 {"a":1}',
    ],
    [
      "a body of another name",
      [{ url: "/things/{id}", http_method: "PUT", body_field: "order" }, withOrder],
      { id: "1", order: { a: 2 } },
      'PUT /things/1 {"a":2}',
    ],
    [
      "no body where none is given",
      [{ url: "/things/{id}", http_method: "POST", body_field: "order" }, withOrder],
      { id: "1" },
      "POST /things/1 ",
    ],
  ])("send %s", async (_what, [template, over], args, sent) => {
    const server = await serve();
    const { url, ...rest } = template as { url: string };
    const manual = manualOf(tool("t", http(server.origin + url, rest), over));
    await callSource(open({ manual, origins: [server.origin] }), "t", args);
    const { method, target, body } = server.last();
    expect(`${method} ${target} ${body.toString()}`).toBe(sent);
  });

  test("put fields and fixed headers where the template says", async () => {
    const server = await serve();
    const template = http(`${server.origin}/x`, { header_fields: ["id"], headers: { "X-Version": "2" } });
    const source = open({ manual: manualOf(tool("t", template)), origins: [server.origin] });
    await callSource(source, "t", { id: "seven" });
    expect(header(server.last(), "id")).toBe("seven");
    expect(header(server.last(), "x-version")).toBe("2");
    expect(server.last().target).toBe("/x");
  });

  test("two of them on one path are two tools", async () => {
    const server = await serve();
    const manual = manualOf(tool("a", http(`${server.origin}/x`)), tool("b", http(`${server.origin}/x`)));
    const source = open({ manual, origins: [server.origin] });
    expect((await listSource(source)).tools.map(({ name }) => name)).toEqual([["a"], ["b"]]);
    await callSource(source, "b", { id: "1" });
    expect(server.last().line).toBe("GET /x?id=1 HTTP/1.1");
  });

  test("keep their schemas, and have the effect of their method", async () => {
    const manual = manualOf(
      ...["GET", "POST", "DELETE"].map((method) =>
        tool(`kit.${method}`, http("https://api.example/x", { http_method: method })),
      ),
    );
    const { tools, issues } = await listSource(open({ manual }));
    expect(issues).toEqual([]);
    expect(tools.map(({ effect }) => effect)).toEqual(["read", "write", "destructive"]);
    expect(tools[0]).toMatchObject({
      upstreamName: "kit.GET",
      name: ["kit", "GET"],
      description: "Does kit.GET.",
      input: { required: ["id"] },
      output: { properties: { ok: { type: "boolean" } } },
    });
  });

  test("a refusal of the API is an error with its status and words", async () => {
    const server = await serve(() => ({
      status: 409,
      headers: { "Content-Type": "application/json" },
      body: '{"message":"taken"}',
    }));
    const source = open({
      manual: manualOf(tool("t", http(`${server.origin}/x`))),
      origins: [server.origin],
    });
    expect(await failure(callSource(source, "t", { id: "1" }))).toMatchObject({
      code: "tool_failed",
      data: { status: 409, body: { message: "taken" } },
    });
  });
});

describe("where the manual comes from", () => {
  test("a URL: its own origin may be called, wherever it is", async () => {
    const server = await serve(({ target }) =>
      target === "/utcp"
        ? { body: JSON.stringify(manualOf(tool("t", http(`${server.origin}/x`)))) }
        : { body: '"called"' },
    );
    expect(await callSource(open({ manual: `${server.origin}/utcp` }), "t", { id: "1" })).toBe("called");
  });

  test("a file: a private host is called only when the operator names it", async () => {
    const server = await serve();
    const folder = await mkdtemp(join(tmpdir(), "utcp-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const manual = join(folder, "manual.json");
    await writeFile(manual, JSON.stringify(manualOf(tool("t", http(`${server.origin}/x`)))));
    expect(await failure(callSource(open({ manual }), "t", { id: "1" }))).toMatchObject({
      message: expect.stringContaining("private address") as string,
    });
    expect(server.requests).toHaveLength(0);
    await callSource(open({ manual, origins: [server.origin] }), "t", { id: "1" });
    expect(server.requests).toHaveLength(1);
  });

  test.each<[what: string, manual: string | object, code: string, says: RegExp]>([
    ["a missing file", "/no/such/manual.json", "source_unavailable", /does not exist/],
    ["an OpenAPI document", { openapi: "3.1.0", paths: {} }, "source_invalid", /it is an OpenAPI document/],
    ["something else", { hello: 1 }, "source_invalid", /no list "tools"/],
    ["a list", [], "source_invalid", /no list "tools"/],
  ])("%s is a coded error and the source's state", async (_what, manual, code, says) => {
    const source = open({ manual });
    expect(await failure(listSource(source))).toMatchObject({
      code,
      message: expect.stringMatching(says) as string,
    });
    expect(source.status()).toMatchObject({ state: "failed", reason: expect.stringMatching(says) as string });
  });

  test.each<[what: string, raw: unknown, reason: RegExp]>([
    ["no name", { tool_call_template: http("https://a.example") }, /no name/],
    ["no template", { name: "t" }, /does not say how it is called/],
    [
      "inputs that are no schema",
      tool("t", http("https://a.example"), { inputs: [] }),
      /"inputs" is not a schema/,
    ],
    ["another protocol", tool("t", { call_template_type: "sse", url: "https://a.example" }), /kind "sse"/],
    ["another scheme", tool("t", http("file:///etc/passwd")), /no http or https URL/],
    ["a host that is a parameter", tool("t", http("https://{id}/x")), /no http or https URL/],
    ["a user in the URL", tool("t", http("https://api.example@evil.example/x")), /no http or https URL/],
    [
      "a method unknown to HTTP tools",
      tool("t", http("https://a.example", { http_method: "TRACE" })),
      /"http_method"/,
    ],
    [
      "OAuth2",
      tool("t", http("https://a.example", { auth: { auth_type: "oauth2" } })),
      /authenticates by "oauth2"/,
    ],
    [
      "a variable without a value",
      tool("t", http("https://a.example", { headers: { "X-A": "$HOME" } })),
      /needs a value for HOME/,
    ],
    [
      "a command",
      tool("t", { call_template_type: "cli", commands: [{ command: "id" }] }),
      /"commands": true/,
    ],
    ["the wrong type", 7, /no name/],
  ])("a tool with %s is left out with the reason, and costs no other", async (_what, raw, reason) => {
    const { tools, issues } = await listSource(
      open({ manual: manualOf(raw, tool("fine", http("https://a.example"))) }),
    );
    expect(tools.map(({ upstreamName }) => upstreamName)).toEqual(["fine"]);
    expect(issues).toMatchObject([{ kind: "left_out", reason: expect.stringMatching(reason) as string }]);
  });

  test("names of prototypes are names, and equal ones count once", async () => {
    const names = ["__proto__", "constructor", "same", "same"];
    const { tools, issues } = await listSource(
      open({ manual: manualOf(...names.map((name) => tool(name, http("https://a.example/x")))) }),
    );
    expect(tools.map(({ upstreamName }) => upstreamName)).toEqual(names.slice(0, 3));
    expect(issues).toHaveLength(1);
  });
});

describe("secrets", () => {
  const auths: readonly (readonly [string, object, string])[] = [
    [
      "an API key",
      { auth: { auth_type: "api_key", var_name: "X-Key", location: "header", api_key: "${KEY}" } },
      `X-Key: ${canary}`,
    ],
    [
      "a key in the query",
      { auth: { auth_type: "api_key", var_name: "key", location: "query", api_key: "$KEY" } },
      `?key=${canary}`,
    ],
    [
      "basic",
      { auth: { auth_type: "basic", username: "me", password: "$KEY" } },
      Buffer.from(`me:${canary}`).toString("base64"),
    ],
    [
      "a header of the template",
      { headers: { Authorization: "Token ${KEY}" } },
      `Authorization: Token ${canary}`,
    ],
  ];

  test.each(auths)(
    "%s goes into its own request, and an echo of it is hidden",
    async (_what, template, bytes) => {
      const other = await serve();
      const server = await serve((request) => ({ body: JSON.stringify({ echo: request.bytes.toString() }) }));
      const inputs = { inputs: { type: "object", properties: {} } };
      const source = open({
        manual: manualOf(
          tool("t", http(`${server.origin}/x`, template), inputs),
          tool("o", http(`${other.origin}/x`), inputs),
        ),
        origins: [server.origin, other.origin],
        variables: async () => ({ KEY: canary }),
      });
      const echoed = await callSource(source, "t", {});
      await callSource(source, "o", {});
      expect(server.last().bytes.toString().toLowerCase()).toContain(bytes.toLowerCase());
      expect(JSON.stringify(echoed)).not.toContain(canary);
      expect(other.last().bytes.toString()).not.toContain(canary);
      expect(JSON.stringify(await listSource(source))).not.toContain(canary);
    },
  );

  test("are asked for anew at each call", async () => {
    const server = await serve();
    let count = 0;
    const template = http(`${server.origin}/x`, { auth: { auth_type: "api_key", api_key: "$KEY" } });
    const source = open({
      manual: manualOf(tool("t", template)),
      origins: [server.origin],
      variables: async () => ({ KEY: `secret-number-${(count += 1)}` }),
    });
    await callSource(source, "t", { id: "1" });
    const first = header(server.last(), "x-api-key");
    await callSource(source, "t", { id: "1" });
    expect(header(server.last(), "x-api-key")).not.toBe(first);
  });
});
