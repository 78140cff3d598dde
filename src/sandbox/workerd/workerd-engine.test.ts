import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GuestError, GuestOutcome } from "../../spec/engine.ts";
import type { Value } from "../../spec/value.ts";
import { runProgram, type RunProgramOptions } from "../../../test/fixtures/run-program.ts";
import { createWorkerdEngine } from "./create-workerd-engine.ts";

const engine = createWorkerdEngine();
beforeAll(async () => void (await engine.ready()));
afterAll(() => engine[Symbol.asyncDispose]());

const run = (code: string, options?: RunProgramOptions) => runProgram(engine, code, options);

async function valueOf(code: string, options?: RunProgramOptions): Promise<Value> {
  return completed((await run(code, options)).outcome);
}

function completed(outcome: GuestOutcome): Value {
  if (outcome.status === "failed") throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
  return outcome.value;
}

async function errorOf(code: string, options?: RunProgramOptions): Promise<GuestError> {
  const { outcome } = await run(code, options);
  if (outcome.status === "completed") throw new Error(`completed with ${JSON.stringify(outcome.value)}`);
  return outcome.error;
}

describe("calls", () => {
  test("leave in the order they were written, run in parallel, and settle in any order", async () => {
    const waiting: (() => void)[] = [];
    const { outcome, calls } = await run(
      `const names = ["a", "b", "c"];
       const order = [];
       const all = await Promise.all(names.map(async (n) => {
         const value = await tools.source[n]({ n });
         order.push(n);
         return value;
       }));
       return { all, order };`,
      {
        answer: ({ path }) =>
          new Promise((resolve) => {
            waiting.push(() => resolve(path.join(".")));
            if (waiting.length === 3) setImmediate(() => waiting.toReversed().forEach((answer) => answer()));
          }),
      },
    );
    expect(calls.map(({ seq, kind, path, line }) => ({ seq, kind, path, line }))).toEqual([
      { seq: 1, kind: "tool", path: ["source", "a"], line: 4 },
      { seq: 2, kind: "tool", path: ["source", "b"], line: 4 },
      { seq: 3, kind: "tool", path: ["source", "c"], line: 4 },
    ]);
    expect(completed(outcome)).toEqual({ all: ["source.a", "source.b", "source.c"], order: ["c", "b", "a"] });
  });

  test("one delivery's microtasks end before the next delivery begins", async () => {
    const { calls } = await run(
      `const chain = async (name, hops) => {
         await tools.t.first(name);
         for (let i = 0; i < hops; i++) await null;
         await tools.t.second(name);
       };
       await Promise.all([chain("long", 200), chain("short", 0)]);`,
    );
    expect(calls.map(({ args }) => args[0])).toEqual(["long", "short", "long", "short"]);
  });

  test("carry every documented value both ways", async () => {
    const value = {
      u: undefined,
      n: [Number.NaN, Infinity, -Infinity, -0],
      big: 2n ** 80n,
      at: new Date(5),
      bytes: new Uint8Array([1, 2, 255]),
      map: new Map<Value, Value>([["k", new Set<Value>([1, "two"])]]),
      tag: { $: ["date", 1] },
    };
    const { outcome, calls } = await run(
      `const got = await tools.a.b({ bytes: new Uint8Array([9]).buffer, m: new Map([[1, 2n]]) });
       const seen = got.at instanceof Date && got.map.get("k").has("two") && got.bytes[2] === 255;
       return { got, seen };`,
      { answer: () => value },
    );
    expect(calls[0]?.args).toEqual([{ bytes: new Uint8Array([9]), m: new Map([[1, 2n]]) }]);
    expect(completed(outcome)).toEqual({ got: value, seen: true });
  });

  test("that fail throw an error with code, hint and the snippet's line", async () => {
    const value = await valueOf(
      `try {
         await tools.a.b();
       } catch (e) {
         return [e instanceof ToolError, e instanceof Error, e.name, e.code, e.message, e.hint, e.stack];
       }`,
      { answer: () => Promise.reject(new Error("nope")) },
    );
    expect(value).toEqual([
      true,
      true,
      "ToolError",
      "tool_failed",
      "nope",
      "Try again.",
      expect.stringMatching(/^ToolError: nope\n\s+at .*snippet\.js:2:/),
    ]);
    const error = await errorOf("\n\n  await tools.a.b();", {
      answer: () => Promise.reject(new Error("nope")),
    });
    expect(error).toMatchObject({
      code: "tool_failed",
      message: "nope",
      hint: "Try again.",
      line: 3,
      column: 17,
    });
  });

  test.each([
    ["tools.a.b({ f() {} })", "value_unsupported", "args.f is a function"],
    ["tools.a.b({}, tools.a.c())", "value_unsupported", "args[1] is a Promise: await it first"],
    ["tools.a.b('x'.repeat(200))", "value_too_large", "args makes the value larger"],
    ["tools.a['x'.repeat(2000)]()", "tool_not_found", "path this long"],
  ])("that cannot leave fail readably: %s", async (code, expected, message) => {
    const { outcome, calls } = await run(`await ${code}`, { limits: { argumentBytes: 100 } });
    expect(outcome).toMatchObject({ error: { code: expected, message: expect.stringContaining(message) } });
    expect(calls.filter(({ path }) => path[1] === "b")).toEqual([]);
  });

  test("without an answer are bounded, and the guest hears of it", async () => {
    const { outcome, calls } = await run(
      `const all = await Promise.allSettled(Array.from({ length: 100_000 }, () => tools.a.b()));
       return [all.filter((r) => r.status === "fulfilled").length, all.at(-1).reason.code];`,
      { limits: { calls: 40, timers: 10 }, answer: () => 1 },
    );
    expect(calls).toHaveLength(50);
    expect(completed(outcome)).toEqual([50, "call_limit"]);
  });
});

