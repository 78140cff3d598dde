/** Request bodies as they leave the host, byte by byte. */
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

describe("bodies", () => {
  let source: Source;
  beforeAll(() => {
    const operation = (mediaType: string, encoding?: object) => ({
      post: {
        requestBody: {
          required: true,
          content: { [mediaType]: { schema: {}, ...(encoding && { encoding }) } },
        },
        responses: { 204: { description: "done" } },
      },
    });
    const spec = {
      openapi: "3.1.0",
      info: { title: "Bodies", version: "1" },
      paths: {
        "/json": operation("application/json"),
        "/patch": operation("application/merge-patch+json; charset=utf-8"),
        "/form": operation("application/x-www-form-urlencoded", {
          deep: { style: "deepObject", explode: true },
          flat: { style: "form", explode: false },
          raw: { allowReserved: true },
        }),
        "/multipart": operation("multipart/form-data", {
          doc: { contentType: "application/vnd.doc+json" },
          photo: { contentType: "image/png, image/jpeg" },
        }),
        "/related": operation("multipart/related"),
        "/text": operation("text/plain"),
        "/xml": operation("application/xml"),
        "/binary": operation("application/octet-stream"),
        "/image": operation("image/*"),
      },
    };
    source = createOpenApiSource("bodies", { spec, baseUrl: server.origin });
  });
  afterAll(() => source[Symbol.asyncDispose]());

  test.each<[path: string, body: Value, contentType: string, bytes: string]>([
    ["/json", { a: 1, b: undefined, c: null }, "application/json", '{"a":1,"c":null}'],
    ["/json", "text", "application/json", '"text"'],
    ["/json", null, "application/json", "null"],
    ["/json", { big: 12345678901234567890n }, "application/json", '{"big":12345678901234567890}'],
    [
      "/json",
      { at: new Date(0), bytes: new Uint8Array([255, 0]) },
      "application/json",
      '{"at":"1970-01-01T00:00:00.000Z","bytes":"/wA="}',
    ],
    ["/json", new Map([["k", new Set([1, 2])]]), "application/json", '{"k":[1,2]}'],
    ["/json", { ["__proto__"]: 1, toJSON: "x" }, "application/json", '{"__proto__":1,"toJSON":"x"}'],
    ["/patch", { a: null }, "application/merge-patch+json; charset=utf-8", '{"a":null}'],
    [
      "/form",
      { a: "b c", d: "é&=+*~", e: [1, 2], f: null },
      "application/x-www-form-urlencoded",
      "a=b+c&d=%C3%A9%26%3D%2B*%7E&e=1&e=2",
    ],
    [
      "/form",
      { deep: { a: { b: 1 }, c: [2] }, flat: [1, 2] },
      "application/x-www-form-urlencoded",
      "deep%5Ba%5D%5Bb%5D=1&deep%5Bc%5D%5B0%5D=2&flat=1,2",
    ],
    [
      "/form",
      { object: { a: 1 }, raw: "a/b c" },
      "application/x-www-form-urlencoded",
      "object=%7B%22a%22%3A1%7D&raw=a/b%20c",
    ],
    ["/text", "héllo\r\n", "text/plain", "héllo\r\n"],
    ["/xml", "<a/>", "application/xml", "<a/>"],
    ["/binary", new Uint8Array([1, 2, 3]), "application/octet-stream", "\u0001\u0002\u0003"],
    ["/image", new Uint8Array([1]), "application/octet-stream", "\u0001"],
  ])("%s %o", async (path, body, contentType, bytes) => {
    const request = await sent(source, `POST ${path}`, { body });
    expect(header(request, "content-type")).toBe(contentType);
    expect(request.body.toString()).toBe(bytes);
    expect(header(request, "content-length")).toBe(String(Buffer.byteLength(bytes)));
  });

  test("multipart parts carry their names, files and types", async () => {
    const request = await sent(source, "POST /multipart", {
      body: {
        'na"me': "text",
        list: ["a", "b"],
        doc: { a: 1 },
        object: { b: 2 },
        raw: new Uint8Array([0, 255]),
        photo: { data: new Uint8Array([1]), filename: 'p"h\r\noto.png', mimeType: "image/png" },
        none: null,
      },
    });
    const boundary = /^multipart\/form-data; boundary=(codemode-[\w-]+)$/.exec(
      header(request, "content-type") ?? "",
    )?.[1];
    expect(boundary).toBeDefined();
    const part = (...lines: string[]) => `--${boundary}\r\n${lines.join("\r\n")}\r\n`;
    expect(request.body.toString("latin1")).toBe(
      part('Content-Disposition: form-data; name="na%22me"', "", "text") +
        part('Content-Disposition: form-data; name="list"', "", "a") +
        part('Content-Disposition: form-data; name="list"', "", "b") +
        part(
          'Content-Disposition: form-data; name="doc"',
          "Content-Type: application/vnd.doc+json",
          "",
          '{"a":1}',
        ) +
        part(
          'Content-Disposition: form-data; name="object"',
          "Content-Type: application/json",
          "",
          '{"b":2}',
        ) +
        part(
          'Content-Disposition: form-data; name="raw"; filename="raw"',
          "Content-Type: application/octet-stream",
          "",
          "\u0000\u00ff",
        ) +
        part(
          'Content-Disposition: form-data; name="photo"; filename="p%22h%0D%0Aoto.png"',
          "Content-Type: image/png",
          "",
          "\u0001",
        ) +
        `--${boundary}--\r\n`,
    );
  });

  test.each<[path: string, body: Value, message: RegExp]>([
    ["/text", { a: 1 }, /takes text or a Uint8Array/],
    ["/form", [1], /takes an object/],
    ["/json", { a: Number.NaN }, /no number NaN/],
    ["/multipart", { f: { data: "x", mimeType: "text/plain\r\nX-Evil: 1" } }, /mimeType/],
    ["/json", undefined, /"body" is required/],
  ])("%s refuses %o", async (path, body, message) => {
    const before = server.requests.length;
    await expect(callSource(source, `POST ${path}`, { body })).rejects.toMatchObject({
      code: "tool_arguments_invalid",
      message: expect.stringMatching(message),
    });
    expect(server.requests).toHaveLength(before);
  });
});

