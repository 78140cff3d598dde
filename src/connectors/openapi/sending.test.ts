/** Where requests go, how often, and where they never go. */
import { describe, expect, test } from "vitest";
import { callSource } from "../../../test/fixtures/openapi/call-source.ts";
import {
  canary,
  credentials,
  failure,
  openPets,
  petsDocument,
  serve,
} from "../../../test/fixtures/openapi/pets.ts";
import { type Answer, header } from "../../../test/fixtures/openapi/recording-server.ts";

describe("trying again", () => {
  const busyOnce =
    (status: number, headers: { [name: string]: string } = { "Retry-After": "0" }): Answer =>
    (_request, index) =>
      index === 0 ? { status, headers } : { body: '"done"' };

  test.each([
    ["get", 429, 2],
    ["put", 503, 2],
    ["delete", 503, 2],
    ["post", 429, 1],
    ["patch", 503, 1],
    ["get", 500, 1],
  ])("%s on %i makes %i requests", async (method, status, count) => {
    const server = await serve(busyOnce(status));
    const call = callSource(openPets({ spec: petsDocument(), baseUrl: server.origin }), method);
    if (count === 2) expect(await call).toBe("done");
    else expect(await failure(call)).toMatchObject({ code: "tool_failed", data: { status } });
    expect(server.requests).toHaveLength(count);
  });

  test("a wait beyond the bound is the caller's to decide", async () => {
    const server = await serve(busyOnce(429, { "Retry-After": "3600" }));
    const error = await failure(
      callSource(openPets({ spec: petsDocument(), baseUrl: server.origin }), "get"),
    );
    expect(error).toMatchObject({ data: { status: 429, headers: { "retry-after": "3600" } } });
    expect(server.requests).toHaveLength(1);
  });

  test("not for ever", async () => {
    const server = await serve(() => ({ status: 503, headers: { "Retry-After": "0" } }));
    await failure(callSource(openPets({ spec: petsDocument(), baseUrl: server.origin }), "get"));
    expect(server.requests).toHaveLength(3);
  });

  test("a read whose connection is lost", async () => {
    const server = await serve((_request, index) => (index === 0 ? { hangUp: true } : { body: '"done"' }));
    expect(await callSource(openPets({ spec: petsDocument(), baseUrl: server.origin }), "get")).toBe("done");
  });

  test("a write with an idempotency key, the same each time", async () => {
    const server = await serve(busyOnce(503));
    const source = openPets({
      spec: petsDocument(),
      baseUrl: server.origin,
      idempotencyHeader: "Idempotency-Key",
    });
    expect(await callSource(source, "post", {}, { idempotencyKey: "key-1" })).toBe("done");
    expect(server.requests.map((request) => header(request, "idempotency-key"))).toEqual(["key-1", "key-1"]);
  });
});

describe("redirects", () => {
  test("within the origin, keeping what the status says", async () => {
    const server = await serve(({ target }) =>
      target === "/pets" ? { status: 307, headers: { Location: "/other?x=1" } } : { body: '"there"' },
    );
    const source = openPets({
      spec: petsDocument({}, { requestBody: { content: { "application/json": { schema: {} } } } }),
      baseUrl: server.origin,
    });
    expect(await callSource(source, "post", { body: { a: 1 } })).toBe("there");
    expect(server.last()).toMatchObject({ line: "POST /other?x=1 HTTP/1.1" });
    expect(server.last().body.toString()).toBe('{"a":1}');
  });

  test("303 turns a write into a read without a body", async () => {
    const server = await serve(({ method }) =>
      method === "POST" ? { status: 303, headers: { Location: "/made" } } : {},
    );
    const source = openPets({
      spec: petsDocument({}, { requestBody: { content: { "application/json": { schema: {} } } } }),
      baseUrl: server.origin,
    });
    await callSource(source, "post", { body: { a: 1 } });
    expect(server.last().line).toBe("GET /made HTTP/1.1");
    expect(header(server.last(), "content-type")).toBeUndefined();
  });

  test.each([
    "https://evil.example/",
    "//evil.example/",
    "http://169.254.169.254/latest",
    "http://user:pw@pets.example/",
    "file:///etc/passwd",
    "http://[",
  ])("never to %s", async (location) => {
    const server = await serve(() => ({ status: 302, headers: { Location: location } }));
    const source = openPets({
      spec: petsDocument(),
      baseUrl: server.origin,
      credentials: credentials({ bearer: canary }),
    });
    expect(await failure(callSource(source, "get"))).toMatchObject({
      code: "tool_failed",
      message: expect.stringContaining("not followed"),
    });
    expect(server.requests).toHaveLength(1);
  });

  test("to another port only when the operator allows that origin, and then with credentials", async () => {
    const other = await serve();
    const server = await serve(() => ({ status: 302, headers: { Location: `${other.origin}/elsewhere` } }));
    const options = {
      spec: petsDocument(),
      baseUrl: server.origin,
      credentials: credentials({ bearer: canary }),
    };
    await failure(callSource(openPets(options), "get"));
    expect(other.requests).toHaveLength(0);
    await callSource(openPets({ ...options, origins: [other.origin] }), "get");
    expect(header(other.last(), "authorization")).toBe(`Bearer ${canary}`);
  });

  test("not round and round", async () => {
    const server = await serve(() => ({ status: 302, headers: { Location: "/pets" } }));
    expect(
      await failure(callSource(openPets({ spec: petsDocument(), baseUrl: server.origin }), "get")),
    ).toMatchObject({
      message: expect.stringContaining("more than 5 redirects"),
    });
    expect(server.requests).toHaveLength(6);
  });
});

