/** Documents written to exhaust or confuse whoever reads them. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodemodeError } from "../../errors.ts";
import { compileDocument } from "./compile-document.ts";
import { compileInWorker } from "./compile-in-worker.ts";
import { toCompiled } from "./kept-document.ts";
import { maxJsonLength, maxYamlLength } from "./parse-document.ts";
import { maxOperations } from "./read-operations.ts";

const info = { title: "API", version: "1" };
const json = (schema: object) => ({ description: "", content: { "application/json": { schema } } });
const limits = { parseMs: 20_000, parseMb: 512 };

async function compileText(text: string) {
  const document = toCompiled(await compileInWorker(text, limits));
  if (document === undefined) throw new Error("Nothing was compiled.");
  return document;
}

const compile = (document: object) => compileText(JSON.stringify(document));
const invalid = (message: RegExp) => ({ code: "source_invalid", message: expect.stringMatching(message) });

describe("size", () => {
  test("a hundred thousand operations: the first are offered, the others counted", async () => {
    const paths = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, at) => [
        `/p${at}`,
        { get: { operationId: `op${at}`, responses: {} } },
      ]),
    );
    const { listing, operations } = await compile({ openapi: "3.0.0", info, paths });
    expect(listing.tools).toHaveLength(maxOperations);
    expect(operations).toHaveLength(maxOperations);
    expect(listing.issues).toEqual([
      {
        upstreamName: "*",
        kind: "left_out",
        reason: expect.stringContaining("80000 operations beyond the first 20000"),
      },
    ]);
  });

  test("a hundred thousand operations that all want one name", async () => {
    const paths = Object.fromEntries(
      Array.from({ length: maxOperations }, (_, at) => [
        `/p${at}`,
        { get: { operationId: "same", tags: ["t"], responses: {} } },
      ]),
    );
    const { listing } = await compile({ openapi: "3.0.0", info, paths });
    expect(new Set(listing.tools.map(({ name }) => name.join("."))).size).toBe(maxOperations);
  });

  test("more text than is read", () => {
    expect(() => compileDocument(`{${" ".repeat(maxJsonLength)}`)).toThrow(/characters of JSON; at most/);
    expect(() => compileDocument(`a:${" ".repeat(maxYamlLength)}`)).toThrow(/characters of YAML; at most/);
  });

  test("schemas nested without end", async () => {
    const deep = (levels: number) => `${'{"items":'.repeat(levels)}{}${"}".repeat(levels)}`;
    const text = (levels: number) =>
      `{"openapi":"3.1.0","paths":{"/x":{"get":{"responses":{"200":{"content":{"application/json":{"schema":${deep(levels)}}}}}}}}}`;
    expect((await compileText(text(60))).listing.issues).toEqual([]);
    expect((await compileText(text(900))).listing.issues).toEqual([
      expect.objectContaining({ reason: expect.stringContaining("nested deeper than 64") }),
    ]);
    await expect(compileText(text(1_001))).rejects.toMatchObject(invalid(/nested deeper than 1000/));
    await expect(compileText(text(200_000))).rejects.toMatchObject(invalid(/nested deeper than 1000/));
  });
});

describe("YAML", () => {
  const laughs = (levels: number) => {
    const lines = ["a0: &a0 [lol]"];
    for (let at = 1; at <= levels; at += 1)
      lines.push(`a${at}: &a${at} [${Array.from({ length: 9 }, () => `*a${at - 1}`).join(",")}]`);
    return `openapi: 3.0.0\n${lines.join("\n")}\npaths: {}\n`;
  };

  test("a billion laughs", async () => {
    expect((await compileText(laughs(2))).listing.tools).toEqual([]);
    await expect(compileText(laughs(9))).rejects.toMatchObject(invalid(/alias/i));
  });

  test("aliases that contain themselves", async () => {
    const text =
      "openapi: 3.1.0\npaths:\n  /x:\n    get:\n      responses:\n        200:\n          content:\n            application/json:\n              schema: &s\n                properties: { self: *s }\n";
    await expect(compileText(text)).rejects.toMatchObject({ code: "source_invalid" });
  });

  test.each<[what: string, text: string]>([
    ["a tag that makes objects", "openapi: 3.0.0\npaths: !!js/function 'function () {}'\n"],
    ["a key that is a map", "openapi: 3.0.0\npaths: { ? { a: b } : c }\n"],
    ["keys given twice", "openapi: 3.0.0\nopenapi: 3.0.0\npaths: {}\n"],
    ["no YAML", "openapi: [3.0.0\npaths: {}\n"],
    ["half of JSON", '{"openapi":"3.0.0","paths":{'],
    ["nothing", ""],
    ["a word", "hello"],
    ["NUL", "\0"],
  ])("%s", async (_what, text) => {
    const read = compileText(text).then(({ listing }) => listing.tools.length);
    await expect(
      read.catch((error: unknown) => (error instanceof CodemodeError ? error.code : error)),
    ).resolves.toSatisfy((result) => result === 0 || result === "source_invalid");
  });
});

describe("references", () => {
  test("that go round in every kind of object", async () => {
    const { listing } = await compile({
      openapi: "3.1.0",
      info,
      components: {
        parameters: { P: { $ref: "#/components/parameters/Q" }, Q: { $ref: "#/components/parameters/P" } },
        responses: { R: { $ref: "#/components/responses/R" } },
        pathItems: { I: { $ref: "#/components/pathItems/I" } },
        schemas: {
          A: { anyOf: [{ $ref: "#/components/schemas/A" }] },
          D: { discriminator: { propertyName: "x", mapping: { y: "D" } } },
        },
      },
      paths: {
        "/a": {
          get: {
            parameters: [{ $ref: "#/components/parameters/P" }],
            responses: { 200: { $ref: "#/components/responses/R" } },
          },
        },
        "/b": { $ref: "#/components/pathItems/I" },
        "/c": {
          get: {
            responses: {
              200: json({ anyOf: [{ $ref: "#/components/schemas/A" }, { $ref: "#/components/schemas/D" }] }),
            },
          },
        },
        "/d": {
          get: {
            responses: {
              200: json({ $ref: "#/paths/~1d/get/responses/200/content/application~1json/schema" }),
            },
          },
        },
      },
    });
    expect(listing.tools).toHaveLength(3);
    expect(listing.issues.length).toBeGreaterThanOrEqual(5);
  });

  test("a hundred thousand schemas in a chain", async () => {
    const count = 100_000;
    const schemas = Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `S${at}`,
        { allOf: [{ $ref: `#/components/schemas/S${(at + 1) % count}` }] },
      ]),
    );
    const { listing } = await compile({
      openapi: "3.0.0",
      info,
      components: { schemas },
      paths: { "/x": { get: { responses: { 200: json({ $ref: "#/components/schemas/S0" }) } } } },
    });
    expect(listing.issues.length).toBeGreaterThan(0);
  });

  test.each([
    "https://evil.example/x",
    "file:///etc/passwd",
    "//evil.example/x",
    "../../etc/passwd",
    "data:application/json,{}",
  ])("to %s are never followed", async (ref) => {
    const { listing } = await compile({
      openapi: "3.0.0",
      info,
      paths: {
        "/a": { $ref: ref },
        "/b": { get: { parameters: [{ $ref: ref }], requestBody: { $ref: ref }, responses: {} } },
        "/c": {
          get: { parameters: [{ $ref: ref }], responses: { 200: { $ref: ref }, 201: json({ $ref: ref }) } },
        },
      },
    });
    expect(listing.tools.map(({ upstreamName }) => upstreamName)).toEqual(["GET /c"]);
    expect(listing.issues).toHaveLength(5);
    expect(listing.issues.every(({ reason }) => reason.includes("never followed"))).toBe(true);
  });
});

test("prototype names everywhere", async () => {
  const text = `{"openapi":"3.0.0","__proto__":{"polluted":true},"components":{"schemas":{"__proto__":{"type":"string"},"constructor":{"type":"object","properties":{"__proto__":{"type":"number"}}}}},
    "paths":{"/__proto__":{"get":{"operationId":"__proto__","tags":["__proto__"],"parameters":[{"name":"__proto__","in":"query","schema":{"$ref":"#/components/schemas/__proto__"}}],"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/constructor"}}}}}}}}}`;
  const { listing, operations } = await compileText(text);
  expect(listing.tools).toMatchObject([
    { upstreamName: "__proto__", output: { $ref: "#/$defs/Constructor" } },
  ]);
  expect(Object.keys(listing.definitions ?? {}).sort()).toEqual(["Constructor", "Proto"]);
  expect(operations[0]?.parameters[0]?.key).toBe("__proto__");
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

describe("the thread", () => {
  test("is ended at its deadline and at its memory, and the next document is read", async () => {
    const paths = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, at) => [
        `/p${at}`,
        { get: { responses: { 200: json({ type: "string", description: "x".repeat(500) }) } } },
      ]),
    );
    const text = JSON.stringify({ openapi: "3.0.0", info, paths });
    await expect(compileInWorker(text, { parseMs: 50, parseMb: 512 })).rejects.toMatchObject({
      code: "source_timeout",
    });
    await expect(compileInWorker(text, { parseMs: 20_000, parseMb: 24 })).rejects.toMatchObject(
      invalid(/more than 24 MB/),
    );
    expect((await compileText(text)).listing.tools).toHaveLength(20_000);
  });
});

test("whatever is put anywhere in a document, it is read or refused with a code", () => {
  const base = JSON.stringify({
    openapi: "3.1.0",
    info,
    servers: [{ url: "https://{a}.example", variables: { a: { default: "b", enum: ["b"] } } }],
    tags: [{ name: "t", parent: "t" }],
    security: [{ k: [] }],
    components: {
      schemas: {
        A: {
          allOf: [{ $ref: "#/components/schemas/A" }],
          properties: { p: { type: "string", enum: ["x"] } },
          discriminator: { propertyName: "p", mapping: { x: "A" } },
        },
      },
      securitySchemes: {
        k: { type: "oauth2", flows: { clientCredentials: { tokenUrl: "/t", scopes: { s: "" } } } },
      },
    },
    paths: {
      "/x/{id}": {
        parameters: [
          {
            name: "id",
            in: "path",
            required: true,
            style: "label",
            schema: { $ref: "#/components/schemas/A" },
          },
        ],
        post: {
          operationId: "o",
          tags: ["t"],
          requestBody: {
            content: {
              "multipart/form-data": {
                schema: { properties: { f: { type: "string", format: "binary" } } },
                encoding: { f: { contentType: "image/png" } },
              },
            },
          },
          responses: { 200: json({ $ref: "#/components/schemas/A" }) },
        },
      },
    },
  });
  const places = [...base.matchAll(/"[^"]*"|[[{]/g)].map((match) => match.index);
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue(), (at, value) => {
      let count = 0;
      const document = JSON.parse(base, (_key, member: unknown) =>
        count++ === at % 90 ? value : member,
      ) as unknown;
      try {
        expect(Array.isArray(compileDocument(JSON.stringify(document)).listing.tools)).toBe(true);
      } catch (thrown) {
        if (!(thrown instanceof CodemodeError)) throw thrown;
        expect(thrown.code).toBe("source_invalid");
      }
    }),
    { numRuns: 500 },
  );
});