describe("tools and codemode", () => {
  test.each([
    ["typeof tools.a.then", "undefined"],
    ["tools.a[Symbol.iterator]", undefined],
    ["(await tools.a) !== undefined", true],
    ["String(tools.constructor.constructor).length > 0", expect.anything()],
  ])("%s", async (code, expected) => {
    const { outcome, calls } = await run(`try { return ${code} } catch (e) { return e.message }`);
    expect(completed(outcome)).toEqual(expected);
    expect(calls.filter(({ path }) => !/^(toString|valueOf)$/.test(path.at(-1) ?? ""))).toEqual([]);
  });

  test.each(["Object.keys(tools)", "'a' in tools.b", "tools.a = 1", "({ ...tools })"])(
    "%s says to search",
    async (code) => {
      expect(await errorOf(`${code};`)).toMatchObject({
        code: "snippet_threw",
        message: expect.stringContaining("codemode.search"),
      });
    },
  );

  test("builtins are calls, steps run in place", async () => {
    const { outcome, calls } = await run(
      `const found = await codemode.search({ query: "x" });
       const made = await codemode.step("make", async () => found.q + 1);
       return [found, made];`,
      { answer: () => ({ q: 1 }) },
    );
    expect(calls).toMatchObject([{ kind: "builtin", path: ["search"], args: [{ query: "x" }] }]);
    expect(completed(outcome)).toEqual([{ q: 1 }, 2]);
  });
});

describe("errors", () => {
  test.each([
    ["\n  null.x", { code: "snippet_threw", message: /^TypeError: Cannot read/, line: 2, column: 8 }],
    [
      "\n\nconst f = () => { throw new RangeError('bad'); }\nf();",
      { code: "snippet_threw", message: "RangeError: bad", line: 3 },
    ],
    ["await Promise.all([(async () => { throw new Error('x') })()])", { code: "snippet_threw", line: 1 }],
    ["throw { a: [1] }", { code: "snippet_threw", message: "Thrown: { a: [1] }" }],
    ["throw undefined", { code: "snippet_threw", message: "Thrown: undefined" }],
    ["const x = ;", { code: "snippet_syntax", message: /SyntaxError: Unexpected token/, line: 1 }],
    ["process.env", { code: "snippet_threw", message: /process is not defined/, hint: /no process/ }],
    ["(function f() { f() })()", { code: "snippet_threw", message: /RangeError: Maximum call stack/ }],
    [
      "return { a: [() => 1] }",
      {
        code: "value_unsupported",
        message: "the result.a[0] is a function; only data can cross to the host.",
      },
    ],
    ["return tools.a", { code: "value_unsupported" }],
    ["return { p: Promise.resolve() }", { code: "value_unsupported", message: /await it first/ }],
  ])("%s", async (code, expected) => {
    const error = await errorOf(code);
    for (const [key, value] of Object.entries(expected)) {
      expect(error).toHaveProperty(key, value instanceof RegExp ? expect.stringMatching(value) : value);
    }
  });

  test("a module without a default function says so", async () => {
    expect(await errorOf("export default 5")).toMatchObject({
      message: expect.stringContaining("no default function"),
    });
  });
});