describe("where requests go", () => {
  test.each<[what: string, over: object, message: RegExp]>([
    ["a private server", { servers: [{ url: "http://127.0.0.1:1/" }] }, /private address/],
    ["a metadata server", { servers: [{ url: "http://169.254.169.254/" }] }, /private address/],
    ["an address in disguise", { servers: [{ url: "http://2130706433:1/" }] }, /private address/],
    ["a mapped address", { servers: [{ url: "http://[::ffff:127.0.0.1]:1/" }] }, /private address/],
    ["a name for loopback", { servers: [{ url: "http://localhost:1/" }] }, /private address/],
    ["a user in the URL", { servers: [{ url: "https://user:pw@pets.example/" }] }, /user or password/],
    ["another scheme", { servers: [{ url: "ftp://pets.example/" }] }, /does not say where/],
    ["a relative server of a file", { servers: [{ url: "/v1" }] }, /does not say where/],
    ["a server without a scheme", { servers: [{ url: "//evil.example/v1" }] }, /does not say where/],
    ["no server", { servers: [] }, /does not say where/],
    [
      "a variable that leaves the host",
      { servers: [{ url: "https://{host}/v1", variables: { host: { default: "a@evil.example" } } }] },
      /no part of a URL/,
    ],
    ["a query", { servers: [{ url: "https://pets.example/?x=" }] }, /query or fragment/],
  ])("%s is refused before anything is sent", async (_what, over, message) => {
    const error = await failure(callSource(openPets({ spec: petsDocument(over) }), "get"));
    expect(error).toMatchObject({
      code: "source_unavailable",
      message: expect.stringMatching(message),
      outcome: "not_sent",
    });
  });

  test("the server of a single operation may not lead elsewhere", async () => {
    const server = await serve();
    const servers = [{ url: server.origin }];
    const source = openPets({
      spec: petsDocument({}, { servers }),
      credentials: credentials({ bearer: canary }),
    });
    expect(await failure(callSource(source, "get"))).toMatchObject({
      message: expect.stringContaining("not the API's own origin"),
      outcome: "not_sent",
    });
    const allowed = openPets({
      spec: petsDocument({}, { servers }),
      credentials: credentials({ bearer: canary }),
      origins: [server.origin],
    });
    await callSource(allowed, "get");
    expect(header(server.last(), "authorization")).toBe(`Bearer ${canary}`);
  });

  test("a name that resolves inside is refused on the address it is connected to", async () => {
    // RFC 6761: every resolver answers loopback for it.
    const source = openPets({ spec: petsDocument({ servers: [{ url: "http://pets.localhost:1/" }] }) });
    expect(await failure(callSource(source, "get"))).toMatchObject({
      code: "source_unavailable",
      outcome: "not_sent",
    });
  });

  test("server variables have defaults, and values of the operator's", async () => {
    const server = await serve();
    const servers = [
      {
        url: "{base}/{stage}",
        variables: { base: { default: "https://x.example" }, stage: { default: "v1", enum: ["v1", "v2"] } },
      },
    ];
    const source = (stage: string) =>
      openPets({
        spec: petsDocument({ servers }),
        origins: [server.origin],
        serverVariables: { base: server.origin, stage },
      });
    await callSource(source("v2"), "get");
    expect(server.last().target).toBe("/v2/pets");
    expect(await failure(callSource(source("v3"), "get"))).toMatchObject({ hint: "Use one of: v1, v2." });
  });
});
