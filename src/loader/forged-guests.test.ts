import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loaderEngines } from "../../test/fixtures/loader/loader-engines.ts";
import { type Going, toGoing } from "../../test/fixtures/loader/to-worker.ts";
import type { Engine } from "../spec/engine.ts";
import { createLoader, type Loader } from "./create-loader.ts";

const canary = "canary-93fa";

/** An engine whose guests take one call and then do what `body` says, as if the loader's side had been replaced. */
function rewritten(engine: Engine, body: string): Engine {
  const code = `export default async () => { const call = await codemode.next(); ${body} };`;
  return {
    name: engine.name,
    ready: () => engine.ready(),
    start: (program, ...rest) => engine.start({ ...program, code, modules: {} }, ...rest),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

describe.each(loaderEngines)("a worker that forges and reaches out on $name", ({ engine }) => {
  let loader: Loader;
  beforeAll(() => {
    loader = createLoader({ engine: engine(), limits: { cpuMs: 5_000, wallMs: 20_000, memoryMb: 64 } });
  });
  afterAll(() => loader[Symbol.asyncDispose]());

  it.each([
    ["answers a call that is not there", "await codemode.answer(1, 999);", "bridge_violation"],
    ["answers by a name of a prototype", "await codemode.answer(1, '__proto__');", "bridge_violation"],
    ["fails a call that is not there", "await codemode.fail({ message: 'x' }, -1);", "bridge_violation"],
    ["asks for two calls at once", "codemode.next(); await codemode.next();", "bridge_violation"],
    ["fails with what is no error", "await codemode.fail(null, call.id);", "worker_threw"],
    [
      "fails with fields that are none",
      "await codemode.fail({ name: 1n, message: [], stack: new Map() }, call.id);",
      "worker_threw",
    ],
    ["returns", "return 1;", "sandbox_died"],
    ["throws", "throw new Error('x');", "worker_threw"],
    [
      "poses as a limit",
      "throw Object.assign(new Error('x'), { code: 'cpu_limit', name: 'ToolError' });",
      "worker_threw",
    ],
  ])("that has rewritten the guest's side and %s is ended or refused", async (_, body, code) => {
    await using forged = createLoader({ engine: rewritten(engine(), body) });
    const error: unknown = await forged
      .load(toGoing(""))
      .getEntrypoint<Going>()
      .one()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
  });

  it.each([
    ["a function of a prototype", "codemode.bind(['constructor'])", "tool_not_found"],
    ["into a binding", "codemode.bind(['work', 'constructor'])", "tool_not_found"],
    ["with no path", "codemode.bind()", "tool_not_found"],
    ["with a path of other values", "codemode.bind([['work']])", "tool_not_found"],
    ["tools", "tools.github.list()", "tool_not_found"],
    ["what a run would have", "codemode.search('x')", "tool_not_found"],
    ["a path of several steps", "codemode.bind.work()", "tool_not_found"],
    [
      "fetch without an outbound",
      "codemode.fetch({ method: 'GET', url: 'http://x.test/', headers: [], body: null })",
      "unsupported",
    ],
  ])("that has rewritten the guest's side and calls %s gets nothing", async (_, call, code) => {
    await using forged = createLoader({
      engine: rewritten(
        engine(),
        `let code; try { await ${call}; } catch (e) { code = e.code; } await codemode.answer(code, call.id); await codemode.next();`,
      ),
    });
    const stub = forged.load(toGoing("", { env: { work: () => canary } }));
    expect(await stub.getEntrypoint<Going>().one()).toBe(code);
  });

  it("that answers twice is ended, the first answer standing", async () => {
    const body = "codemode.answer('first', call.id); await codemode.answer('second', call.id);";
    await using forged = createLoader({ engine: rewritten(engine(), body) });
    const entry = forged.load(toGoing("")).getEntrypoint<Going>();
    expect(await entry.one()).toBe("first");
    await expect(entry.one()).rejects.toMatchObject({ code: "bridge_violation" });
  });

  it.each([
    ["fetch", "await fetch(args[0]);"],
    ["WebSocket", "new WebSocket(args[0].replace('http', 'ws'));"],
    ["EventSource", "new EventSource(args[0]);"],
    ["XMLHttpRequest", "new XMLHttpRequest();"],
    ["import of a URL", "await import(args[0]);"],
    ["import of node", "await import('node' + ':net');"],
    ["import of sockets", "await import('cloudflare:sockets');"],
    ["require", "require('net');"],
    ["process", "process.binding('tcp_wrap');"],
    ["code from text", "await new Function('return import(\"node:net\")')();"],
    ["caches", "await caches.default.match(args[0]);"],
    ["a stylesheet of a request", "await new Request(args[0]).fetch();"],
  ])("reaches no network by %s", async (_, body) => {
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await using stub = loader.load(toGoing(body));
    const entry = stub.getEntrypoint<Going>();
    await expect(entry.go(`http://127.0.0.1:${port}/?${canary}`)).rejects.toMatchObject({
      code: expect.stringMatching(/^(unsupported|worker_threw|sandbox_died)$/),
    });
    expect(connections).toBe(0);
    server.close();
  });

  it.each([
    ["another scheme", '{ url: "file:///etc/passwd" }'],
    ["credentials", '{ url: "http://user:pass@x.test/" }'],
    ["no URL", "{ url: 7 }"],
    ["a method that smuggles", '{ method: "GET / HTTP/1.1\\r\\nX: y" }'],
    ["a header that smuggles", '{ headers: [["x-a", "b\\r\\nx-c: d"]] }'],
    ["headers that are none", '{ headers: [["x-a"]] }'],
    ["a body that is none", '{ method: "POST", body: { length: 3 } }'],
  ])("whose request has %s never meets its outbound", async (_, fields) => {
    let asked = 0;
    const outbound = (): Response => {
      asked++;
      return new Response(canary);
    };
    const body = `const request = { method: "GET", url: "http://x.test/", headers: [], body: null, ...${fields} };
      try { await codemode.fetch(request); } catch (e) { await codemode.answer(e.code, call.id); } await codemode.next();`;
    await using forged = createLoader({ engine: rewritten(engine(), body) });
    const stub = forged.load(toGoing("", { globalOutbound: outbound }));
    expect(await stub.getEntrypoint<Going>().one()).toBe("value_unsupported");
    expect(asked).toBe(0);
  });

  it("gets no body larger than its bound from its outbound", async () => {
    const outbound = {
      fetch: (request: Request) =>
        new Response(
          "x".repeat(Number(new URL(request.url).hash.slice(1) || new URL(request.url).pathname.slice(1))),
        ),
    };
    await using stub = loader.load(
      toGoing("const r = await fetch('http://x.test/' + args[0]); return (await r.text()).length;", {
        globalOutbound: outbound,
        limits: { valueBytes: 40_000 },
      }),
    );
    const entry = stub.getEntrypoint<Going>();
    expect(await entry.go(29_000)).toBe(29_000);
    await expect(entry.go(30_001)).rejects.toMatchObject({ code: "value_too_large" });
    expect(await entry.one()).toBe(1);
  });
});
