import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { loaderEngines } from "../../test/fixtures/loader/loader-engines.ts";
import { refusal, toWorker } from "../../test/fixtures/loader/to-worker.ts";
import { createLoader } from "./create-loader.ts";

describe.each(loaderEngines)("HTTP of a loaded worker on $name", ({ engine }) => {
  const loader = createLoader({ engine: engine() });
  afterAll(() => loader[Symbol.asyncDispose]());

  it("answers fetch with a Response", async () => {
    const logs: string[] = [];
    await using worker = loader.load(
      toWorker(
        `export default { async fetch(request, env, ctx) {
           ctx.waitUntil(Promise.resolve().then(() => console.log("after", env.NAME)));
           const url = new URL(request.url);
           if (url.pathname === "/empty") return new Response(null, { status: 204, headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] });
           if (url.pathname === "/bytes") return new Response(new Uint8Array(await request.arrayBuffer()).reverse());
           if (url.pathname === "/none") return "text";
           return Response.json({ method: request.method, path: url.pathname, type: request.headers.get("content-type"), json: await request.json() }, { status: 201, headers: { "x-a": "b" } });
         } };`,
        { env: { NAME: "me" }, onLog: ({ text }) => logs.push(text) },
      ),
    );
    const entry = worker.getEntrypoint();
    const made = await entry.fetch("https://worker.test/path?q=1", {
      method: "POST",
      body: '{"x":[1]}',
      headers: { "content-type": "application/json" },
    });
    expect([made.status, made.headers.get("x-a"), made.headers.get("content-type")]).toEqual([
      201,
      "b",
      "application/json",
    ]);
    expect(await made.json()).toEqual({
      method: "POST",
      path: "/path",
      type: "application/json",
      json: { x: [1] },
    });
    const empty = await entry.fetch(new Request("https://worker.test/empty"));
    expect([empty.status, empty.body, empty.headers.getSetCookie()]).toEqual([204, null, ["a=1", "b=2"]]);
    const bytes = await entry.fetch("https://worker.test/bytes", {
      method: "PUT",
      body: new Uint8Array([1, 2, 255]),
    });
    expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(new Uint8Array([255, 2, 1]));
    expect(await refusal(entry.fetch("https://worker.test/none"))).toMatchObject({ code: "worker_threw" });
    expect(logs).toContain("after me");
  });

  it("sends requests by its outbound alone, each hop of a redirect anew, with credentials it never sees", async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      if (request.url === "/old") return response.writeHead(302, { location: "/new" }).end();
      response.writeHead(200, { "x-path": request.url }).end("hello");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await using worker = loader.load(
      toWorker(
        `export default { async get(url) {
           const request = new Request(url, { headers: { host: "evil", "x-mine": "1" } });
           const response = await fetch(request);
           return [response.status, response.redirected, response.url, await response.text(), request.headers.get("authorization")];
         } };`,
        {
          globalOutbound: (request) => {
            if (new URL(request.url).origin !== origin) return new Response("not that one", { status: 403 });
            const headers = new Headers(request.headers);
            headers.set("authorization", "Bearer canary");
            return fetch(request, { headers });
          },
        },
      ),
    );
    const { get } = worker.getEntrypoint<{ get(url: string): unknown[] }>();
    expect(await get(`${origin}/old`)).toEqual([200, true, `${origin}/new`, "hello", null]);
    expect(seen).toEqual(["GET /old Bearer canary", "GET /new Bearer canary"]);
    expect(await get("https://elsewhere.test/")).toEqual([
      403,
      false,
      "https://elsewhere.test/",
      "not that one",
      null,
    ]);
    server.close();
  });
});
