import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loaderEngines } from "../../test/fixtures/loader/loader-engines.ts";
import { type Going, toGoing } from "../../test/fixtures/loader/to-worker.ts";
import { createLoader, type Loader } from "./create-loader.ts";

describe.each(loaderEngines)("a hostile worker on $name", ({ engine }) => {
  let loader: Loader;
  beforeAll(() => {
    loader = createLoader({ engine: engine(), limits: { cpuMs: 400, wallMs: 20_000, memoryMb: 64 } });
  });
  afterAll(() => loader[Symbol.asyncDispose]());

  it.each([
    ["spins", "for (;;) {}", ["cpu_limit"]],
    ["spins after an await", "await env.nothing(); for (;;) {}", ["cpu_limit"]],
    [
      "spins in microtasks",
      "const f = () => Promise.resolve().then(f); await f(); await new Promise(() => {});",
      ["cpu_limit", "memory_limit"],
    ],
    ["never answers", "await new Promise(() => {});", ["wall_limit"]],
    ["waits for a binding that never answers", "await env.hang();", ["wall_limit"]],
    [
      "grows arrays",
      "const all = []; for (;;) all.push(new Array(1e5).fill(all.length));",
      ["memory_limit", "cpu_limit", "sandbox_died", "worker_threw"],
    ],
    [
      "takes buffers",
      "const all = []; for (;;) { try { all.push(new Uint8Array(8e6).fill(1)); } catch {} }",
      ["memory_limit", "cpu_limit", "sandbox_died", "worker_threw"],
    ],
    [
      "starts timers without end",
      "for (;;) { setTimeout(() => {}, 1e6); await null; }",
      ["timer_limit", "cpu_limit"],
    ],
    ["recurses", "const f = () => f() + 1; f();", ["worker_threw"]],
    ["answers with a promise that spins", "return { then(r) { for (;;) {} } };", ["cpu_limit"]],
  ])("%s and is stopped, and the next works", async (_, body, codes) => {
    const code = toGoing(body, {
      env: { nothing: () => undefined, hang: () => new Promise(() => {}) },
      limits: { timers: 200 },
    });
    const stub = loader.get("same", () => code);
    const entry = stub.getEntrypoint<Going>();
    const beside = entry.one();
    const wallMs = codes.includes("wall_limit") ? 1_000 : 20_000;
    const attacked = stub.getEntrypoint<Going>(null, { limits: { wallMs } });
    const error: unknown = await attacked.go().catch((thrown: unknown) => thrown);
    expect(codes).toContain(Reflect.get(Object(error), "code"));
    expect(await beside).toBe(1);
    expect(await entry.one()).toBe(1);
    await stub[Symbol.asyncDispose]();
  });

  it("spins once it has answered, and is stopped as well", async () => {
    await using stub = loader.load(
      toGoing(
        "Promise.resolve().then(async () => { for (let i = 0; i < 50; i++) await null; for (;;) {} }); return 1;",
      ),
    );
    const entry = stub.getEntrypoint<Going>();
    const first: unknown = await entry.go().catch((thrown: unknown) => Reflect.get(Object(thrown), "code"));
    expect([1, "cpu_limit"]).toContain(first);
    await expect
      .poll(() => entry.one().catch((thrown: unknown) => Reflect.get(Object(thrown), "code")), {
        timeout: 20_000,
      })
      .toBe("cpu_limit");
  });

  it("goes on only while it is called", async () => {
    let ticks = 0;
    await using stub = loader.load(
      toGoing("setInterval(() => env.tick(), 1); return 1;", { env: { tick: () => ++ticks } }),
    );
    const entry = stub.getEntrypoint<Going>();
    expect(await entry.go()).toBe(1);
    const before = ticks;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(ticks - before).toBeLessThan(5);
  });

  it("floods its bindings, which are called so often and so many at once", async () => {
    let calls = 0;
    let most = 0;
    let underWay = 0;
    const code = toGoing(
      "const all = await Promise.allSettled(Array.from({ length: args[0] }, () => env.work())); return all.map((each) => each.reason?.code ?? each.value);",
      {
        env: {
          work: async () => {
            calls++;
            most = Math.max(most, ++underWay);
            await new Promise((resolve) => setImmediate(resolve));
            underWay--;
            return "done";
          },
        },
        limits: { subRequests: 20, subRequestsInFlight: 3 },
      },
    );
    await using stub = loader.load(code);
    const entry = stub.getEntrypoint<Going>();
    expect(await entry.go(20)).toEqual(Array(20).fill("done"));
    expect([calls, most]).toEqual([20, 3]);
    const answers = (await entry.go(500)) as unknown[];
    expect(answers.filter((each) => each === "done")).toHaveLength(20);
    expect(new Set(answers)).toEqual(new Set(["done", "call_limit"]));
    expect(calls).toBe(40);
    const lower = stub.getEntrypoint<Going>(null, { limits: { subRequests: 2 } });
    expect(((await lower.go(5)) as unknown[]).filter((each) => each === "done")).toHaveLength(2);
  });

  it("is called so many times at once, and no more wait than may", async () => {
    await using stub = loader.load(
      toGoing("await env.hold();", {
        env: { hold: () => new Promise((resolve) => setTimeout(resolve, 300)) },
        limits: { callsInFlight: 1, callsWaiting: 1 },
      }),
    );
    const entry = stub.getEntrypoint<Going>();
    const settled = await Promise.allSettled([entry.go(), entry.go(), entry.go()]);
    expect(settled.map((each) => each.status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(settled[2]).toMatchObject({ reason: { code: "call_limit" } });
  });

  it("holds a binding after its end, which is called no more", async () => {
    let calls = 0;
    const stub = loader.load(
      toGoing(
        "env.work(); for (let i = 0; i < 20; i++) { setTimeout(() => env.work(), i); } await new Promise(() => {});",
        {
          env: { work: () => ++calls },
        },
      ),
    );
    const ended = stub
      .getEntrypoint<Going>()
      .go()
      .catch((thrown: unknown) => Reflect.get(Object(thrown), "code"));
    await expect.poll(() => calls, { timeout: 20_000 }).toBeGreaterThan(0);
    await stub[Symbol.asyncDispose]();
    const before = calls;
    expect(await ended).toBe("run_cancelled");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(calls).toBe(before);
  });

  it.each([
    ["a getter that spins", "return { get a() { for (;;) {} } };", "cpu_limit"],
    ["a proxy that throws", "return new Proxy({}, { ownKeys() { throw 1; } });", "value_unsupported"],
    ["a cycle", "const a = {}; a.a = a; return a;", "value_unsupported"],
    ["a function", "return { f() {} };", "value_unsupported"],
    ["200,000 levels", "let d = {}; for (let i = 0; i < 2e5; i++) d = { d }; return d;", "value_too_large"],
    ["a text of 12 MB", "return 'x'.repeat(12e6);", "value_too_large"],
    [
      "an error that lies",
      "throw new Proxy(new Error('x'), { get() { throw new Error('y'); }, getPrototypeOf() { throw 1; } });",
      "worker_threw",
    ],
    [
      "an error that poses",
      "throw Object.assign(new Error('x'), { name: 'CodemodeError', code: 'sandbox_died' });",
      "worker_threw",
    ],
  ])("answers with %s", async (_, body, code) => {
    await using stub = loader.load(toGoing(body, { limits: { cpuMs: 2_000 } }));
    const entry = stub.getEntrypoint<Going>();
    await expect(entry.go()).rejects.toMatchObject({ code });
  });

  it("answers with names of prototypes, which stay names", async () => {
    await using stub = loader.load(
      toGoing(
        `return JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');`,
      ),
    );
    const value = await stub.getEntrypoint<Going>().go();
    expect(Object.keys(Object(value))).toEqual(["__proto__", "constructor"]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("has bindings and values with names of prototypes, which are bindings and values", async () => {
    const env: Record<string, unknown> = JSON.parse('{"__proto__":{"x":1},"constructor":2}');
    env["toString"] = () => "bound";
    env["valueOf"] = { valueOf: () => "value" };
    await using stub = loader.load(
      toGoing(
        "return [Object.keys(env).sort(), env['__proto__'].x, await env.toString(), await env.valueOf.valueOf()];",
        { env },
      ),
    );
    expect(await stub.getEntrypoint<Going>().go()).toEqual([
      ["__proto__", "constructor", "toString", "valueOf"],
      1,
      "bound",
      "value",
    ]);
  });
});