describe("imports are refused", () => {
  test.each([
    'import fs from "node:fs"; export default async () => 1',
    'export * from "cloudflare:workers"; export default async () => 1',
    'export { env } from "cloudflare:workers"; export default async () => 1',
    'import/**/"cloudflare:sockets"; export default async () => 1',
  ])("%s", async (code) => {
    expect(await errorOf(code)).toMatchObject({
      code: "snippet_syntax",
      message: "Snippets cannot import modules.",
      line: 1,
    });
  });

  test.each([
    'import("cloudflare:workers")',
    'import("no" + "de:fs")',
    "import(/* a */ `main.js`)",
    "import('snippet.js')",
  ])("%s", async (code) => {
    expect(await errorOf(`\n  await ${code}`)).toMatchObject({ code: "unsupported", line: 2, column: 9 });
  });

  test("the word in a string is no import", async () => {
    expect(await valueOf("return \"import(x) from 'y'\".length")).toBe(18);
  });
});

describe("what is not there", () => {
  test.each([
    "fetch('https://example.com')",
    "new WebSocket('ws://x')",
    "require('fs')",
    "eval('1')",
    "new WeakRef({})",
  ])("%s teaches", async (code) => {
    expect(await errorOf(code)).toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("not available"),
    });
  });

  test.each([
    "new Function('return 1')()",
    "(async () => {}).constructor('return 1')()",
    "[].at.constructor('return this')()",
  ])("%s is refused by the runtime", async (code) => {
    expect(await errorOf(code)).toMatchObject({
      message: expect.stringContaining("Code generation from strings"),
    });
  });

  test("globals are an allow-list", async () => {
    const names = await valueOf(
      `const names = [];
       for (let o = globalThis; o !== null && o !== Object.prototype; o = Object.getPrototypeOf(o)) names.push(...Reflect.ownKeys(o).map(String));
       return names.sort();`,
    );
    expect(names).toMatchSnapshot();
  });
});

describe("determinism", () => {
  const probe = `
    const a = [Date.now(), new Date().toISOString(), performance.now(), Date()];
    await tools.a.b();
    const b = [Date.now(), new Date().getTime(), performance.now(), new Intl.DateTimeFormat("en", { timeStyle: "long" }).format()];
    const parts = new Intl.DateTimeFormat().formatToParts().map((p) => p.value).join("");
    return { a, b, parts, random: [Math.random(), Math.random()], uuid: crypto.randomUUID(),
      bytes: crypto.getRandomValues(new Uint8Array(4)), zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      locale: Intl.NumberFormat().resolvedOptions().locale, ctor: new Date().constructor === Date, time: new Event("x").timeStamp };`;

  test("the clock advances with deliveries only, and the seed decides what is random", async () => {
    const options = { now: Date.UTC(2026, 4, 6, 7, 8, 9), tick: 1_500, seed: "one" };
    const first = await valueOf(probe, options);
    expect(first).toMatchObject({
      a: [options.now, "2026-05-06T07:08:09.000Z", 0, expect.stringContaining("07:08:09 GMT+0000")],
      b: [options.now + 1_500, options.now + 1_500, 1_500, "7:08:10 AM UTC"],
      parts: "5/6/2026",
      zone: "UTC",
      locale: "en-US",
      ctor: true,
      time: 0,
    });
    expect(await valueOf(probe, options)).toEqual(first);
    expect(await valueOf(probe, { ...options, seed: "two" })).not.toEqual(first);
  });

  test("web APIs that are there settle by microtasks alone", async () => {
    const settled = await valueOf(
      `const within = async (promise) => {
         let done = false;
         promise.then(() => (done = true), () => (done = true));
         for (let i = 0; i < 1000 && !done; i++) await null;
         return done;
       };
       const text = async (stream) => { let s = ""; for await (const c of stream) s += c; return s; };
       const source = () => new ReadableStream({ start(c) { c.enqueue("x"); c.close(); } });
       return await Promise.all([
         within(crypto.subtle.digest("SHA-256", new TextEncoder().encode("x"))),
         within(new Blob(["a"]).text()),
         within(new Blob(["a"]).arrayBuffer()),
         within(text(source())),
         within(text(source().pipeThrough(new TransformStream()))),
         within(text(source().pipeThrough(new TextEncoderStream()).pipeThrough(new TextDecoderStream()))),
       ]);`,
    );
    expect(settled).toEqual([true, true, true, true, true, true]);
  });

  test("timers are calls, fire in the host's order, and can be cleared", async () => {
    const { outcome, calls } = await run(
      `const seen = [];
       const never = setTimeout(() => seen.push("never"), 1);
       clearTimeout(never);
       setTimeout((a, b) => seen.push(a + b), 5, "x", "y");
       let ticks = 0;
       await new Promise((resolve) => { const id = setInterval(() => { if (++ticks === 3) { clearInterval(id); resolve(); } }, 1); });
       await new Promise((resolve) => setTimeout(resolve, 20));
       return { seen, ticks };`,
    );
    expect(completed(outcome)).toEqual({ seen: ["xy"], ticks: 3 });
    expect(calls.every(({ kind, path }) => kind === "timer" && path.length === 0)).toBe(true);
    expect(calls.map(({ args }) => args[0])).toEqual([1, 5, 1, 1, 1, 20]);
  });

  test("nothing of one run is left for the next", async () => {
    await run(
      `globalThis.left = 1; Array.prototype.map = () => "broken"; Object.prototype.polluted = 1; Math.max = () => 0;
       setInterval(() => {}, 1);
       return 1;`,
    );
    expect(await valueOf("return [typeof left, [1].map((x) => x), ({}).polluted, Math.max(1, 2)]")).toEqual([
      "undefined",
      [1],
      undefined,
      2,
    ]);
  });
});

