/** How secrets get into the one request they belong to. */
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
import { type Answer, header } from "../../../test/fixtures/openapi/recording-server.ts";
import type { Json } from "../../spec/value.ts";

describe("credentials", () => {
  const secured = (securitySchemes: object, security: object[], operation: object = {}) =>
    petsDocument({ components: { securitySchemes }, security }, operation);

  test.each<[what: string, document: object, credential: Json, expected: string]>([
    [
      "a bearer token",
      secured({ t: { type: "http", scheme: "bearer" } }, [{ t: [] }]),
      { bearer: canary },
      `Authorization: Bearer ${canary}`,
    ],
    [
      "basic",
      secured({ b: { type: "http", scheme: "basic" } }, [{ b: [] }]),
      { basic: { username: "me", password: canary } },
      `Authorization: Basic ${Buffer.from(`me:${canary}`).toString("base64")}`,
    ],
    [
      "an API key in a header",
      secured({ k: { type: "apiKey", in: "header", name: "X-Key" } }, [{ k: [] }]),
      { apiKey: canary },
      `X-Key: ${canary}`,
    ],
    [
      "an API key in the query",
      secured({ k: { type: "apiKey", in: "query", name: "api key" } }, [{ k: [] }]),
      { apiKey: canary },
      `GET /pets?api%20key=${canary} `,
    ],
    [
      "an API key in a cookie",
      secured({ k: { type: "apiKey", in: "cookie", name: "sid" } }, [{ k: [] }]),
      { apiKey: canary },
      `Cookie: sid=${canary}`,
    ],
    [
      "a token for OAuth2",
      secured({ o: { type: "oauth2", flows: {} } }, [{ o: ["read"] }]),
      { bearer: canary },
      `Bearer ${canary}`,
    ],
    [
      "the alternative that fits",
      secured({ k: { type: "apiKey", in: "header", name: "X-Key" }, t: { type: "http", scheme: "bearer" } }, [
        { k: [] },
        { t: [] },
      ]),
      { bearer: canary },
      `Bearer ${canary}`,
    ],
    [
      "two at once",
      secured(
        {
          k: { type: "apiKey", in: "header", name: "X-Key" },
          e: { type: "apiKey", in: "header", name: "X-Mail" },
        },
        [{ k: [], e: [] }],
      ),
      { schemes: { k: canary, e: "me@x" } },
      "X-Mail: me@x",
    ],
    ["a document that forgot to say", petsDocument(), { bearer: canary }, `Bearer ${canary}`],
    [
      "a place of the operator's",
      petsDocument(),
      { apiKey: { in: "header", name: "X-Own", value: canary } },
      `X-Own: ${canary}`,
    ],
  ])("%s", async (_what, document, credential, expected) => {
    const server = await serve();
    await callSource(
      openPets({ spec: document, baseUrl: server.origin, credentials: credentials(credential) }),
      "get",
    );
    expect(server.last().bytes.toString().toLowerCase()).toContain(expected.toLowerCase());
  });

  test("none where the operation asks for none", async () => {
    const server = await serve();
    const document = secured({ t: { type: "http", scheme: "bearer" } }, [{ t: [] }], { security: [] });
    await callSource(
      openPets({ spec: document, baseUrl: server.origin, credentials: credentials({ bearer: canary }) }),
      "get",
    );
    expect(server.last().bytes.toString()).not.toContain(canary);
  });

  test("they are asked for at each call, by source, principal and origin", async () => {
    const server = await serve();
    const asked: unknown[] = [];
    let token = "first-token";
    const source = openPets({
      spec: petsDocument(),
      baseUrl: server.origin,
      credentials: {
        for: async (request) => {
          asked.push(request);
          return { bearer: token };
        },
      },
    });
    await callSource(source, "get");
    token = "second-token";
    await callSource(source, "get", {}, { principal: "ada" });
    expect(header(server.last(), "authorization")).toBe("Bearer second-token");
    expect(asked).toEqual([
      { source: "pets", principal: "local", origin: server.origin },
      { source: "pets", principal: "ada", origin: server.origin },
    ]);
  });

  test("a snippet cannot put its own beside them, nor learn them from an API that echoes", async () => {
    const server = await serve(({ bytes, method }) => ({
      status: method === "GET" ? 200 : 400,
      body: JSON.stringify({
        message: bytes.toString(),
        basic: Buffer.from(`me:${canary}`).toString("base64"),
      }),
      headers: { "X-Request-Id": canary },
    }));
    const document = petsDocument(
      {
        components: { securitySchemes: { k: { type: "apiKey", in: "query", name: "key" } } },
        security: [{ k: [] }],
      },
      { parameters: [{ name: "key", in: "query", schema: { type: "string" } }] },
    );
    const source = openPets({
      spec: document,
      baseUrl: server.origin,
      credentials: credentials({ apiKey: canary }),
    });
    const value = await callSource(source, "get", { key: "mine" });
    expect(server.last().target).toBe(`/pets?key=${canary}`);
    expect(JSON.stringify(value)).not.toContain(canary);
    const error = await failure(callSource(source, "post"));
    expect(JSON.stringify(error)).not.toContain(canary);
    expect(JSON.stringify(error)).toContain("‹hidden›");
    expect(JSON.stringify([source.fingerprint, source.status(), await listSource(source)])).not.toContain(
      canary,
    );
  });

  test("one that cannot be used is named by its field, never shown", async () => {
    const server = await serve();
    const source = openPets({
      spec: petsDocument(),
      baseUrl: server.origin,
      credentials: credentials({ beerer: canary }),
    });
    const error = await failure(callSource(source, "get"));
    expect(error).toMatchObject({ code: "source_unavailable", outcome: "not_sent" });
    expect(JSON.stringify(error)).not.toContain(canary);
    expect(server.requests).toHaveLength(0);
  });

  test("one that would break out of its header is not sent", async () => {
    const server = await serve();
    const source = openPets({
      spec: petsDocument(),
      baseUrl: server.origin,
      credentials: credentials({ bearer: `${canary}\r\nX-Evil: 1` }),
    });
    const error = await failure(callSource(source, "get"));
    expect(error).toMatchObject({ message: expect.stringContaining('"authorization"') });
    expect(JSON.stringify(error)).not.toContain(canary);
    expect(server.requests).toHaveLength(0);
  });
});