describe("Swagger 2.0", () => {
  test("collectionFormat and form fields", async () => {
    const array = (name: string, collectionFormat?: string) => ({
      name,
      in: "query",
      type: "array",
      items: { type: "string" },
      ...(collectionFormat !== undefined && { collectionFormat }),
    });
    const spec = {
      swagger: "2.0",
      info: { title: "Old", version: "1" },
      host: "old.example",
      basePath: "/v2",
      consumes: ["application/json"],
      paths: {
        "/lists": {
          get: {
            operationId: "lists",
            parameters: [
              array("c"),
              array("m", "multi"),
              array("s", "ssv"),
              array("t", "tsv"),
              array("p", "pipes"),
            ],
            responses: {},
          },
        },
        "/form": {
          post: {
            operationId: "form",
            consumes: ["application/x-www-form-urlencoded"],
            parameters: [
              { name: "a", in: "formData", type: "string", required: true },
              {
                name: "l",
                in: "formData",
                type: "array",
                items: { type: "string" },
                collectionFormat: "multi",
              },
            ],
            responses: {},
          },
        },
        "/upload": {
          post: {
            operationId: "upload",
            parameters: [{ name: "f", in: "formData", type: "file" }],
            responses: {},
          },
        },
      },
    };
    await using source = createOpenApiSource("old", { spec, baseUrl: server.origin });
    const two = ["a b", "c"];
    expect((await sent(source, "lists", { c: two, m: two, s: two, t: two, p: two })).target).toBe(
      "/lists?c=a%20b,c&m=a%20b&m=c&s=a%20b%20c&t=a%20b%09c&p=a%20b%7Cc",
    );
    expect((await sent(source, "form", { body: { a: "1", l: ["x", "y"] } })).body.toString()).toBe(
      "a=1&l=x&l=y",
    );
    const upload = await sent(source, "upload", { body: { f: new Uint8Array([65]) } });
    expect(upload.body.toString()).toContain(
      'name="f"; filename="f"\r\nContent-Type: application/octet-stream\r\n\r\nA\r\n',
    );
  });
});