describe("console", () => {
  test("has levels and shows values compactly", async () => {
    const { logs } = await run(
      `console.log("plain", 1, { a: [1, "two", null], m: new Map([["k", new Set([1])]]) });
       console.warn("%s is %d%%", "x", 5, "rest");
       const cycle = { name: "c" }; cycle.self = cycle;
       console.error(cycle, { get secret() { throw new Error("no"); } });
       console.debug(new Date(0), /x/g, () => 1, Promise.resolve(1), new Uint8Array(3), 5n, Symbol("s"), -0);
       console.info(Array.from({ length: 1000 }, (_, i) => i));
       console.group("g"); console.log("in"); console.groupEnd();
       console.log(new Proxy({}, { ownKeys() { throw new Error("trap"); } }));
       console.log(new TypeError("bad"));`,
    );
    expect(logs).toEqual([
      { level: "log", text: 'plain 1 { a: [1, "two", null], m: Map {"k" => Set {1}} }' },
      { level: "warn", text: "x is 5% rest" },
      { level: "error", text: '{ name: "c", self: [Circular] } { secret: [Getter] }' },
      {
        level: "debug",
        text: "1970-01-01T00:00:00.000Z /x/g [Function] [Promise: await it to see its value] [Uint8Array of 3 bytes] 5n Symbol(s) -0",
      },
      { level: "info", text: expect.stringMatching(/^\[0, 1, .* 99, … 900 more\]$/) },
      { level: "log", text: "g" },
      { level: "log", text: "  in" },
      { level: "log", text: "[Unreadable]" },
      { level: "log", text: expect.stringMatching(/^TypeError: bad\n\s+at .*snippet\.js:9:/) },
    ]);
  });

  test("keeps what was logged before the snippet was stopped", async () => {
    const { outcome, logs } = await run('console.log("before"); await tools.a.b(); for (;;);', {
      limits: { wallMs: 300 },
    });
    expect(outcome).toMatchObject({ error: { code: "wall_limit" } });
    expect(logs).toEqual([{ level: "log", text: "before" }]);
  });

  test("records a rejection that nobody handles, and goes on", async () => {
    const { outcome, logs } = await run(
      `Promise.reject(new Error("lost"));
       setTimeout(() => { throw new Error("thrown in a timer"); }, 0);
       await new Promise((resolve) => setTimeout(resolve, 5));
       return "fine";`,
    );
    expect(completed(outcome)).toBe("fine");
    expect(logs).toMatchObject([
      { level: "error", text: expect.stringContaining("Unhandled rejection: Error: lost") },
      { level: "error", text: expect.stringContaining("Uncaught Error: thrown in a timer") },
    ]);
  });
});
