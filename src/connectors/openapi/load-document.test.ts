/** A document at a URL that was fetched before: asked whether it has changed, and served while its server is away. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { listSource } from "../../../test/fixtures/openapi/call-source.ts";
import { openPets, petsDocument, serve } from "../../../test/fixtures/openapi/pets.ts";
import { header, type RecordingServer, type Reply } from "../../../test/fixtures/openapi/recording-server.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "openapi-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe("from a URL that was fetched before", () => {
  const text = JSON.stringify(petsDocument());
  const outages: readonly [string, Reply][] = [
    ["answers 500", { status: 500 }],
    ["answers 429", { status: 429 }],
    ["answers 503", { status: 503 }],
    ["hangs up", { hangUp: true }],
  ];

  /** One start of the product with what is kept there: what was asked, and what came of it. */
  async function start(server: RecordingServer, cacheFolder: string): Promise<string> {
    const source = openPets({ spec: `${server.origin}/openapi.json`, cacheFolder });
    await listSource(source).catch(() => undefined);
    const { state, details, reason = "" } = source.status();
    return [state, ...(details?.slice(1) ?? [reason])].join("; ");
  }

  test.each<[string, { [name: string]: string }, string, string]>([
    ["an ETag", { ETag: '"v1"', "Last-Modified": "x" }, "if-none-match", '"v1"'],
    [
      "a date",
      { "Last-Modified": "Sat, 21 Nov 2026 00:00:00 GMT" },
      "if-modified-since",
      "Sat, 21 Nov 2026 00:00:00 GMT",
    ],
  ])("asks with %s whether it has changed", async (_what, headers, name, value) => {
    const server = await serve((request) =>
      header(request, name) === value ? { status: 304 } : { body: text, headers },
    );
    const cacheFolder = await folder();
    expect(await start(server, cacheFolder)).toMatch(/^ready; document parsed, from/);
    expect(header(server.last(), name)).toBeUndefined();
    expect(await start(server, cacheFolder)).toMatch(/^ready; document loaded from its kept form, from/);
    expect(header(server.last(), name)).toBe(value);
    for (const file of await readdir(cacheFolder))
      if (!file.startsWith("url-")) await rm(join(cacheFolder, file));
    expect(await start(server, cacheFolder)).toMatch(/^ready; document parsed, from/);
  });

  test("takes the new text where it has changed", async () => {
    let title = "One";
    const server = await serve(() => ({
      body: JSON.stringify(petsDocument({ info: { title, version: "1" } })),
      headers: { ETag: `"${title}"` },
    }));
    const source = openPets({ spec: `${server.origin}/openapi.json`, cacheFolder: await folder() });
    expect((await listSource(source)).title).toBe("One");
    title = "Two";
    expect((await listSource(source)).title).toBe("Two");
  });

  test("sends what a server said to no other address", async () => {
    let moved = false;
    const server = await serve(({ target }) =>
      target === "/openapi.json" && moved
        ? { status: 302, headers: { Location: "/elsewhere.json" } }
        : { body: text, headers: { ETag: '"v1"' } },
    );
    const cacheFolder = await folder();
    await start(server, cacheFolder);
    moved = true;
    await start(server, cacheFolder);
    expect(server.last().target).toBe("/elsewhere.json");
    expect(header(server.last(), "if-none-match")).toBeUndefined();
  });

  test.each(outages)(
    "serves the copy fetched last while the server %s, and says so",
    async (_what, outage) => {
      let reply: Reply = { body: text };
      const server = await serve(() => reply);
      const cacheFolder = await folder();
      await start(server, cacheFolder);
      reply = outage;
      expect(await start(server, cacheFolder)).toMatch(
        /^ready; document loaded from its kept form, from .*; the copy fetched last is used: /,
      );
      reply = { body: text };
      expect(await start(server, cacheFolder)).not.toContain("fetched last");
    },
  );

  test("goes on through an outage with what it has in memory, and recovers", async () => {
    let reply: Reply = { body: text };
    const server = await serve(() => reply);
    const source = openPets({ spec: `${server.origin}/openapi.json`, cacheFolder: await folder() });
    await listSource(source);
    reply = { status: 502 };
    await listSource(source);
    expect(source.status().details?.join()).toContain("answered 502");
    reply = { body: text };
    await listSource(source);
    expect(source.status().details?.join()).not.toContain("fetched last");
  });

  test.each<[string, Reply]>([
    ["is gone", { status: 404 }],
    ["is forbidden", { status: 403 }],
    ["leads inside", { status: 302, headers: { Location: "http://127.0.0.1:1/" } }],
    ["is no description any more", { body: "{}" }],
  ])("fails where the document %s: that is for the operator to hear", async (_what, answer) => {
    let reply: Reply = { body: text };
    const server = await serve(() => reply);
    const cacheFolder = await folder();
    await start(server, cacheFolder);
    reply = answer;
    expect(await start(server, cacheFolder)).toMatch(/^failed; /);
  });

  test("fails in an outage without a copy", async () => {
    const server = await serve(() => ({ status: 503 }));
    expect(await start(server, await folder())).toMatch(/^failed; .*answered 503/);
  });
});