describe("OAuth2 client credentials", () => {
  const client = { clientId: "id:1", clientSecret: canary };
  const document = (tokenUrl: string) =>
    petsDocument({
      components: {
        securitySchemes: {
          o: { type: "oauth2", flows: { clientCredentials: { tokenUrl, scopes: { read: "" } } } },
        },
      },
      security: [{ o: ["read"] }],
    });

  function api(refuseFirst = false): Answer {
    let issued = 0;
    let refused = false;
    return ({ target }) => {
      if (target === "/token") {
        issued += 1;
        return { body: JSON.stringify({ access_token: `token-number-${issued}`, expires_in: 3600 }) };
      }
      if (refuseFirst && !refused) {
        refused = true;
        return { status: 401 };
      }
      return { body: '"in"' };
    };
  }

  test("one token serves many calls", async () => {
    const server = await serve(api());
    const source = openPets({
      spec: document("/token"),
      baseUrl: server.origin,
      credentials: credentials({ oauth2: { ...client, scopes: ["read"] } }),
    });
    expect(await Promise.all([callSource(source, "get"), callSource(source, "get")])).toEqual(["in", "in"]);
    const [asked, ...calls] = server.requests;
    expect(asked?.body.toString()).toBe("grant_type=client_credentials&scope=read");
    expect(asked && header(asked, "authorization")).toBe(
      `Basic ${Buffer.from(`id%3A1:${canary}`).toString("base64")}`,
    );
    expect(calls.map((each) => header(each, "authorization"))).toEqual([
      "Bearer token-number-1",
      "Bearer token-number-1",
    ]);
  });

  test("a refused token is renewed once", async () => {
    const server = await serve(api(true));
    const source = openPets({
      spec: document("/token"),
      baseUrl: server.origin,
      credentials: credentials({ oauth2: client }),
    });
    expect(await callSource(source, "post")).toBe("in");
    expect(header(server.last(), "authorization")).toBe("Bearer token-number-2");
    expect(server.requests.map(({ target }) => target)).toEqual(["/token", "/pets", "/token", "/pets"]);
  });

  test("the document alone may not choose who gets the client's secret", async () => {
    const thief = await serve(api());
    const server = await serve(api());
    const options = { spec: document(`${thief.origin}/token`), baseUrl: server.origin };
    const error = await failure(
      callSource(openPets({ ...options, credentials: credentials({ oauth2: client }) }), "get"),
    );
    expect(error).toMatchObject({
      code: "source_unavailable",
      message: expect.stringContaining("not the API's own origin"),
      outcome: "not_sent",
    });
    expect(thief.requests).toHaveLength(0);
    const meant = credentials({
      oauth2: { ...client, tokenUrl: `${thief.origin}/token`, clientAuth: "body" },
    });
    expect(await callSource(openPets({ ...options, credentials: meant }), "get")).toBe("in");
    expect(thief.last().body.toString()).toContain(`client_id=id%3A1&client_secret=${canary}`);
  });

  test("a refused client is said without its secret", async () => {
    const server = await serve(() => ({ status: 401, body: '{"error":"invalid_client"}' }));
    const source = openPets({
      spec: document("/token"),
      baseUrl: server.origin,
      credentials: credentials({ oauth2: client }),
    });
    const error = await failure(callSource(source, "get"));
    expect(error).toMatchObject({
      code: "source_unavailable",
      message: expect.stringContaining("invalid_client"),
      outcome: "not_sent",
    });
    expect(JSON.stringify(error)).not.toContain(canary);
  });
});

test("a key in place of a user, as some APIs take it, is hidden as well", async () => {
  const server = await serve(() => ({ body: JSON.stringify({ user: canary, other: "me@example" }) }));
  const source = openPets({
    spec: petsDocument(),
    baseUrl: server.origin,
    credentials: credentials({ basic: { username: canary, password: "" } }),
  });
  expect(await callSource(source, "get")).toEqual({ user: "‹hidden›", other: "me@example" });
});
